"""What surrounds every route: hosts, the cap on bodies, security headers, figures, the access log, and bugs."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Collection, Mapping
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provstore.errors import BackendUnavailable, ProvstoreError, UsageError
from provstore.server.access_log import Noted
from provstore.server.media import LINES
from provstore.server.problems import SMALLER, TooLarge, answer_of, bug
from provstore.server.service import Service
from provstore.server.tokens import PREFIX

_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TOO_MANY: Final = 429
_AGAIN: Final = "Send the request again when it is back."
# Who sends a token in the address shows it to whoever reads the log.
_TOKEN: Final = re.compile(rf"{PREFIX}[\w-]+", re.ASCII)
_TLS: Final = {"Strict-Transport-Security": "max-age=31536000"}


class Watched:
    """Notes and counts each request before its answer begins, adds security headers, and answers bugs."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._headers = _SAFE | (_TLS if service.server.tls_certificate else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        sending = _Sending(scope, send, self)
        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            # The service stops, and waited for this request as long as it waits for any.
            if sending.begun:
                raise
            await answer_of(BackendUnavailable("the service stops", next_step=_AGAIN))(scope, receive, sending)
        except Exception as error:
            if sending.begun:
                raise
            await answer_of(bug(error))(scope, receive, sending)

    def begin(self, scope: Scope, message: Message, started: float) -> None:
        """Notes the request, and completes the answer's headers. Raises: BackendUnavailable: it cannot be noted."""
        state, status = scope["state"], message["status"]
        method, _, route = state.get("route", "OTHER other").partition(" ")
        self._service.metrics.requests.labels(method, route, status).inc()
        self._service.metrics.seconds.labels(route).observe(time.perf_counter() - started)
        if _is_noted(state, status):
            self._service.access_log.note(
                Noted(
                    state.get("caller"), state["action"], scope["method"], _whole_path(scope), status, _address(scope)
                )
            )
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)


class _Sending:
    """Sends an answer, unless its request could not be noted: then it sends that error."""

    def __init__(self, scope: Scope, send: Send, watched: Watched) -> None:
        self._scope, self._send, self._watched = scope, send, watched
        self._started = time.perf_counter()
        self._refused = False
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            try:
                self._watched.begin(self._scope, message, self._started)
            except ProvstoreError as error:
                self._refused = True
                await answer_of(error)(self._scope, _nothing, self._send)
        if not self._refused:
            await self._send(message)


def _is_noted(state: Mapping[str, Any], status: int) -> bool:
    """False for what reads and writes nothing: no route, one that is open, or nobody known who asks too often.

    Without that anybody could fill the log.
    """
    if state.get("action", "open") == "open":
        return False
    return status != _TOO_MANY or "caller" in state


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _address(scope: Scope) -> str | None:
    client = scope.get("client")
    return client[0] if client else None


def _whole_path(scope: Scope) -> str:
    """Path and query as they were sent, but for tokens."""
    query = scope.get("query_string", b"").decode("latin-1")
    path: str = scope.get("raw_path", b"").decode("latin-1")
    return _TOKEN.sub(f"{PREFIX}...", f"{path}?{query}" if query else path)


class KnownHosts:
    """Refuses requests that were sent to another name, such as by a web page that rebinds its own (DNS rebinding)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).get("host", "")):
            error = UsageError(
                "the service does not answer to this host name",
                where="Host",
                next_step="Add it to the setting allowed_hosts.",
            )
            await answer_of(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return "*" in self._hosts or name.lower() in self._hosts


class Head:
    """Answers HEAD wherever GET is answered (RFC 9110, section 9.3.2); the server beneath sends no body then."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


class BodyLimit:
    """Refuses a body that is larger than the cap: at once when its length is told, else where it passes the cap.

    Args: streamed: paths whose lines are taken one by one, with a cap of their own. files: what the paths of files
    begin with that are sent by PUT, with theirs.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, streamed: Collection[str], max_stream_bytes: int,
        files: tuple[str, ...] = (), max_file_bytes: int = 0,
    ) -> None:  # fmt: skip
        self._app = app
        self._max_bytes = max_bytes
        self._streamed = frozenset(streamed)
        self._max_stream_bytes = max_stream_bytes
        self._files, self._max_file_bytes = files, max_file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cap = self._cap(scope, headers)
        told = headers.get("content-length", "")
        if told.isdigit() and int(told) > cap:
            await answer_of(too_large(cap))(scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > cap:
                raise HTTPException(413, too_large(cap).message)
            return message

        await self._app(scope, limited, send)

    def _cap(self, scope: Scope, headers: Headers) -> int:
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["path"] in self._streamed and media in LINES:
            return self._max_stream_bytes
        is_file = scope["method"] == "PUT" and scope["path"].startswith(self._files)
        return self._max_file_bytes if is_file else self._max_bytes


def too_large(cap: int) -> TooLarge:
    """The error of a body of more than `cap` bytes."""
    return TooLarge(f"the body is larger than {cap:,} bytes", next_step=SMALLER)
