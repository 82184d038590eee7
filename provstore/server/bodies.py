"""Bodies of requests: bytes come in, perhaps packed; checked bytes, text lines and media types go out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from provstore.errors import BadInput
from provstore.server import codings
from provstore.server.middleware import too_large

_SIGN: Final = re.compile(rb"\S")


def media_type(request: Request) -> str:
    """The media type of the body, without parameters, lower case; "" when none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body(request: Request, max_bytes: int) -> bytes:
    """The whole body, unpacked.

    Raises: TooLarge: unpacked it is larger than `max_bytes`. UnknownCoding: packed in a way that is not known.
    BadInput: it is not packed as its header says.
    """
    parts = []
    async for part in unpacked(request, max_bytes):
        parts.append(part)
    return b"".join(parts)


async def unpacked(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    """The body in parts, unpacked as it comes. Raises: as `body`."""
    unpacker = codings.unpacker(", ".join(request.headers.getlist("content-encoding")))
    total = 0
    async for packed in _received(request):
        for number, part in enumerate(unpacker.unpack(packed)):
            if number:
                # Few packed bytes may hold very many: others get their turn in between.
                await asyncio.sleep(0)
            total += len(part)
            if total > max_bytes:
                raise too_large(max_bytes)
            if part:
                yield part
    unpacker.end()


async def _received(request: Request) -> AsyncIterator[bytes]:
    """The body in parts, as it comes. Raises: BadInput: the client went away before its end."""
    try:
        async for part in request.stream():
            yield part
    except ClientDisconnect:
        raise BadInput("the body ends in the middle: the client went away", where="body") from None


async def lines(request: Request, max_bytes: int, max_line_bytes: int) -> AsyncIterator[tuple[int, bytes]]:
    """The lines of the body that are not blank, with their numbers from 1.

    Raises: TooLarge: a line has more than `max_line_bytes`, or the body more than `max_bytes`.
    """
    number, begun = 0, bytearray()
    async for part in unpacked(request, max_bytes):
        ended = part.rfind(b"\n") + 1
        if ended:
            whole = bytes(begun + part[:ended])
            for before, line in _told(whole):
                yield number + before, line
            number += whole.count(b"\n")
            begun = bytearray(part[ended:])
        else:
            begun += part
        if len(begun) > max_line_bytes:
            raise too_large(max_line_bytes)
    if begun.strip():
        yield number + 1, bytes(begun)


def _told(whole: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1. Blank ones cost no step each: a few packed bytes may
    hold very many."""
    number, at = 1, 0
    while found := _SIGN.search(whole, at):
        number += whole.count(b"\n", at, found.start())
        begin, end = whole.rfind(b"\n", at, found.start()) + 1 or at, whole.index(b"\n", found.start())
        yield number, whole[begin:end]
        number, at = number + 1, end + 1
