"""Errors over HTTP: every error of provstore has a status, and the body is one object (docs/reference/http.md).

In: whatever a route raises. Out: `{"error": {"code", "message", "where", "next_step"}}`, never a traceback.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from provstore import errors
from provstore.errors import BackendUnavailable, Denied, NotFound, ProvstoreError, UsageError
from provstore.server.answers import json_bytes
from provstore.server.refusals import refusal

_LOG = logging.getLogger("provstore.server")
_RETRY_S: Final = 1
_FLAG: Final = re.compile(r"(?<![\w-])--([a-z][a-z-]*)")
_FIRST_FLAG: Final = re.compile(r"\A--([a-z][a-z-]*)(?=:|\Z)")


class Unauthenticated(Denied):
    """The request shows no valid token."""


class TooLarge(UsageError):
    """The request is larger than the service takes."""


class UnknownMedia(UsageError):
    """The service reads no such media type."""


class UnknownCoding(UnknownMedia):
    """The service reads no such content coding. Args: known: those that it reads."""

    def __init__(self, message: str, *, where: str, next_step: str, known: Sequence[str]):
        super().__init__(message, where=where, next_step=next_step)
        self.known = known


class NotAcceptable(UsageError):
    """The service writes no such media type or content coding."""


class WrongMethod(UsageError):
    """The path is known, but not with this method."""


class Busy(BackendUnavailable):
    """Too much is asked for now. Args: retry_after_s: when to come again."""

    def __init__(self, message: str, *, retry_after_s: float = _RETRY_S):
        super().__init__(message, next_step="Send the request again after the time in Retry-After.")
        self.retry_after_s = retry_after_s


# The first class that an error is an instance of gives the status.
STATUS: Final[Sequence[tuple[type[ProvstoreError], int]]] = (
    (Unauthenticated, 401),
    (Denied, 403),
    (TooLarge, 413),
    (UnknownMedia, 415),
    (NotAcceptable, 406),
    (WrongMethod, 405),
    (UsageError, 400),
    (NotFound, 404),
    (errors.Ambiguous, 409),
    (errors.Conflict, 409),
    (errors.BadInput, 422),
    (Busy, 429),
    (BackendUnavailable, 503),
    (ProvstoreError, 500),
)
_OF_FRAMEWORK: Final = {404: NotFound, 405: WrongMethod, 413: TooLarge}
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
_ROUTES: Final = "GET /api/v1/openapi.json describes every route."
SMALLER: Final = "Send it in parts, or run `provstore ingest` where the store is."
_NEXT_STEP: Final = {404: _ROUTES, 405: _ROUTES, 413: SMALLER}


def status_of(error: ProvstoreError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def answer_of(error: ProvstoreError) -> Response:
    """The answer that tells an error."""
    body = json_bytes({"error": {name: _of_a_request(name, value) for name, value in error.as_json().items()}})
    return Response(body, status_of(error), headers_of(error), media_type="application/json")


def _of_a_request(name: str, value: Any) -> Any:
    """A part of an error as a request speaks: a parameter has the name of the flag, in Python's spelling.

    Command lines stay as they are.
    """
    if not isinstance(value, str) or "provstore " in value or name == "code":
        return value
    flags = _FLAG if name == "next_step" else _FIRST_FLAG
    return flags.sub(lambda flag: flag[1].replace("-", "_"), value)


def headers_of(error: ProvstoreError) -> dict[str, str]:
    """What the headers of an answer tell of an error."""
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="provstore"'
    if isinstance(error, BackendUnavailable):
        headers["Retry-After"] = str(math.ceil(getattr(error, "retry_after_s", _RETRY_S)))
    if isinstance(error, UnknownCoding):
        # RFC 9110, section 12.5.3: so that it is not taken for a media type that is unknown.
        headers["Accept-Encoding"] = ", ".join(error.known)
    return headers


def bug(error: Exception) -> ProvstoreError:
    """The error to show for a bug: an id; what happened goes to the log under that id."""
    number = uuid4().hex[:12]
    _LOG.error("bug %s", number, exc_info=error)
    return ProvstoreError(f"bug {number}: {type(error).__name__}", next_step="The service's log has it under this id.")


def install(app: FastAPI) -> None:
    """Makes the app answer every error in this form; bugs are caught by `middleware.Watched`."""

    @app.exception_handler(ProvstoreError)
    async def of_provstore(_: Request, error: ProvstoreError) -> Response:
        return answer_of(error if error.code != "bug" else bug(error))

    @app.exception_handler(HTTPException)
    async def of_framework(request: Request, error: HTTPException) -> Response:
        kind = _OF_FRAMEWORK.get(error.status_code, UsageError)
        where, next_step = f"{request.method} {request.url.path}", _NEXT_STEP.get(error.status_code)
        answer = answer_of(kind(str(error.detail), where=where, next_step=next_step))
        answer.headers.update(error.headers or {})
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(_methods(request))
        return answer

    @app.exception_handler(RequestValidationError)
    async def of_parameters(_: Request, error: RequestValidationError) -> Response:
        return answer_of(wrong_parameters(error.errors()))


def _methods(request: Request) -> list[str]:
    """The methods that the path of a request is answered with (RFC 9110, section 15.5.6), of all its routes."""
    known = {
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    }
    return sorted(known | ({"HEAD"} if "GET" in known else set()))


def wrong_parameters(found: Sequence[Any]) -> UsageError:
    """The usage error of the first parameter that pydantic refuses."""
    first = found[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    name = first["loc"][-1]
    message = refusal([{**first, "loc": (name,)}], {name: first.get("input")}).message
    return UsageError(f"{message}{more}", where=where, next_step="GET /api/v1/openapi.json describes it.")
