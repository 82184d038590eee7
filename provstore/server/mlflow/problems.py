"""Errors as MLflow's client expects them: `{"error_code", "message"}` with MLflow's own codes and status.

In: whatever a route under `/mlflow` raises, the door's refusals included. Out: that answer.
Source: mlflow.exceptions, ERROR_CODE_TO_HTTP_STATUS.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from provstore.errors import BackendUnavailable, BadInput, Conflict, Denied, NotFound, ProvstoreError, UsageError
from provstore.server.answers import json_bytes
from provstore.server.problems import Busy, TooLarge, Unauthenticated, UnknownCoding, bug, headers_of


class NotSupported(UsageError):
    """A call that MLflow knows, and this service does not answer."""


class NoSuchCall(UsageError):
    """A call that nobody knows."""


# The first class that an error is an instance of gives code and status.
CODES: Final[Sequence[tuple[type[ProvstoreError], str, int]]] = (
    (Unauthenticated, "UNAUTHENTICATED", 401),
    (Denied, "PERMISSION_DENIED", 403),
    (NotSupported, "NOT_IMPLEMENTED", 501),
    (NoSuchCall, "ENDPOINT_NOT_FOUND", 404),
    (TooLarge, "INVALID_PARAMETER_VALUE", 413),
    (UnknownCoding, "INVALID_PARAMETER_VALUE", 415),
    (NotFound, "RESOURCE_DOES_NOT_EXIST", 404),
    (Conflict, "RESOURCE_ALREADY_EXISTS", 400),
    (BadInput, "INVALID_PARAMETER_VALUE", 400),
    (UsageError, "INVALID_PARAMETER_VALUE", 400),
    (Busy, "REQUEST_LIMIT_EXCEEDED", 429),
    (BackendUnavailable, "TEMPORARILY_UNAVAILABLE", 503),
    (ProvstoreError, "INTERNAL_ERROR", 500),
)


class MlflowRoute(APIRoute):
    """A route whose errors, those of its dependencies too, are told in MLflow's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its errors turned into answers."""
        handle = super().get_route_handler()

        async def answering(request: Request) -> Response:
            try:
                return await handle(request)
            except ProvstoreError as error:
                return answer_of(error if error.code != "bug" else bug(error))
            except HTTPException as error:
                return answer_of(
                    TooLarge(str(error.detail)) if error.status_code == 413 else UsageError(str(error.detail))
                )
            except Exception as error:
                return answer_of(bug(error))

        return answering


def answer_of(error: ProvstoreError) -> Response:
    """The answer that tells an error."""
    code, status = next((code, status) for kind, code, status in CODES if isinstance(error, kind))
    parts = [error.message, f"({error.where})" if error.where else "", error.next_step or ""]
    body = {"error_code": code, "message": " ".join(part for part in parts if part)}
    return Response(json_bytes(body), status, headers_of(error), media_type="application/json")
