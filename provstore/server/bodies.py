"""Bodies of requests: bytes come in, perhaps packed; checked bytes, text lines and media types go out."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from provstore.errors import BadInput
from provstore.server.middleware import too_large
from provstore.server.problems import UnknownMedia

_GZIP: Final = 16 + zlib.MAX_WBITS


def media_type(request: Request) -> str:
    """The media type of the body, without parameters, lower case; "" when none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body(request: Request, max_bytes: int) -> bytes:
    """The whole body, unpacked.

    Raises: TooLarge: unpacked it is larger than `max_bytes`. UnknownMedia: packed in another way than gzip. BadInput:
    it is no gzip.
    """
    parts = []
    async for part in unpacked(request, max_bytes):
        parts.append(part)
    return b"".join(parts)


async def unpacked(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    """The body in parts, unpacked as it comes. Raises: as `body`."""
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise UnknownMedia(f"a body packed as {packing!r} is not read", next_step="Send it plain, or as gzip.")
    unpacker = zlib.decompressobj(_GZIP) if "gzip" in packing else None
    total, begun = 0, False
    async for packed in _received(request):
        rest, begun = packed, begun or bool(packed)
        while rest:
            if unpacker is not None and unpacker.eof:
                # Several members, one after the other, are one gzip (RFC 1952, section 2.2).
                unpacker = zlib.decompressobj(_GZIP)
            part, rest = (rest, b"") if unpacker is None else _unpack(unpacker, rest, max_bytes - total + 1)
            total += len(part)
            if total > max_bytes:
                raise too_large(max_bytes)
            if part:
                yield part
    if unpacker is not None and begun and not unpacker.eof:
        raise BadInput("the gzip body ends in the middle", where="body")


async def _received(request: Request) -> AsyncIterator[bytes]:
    """The body in parts, as it comes. Raises: BadInput: the client went away before its end."""
    try:
        async for part in request.stream():
            yield part
    except ClientDisconnect:
        raise BadInput("the body ends in the middle: the client went away", where="body") from None


def _unpack(unpacker: zlib._Decompress, packed: bytes, most: int) -> tuple[bytes, bytes]:
    """At most `most` bytes, and what is not unpacked yet. Raises: BadInput."""
    try:
        part = unpacker.decompress(packed, most)
        return part, unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error as error:
        raise BadInput(f"this is no gzip: {error}", where="body") from None


async def lines(request: Request, max_bytes: int, max_line_bytes: int) -> AsyncIterator[tuple[int, bytes]]:
    """The lines of the body that are not blank, with their numbers from 1.

    Raises: TooLarge: a line has more than `max_line_bytes`, or the body more than `max_bytes`.
    """
    number, begun = 0, b""
    async for part in unpacked(request, max_bytes):
        *whole, begun = (begun + part).split(b"\n")
        for line in whole:
            number += 1
            if line.strip():
                yield number, line
        if len(begun) > max_line_bytes:
            raise too_large(max_line_bytes)
    if begun.strip():
        yield number + 1, begun
