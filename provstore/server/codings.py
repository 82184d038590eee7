"""Content codings: how bytes are packed on their way, gzip (RFC 1952) and zstd (RFC 8878).

In: headers, and bytes in parts. Out: the coding to use, and the parts packed or unpacked, never a whole body.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from provstore.errors import BadInput
from provstore.server.problems import NotAcceptable, UnknownCoding
from provstore.server.weights import weighted

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY: Final = "identity"
# RFC 9110, section 8.4.1.3: they are one.
_SAME: Final = {"x-gzip": "gzip"}
_GZIP_BITS: Final = 16 + zlib.MAX_WBITS
# The weight of a plain answer that nobody names: below every one that can be written (three digits).
_LEAST: Final = 0.0001
# Half the time of level 9, and on answers of ours half a percent more bytes.
_GZIP_LEVEL: Final = 6
# A window of 2 MiB.
_ZSTD_LEVEL: Final = 3
# Who packs needs no more than 8 MiB at once, and who unpacks gives no more (RFC 9659).
_LARGEST_WINDOW: Final[Mapping[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}
# How much is unpacked at once: few packed bytes may hold very many.
_PART_BYTES: Final = 256 * 1024


class Packer(Protocol):
    """Packs a body."""

    def pack(self, part: bytes, *, is_last: bool) -> bytes:
        """All that is needed to unpack up to the end of this part."""


class Unpacker(Protocol):
    """Unpacks a body."""

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes hold, in parts. Raises: BadInput: they are not of the coding."""

    def end(self) -> None:
        """Raises: BadInput: something is missing."""


class _GzipPacker:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_BITS)

    def pack(self, part: bytes, *, is_last: bool) -> bytes:
        return self._stream.compress(part) + self._stream.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)


class _ZstdPacker:
    def __init__(self) -> None:
        self._stream = zstd.ZstdCompressor(level=_ZSTD_LEVEL)

    def pack(self, part: bytes, *, is_last: bool) -> bytes:
        return self._stream.compress(part, self._stream.FLUSH_FRAME if is_last else self._stream.FLUSH_BLOCK)


class _Plain:
    def unpack(self, packed: bytes) -> Iterator[bytes]:
        yield packed

    def end(self) -> None:
        pass


class _GzipUnpacker:
    def __init__(self) -> None:
        self._member: zlib._Decompress | None = None

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            if self._member is None or self._member.eof:
                # Several members, one after the other, are one gzip (RFC 1952, section 2.2).
                self._member = zlib.decompressobj(_GZIP_BITS)
            try:
                part = self._member.decompress(packed, _PART_BYTES)
            except zlib.error as error:
                raise BadInput(f"this is no gzip: {error}", where="body") from None
            packed = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            yield part

    def end(self) -> None:
        if self._member is not None and not self._member.eof:
            raise BadInput("the gzip body ends in the middle", where="body")


class _ZstdUnpacker:
    def __init__(self) -> None:
        self._frame: zstd.ZstdDecompressor | None = None

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            if self._frame is None or self._frame.eof:
                # Several frames, one after the other, are one zstd (RFC 8878, section 3).
                self._frame = zstd.ZstdDecompressor(options=_LARGEST_WINDOW)
            yield self._decompressed(self._frame, packed)
            while not (self._frame.eof or self._frame.needs_input):
                yield self._decompressed(self._frame, b"")
            packed = self._frame.unused_data

    def _decompressed(self, frame: zstd.ZstdDecompressor, packed: bytes) -> bytes:
        try:
            return frame.decompress(packed, _PART_BYTES)
        except zstd.ZstdError as error:
            raise BadInput(f"this is no zstd that can be read: {error}", where="body") from None

    def end(self) -> None:
        if self._frame is not None and not self._frame.eof:
            raise BadInput("the zstd body ends in the middle", where="body")


# The better one first.
_PACKERS: Final[Mapping[str, type[Packer]]] = {"zstd": _ZstdPacker, "gzip": _GzipPacker}
_UNPACKERS: Final[Mapping[str, type[Unpacker]]] = {
    "zstd": _ZstdUnpacker, "gzip": _GzipUnpacker, IDENTITY: _Plain, "": _Plain,
}  # fmt: skip
CODINGS: Final = tuple(_PACKERS)


def packer(coding: str) -> Packer:
    """Packs in one of `CODINGS`."""
    return _PACKERS[coding]()


def unpacker(content_encoding: str) -> Unpacker:
    """Unpacks what has this Content-Encoding. Raises: UnknownCoding: it is packed in another way, or more than once."""
    coding = content_encoding.strip().lower()
    found = _UNPACKERS.get(_SAME.get(coding, coding))
    if found is None:
        raise UnknownCoding(
            f"a body packed as {coding!r} is not read",
            where="Content-Encoding",
            next_step=f"Send it plain, or as {' or '.join(CODINGS)}.",
            known=CODINGS,
        )
    return found()


class Chosen(NamedTuple):
    """How an answer may go out: packed in `coding` (None: as it is), and whether nothing else is taken."""

    coding: str | None
    only: bool


def chosen(accept_encoding: str | None) -> Chosen:
    """What an Accept-Encoding header prefers; zstd, then gzip, then the plain answer among equals.

    Raises: NotAcceptable: it takes none of them. Source: RFC 9110, section 12.5.3.
    """
    if accept_encoding is None:
        return Chosen(None, False)
    named = {_SAME.get(name, name): weight for name, weight in weighted(accept_encoding)}
    others = named.get("*")
    weights = {coding: named.get(coding, others or 0.0) for coding in CODINGS}
    # The plain answer is taken even by who does not name it, unless it is refused; what is named goes before it.
    weights[IDENTITY] = named.get(IDENTITY, _LEAST if others is None else others)
    best = max(weights, key=weights.__getitem__)
    if not weights[best]:
        raise NotAcceptable(
            f"no answer is packed as {accept_encoding!r} asks for", where="Accept-Encoding",
            next_step="Known: " + ", ".join(weights),
        )  # fmt: skip
    return Chosen(None if best == IDENTITY else best, not weights[IDENTITY])
