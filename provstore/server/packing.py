"""Packs answers for those who take them packed (RFC 9110, sections 8.4 and 12.5.3), part by part as they come."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provstore.server import codings
from provstore.server.codings import Chosen, Packer
from provstore.server.problems import NotAcceptable, answer_of

# Less than a packet holds: packing it saves nobody anything.
_SMALLEST_BYTES: Final = 1_000
# So much holds others up while it is packed.
_THREAD_BYTES: Final = 128 * 1024
_PARTIAL: Final = 206
_NOT_MODIFIED: Final = 304


class Packing:
    """Packs each answer in the coding that its request prefers, unless it is short or does not get shorter."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Lines of one name are one list (RFC 9110, section 5.3).
        named = Headers(scope=scope).getlist("accept-encoding")
        try:
            chosen = codings.chosen(", ".join(named) if named else None)
        except NotAcceptable as error:
            await answer_of(error)(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(send, chosen))


class _Answer:
    """Sends an answer; its head waits for the first part of the body, which tells whether packing is worth it."""

    def __init__(self, send: Send, chosen: Chosen) -> None:
        self._send, self._chosen = send, chosen
        self._head: Message | None = None
        self._packer: Packer | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        if self._head is not None:
            head, self._head = self._head, None
            message = await self._begin(head, message)
        elif self._packer is not None:
            message = await _packed(self._packer, message)
        await self._send(message)

    async def _begin(self, head: Message, first: Message) -> Message:
        """Sends the head; the first part of the body as it is to be sent."""
        headers = MutableHeaders(scope=head)
        if head["status"] == _PARTIAL or "content-encoding" in headers:
            await self._send(head)
            return first
        if first.get("body") or head["status"] == _NOT_MODIFIED:
            headers.add_vary_header("Accept-Encoding")
        if self._chosen.coding is not None and self._is_worth(first):
            packer = codings.packer(self._chosen.coding)
            packed = await _packed(packer, first)
            if self._is_shorter(packed, first):
                self._packer = packer
                _tell(headers, self._chosen.coding, packed)
                first = packed
        await self._send(head)
        return first

    def _is_worth(self, first: Message) -> bool:
        is_short = len(first.get("body", b"")) < _SMALLEST_BYTES and not first.get("more_body", False)
        return not is_short or (self._chosen.only and bool(first.get("body")))

    def _is_shorter(self, packed: Message, first: Message) -> bool:
        """False for what is packed already, such as images and archives; few bytes at first do not tell."""
        size = len(first.get("body", b""))
        return self._chosen.only or size < _SMALLEST_BYTES or len(packed["body"]) < size


def _tell(headers: MutableHeaders, coding: str, packed: Message) -> None:
    """Says in the head of an answer that it is packed."""
    headers["Content-Encoding"] = coding
    del headers["Content-Length"]
    if not packed.get("more_body", False):
        headers["Content-Length"] = str(len(packed["body"]))
    tag = headers.get("etag", "W/")
    if not tag.startswith("W/"):
        # A strong tag is of the very bytes (RFC 9110, section 8.8.3.3).
        headers["ETag"] = f"W/{tag}"


async def _packed(packer: Packer, message: Message) -> Message:
    """The part of an answer, packed so that all of it can be unpacked at once."""
    part, is_last = message.get("body", b""), not message.get("more_body", False)
    if len(part) < _THREAD_BYTES:
        return {**message, "body": packer.pack(part, is_last=is_last)}
    return {**message, "body": await run_in_threadpool(packer.pack, part, is_last=is_last)}
