"""MLflow's tracking API under `/mlflow`, so that its client works unchanged: calls, artifacts, what the server can do.

The space is that of the header `X-MLFLOW-WORKSPACE`, which the client sends for `MLFLOW_WORKSPACE`, else the token's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from threading import Lock
from typing import Annotated, Any, Final
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from provstore.errors import BadInput, UsageError
from provstore.importers.strict_json import loads
from provstore.server.access import FOREIGN_TAG, Calling, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.bodies import body, media_type, unpacked
from provstore.server.mlflow import files
from provstore.server.mlflow.calls import API, ARTIFACTS, CALLS, Call
from provstore.server.mlflow.described import described, is_described, parameters
from provstore.server.mlflow.problems import MlflowRoute, NoSuchCall
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking
from provstore.server.mlflow.units import Units
from provstore.server.service import Service

router = APIRouter(tags=[FOREIGN_TAG], route_class=MlflowRoute)
_REST: Final = "/mlflow/{rest:path}"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_INFO: Final = "/mlflow/api/3.0/mlflow/server-info"
_WORKSPACE: Final = "x-mlflow-workspace"
ACCESS: Final[Rows] = {
    **{f"{method} {API}{one.path}": one.action for one in CALLS for method in one.methods},
    f"GET {ARTIFACTS}": "read",
    f"GET {ARTIFACTS}/{{path:path}}": "read",
    f"PUT {ARTIFACTS}/{{path:path}}": "write",
    f"GET {_INFO}": "read",
    **{f"{method} {_REST}": "read" for method in _METHODS},
}
_units: WeakKeyDictionary[Service, Units] = WeakKeyDictionary()
_lock: Final = Lock()


def tracking(call: Calling) -> Tracking:
    """MLflow's store as the caller sees it. Raises: NotFound, UsageError: as `Caller.space_to_write`."""
    with _lock:
        units = _units.setdefault(call.service, Units(call.service))
    workspace = call.request.headers.get(_WORKSPACE)
    try:
        space = call.caller.space_to_write(workspace or None, call.service.settings.space)
    except UsageError as error:
        raise UsageError(error.message, next_step="Set MLFLOW_WORKSPACE to the name of a space.") from None
    return Tracking(call.service, units, space, call.caller.name, time.monotonic() + call.service.readers.limit_s)


async def arguments(call: Calling, request: Request) -> Arguments:
    """The arguments of a call: its JSON body, or its query; a name that comes again in a query makes a list."""
    raw = await body(request, call.service.server.max_body_bytes)
    values: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        values[name] = [*_listed(values[name]), value] if name in values else value
    if raw.strip():
        if request.method != "GET" and media_type(request) != "application/json":
            raise BadInput("Bad Request. Content-Type must be one of ['application/json'].", where="Content-Type")
        told = loads(raw, where="body")
        if not isinstance(told, dict):
            raise BadInput("a JSON object is expected", where="body")
        values |= told
    return Arguments(values | request.path_params)


Tracked = Annotated[Tracking, Depends(tracking)]
Given = Annotated[Arguments, Depends(arguments)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _answering(one: Call) -> Callable[..., Response]:
    def answered(tracked: Tracked, given: Given) -> Response:
        with tracked.service.heavy.one() if one.is_heavy else nullcontext():
            return JsonAnswer(one.answer(tracked, given))

    return answered


for _one in CALLS:
    for _method in _one.methods:
        router.add_api_route(
            API + _one.path,
            _answering(_one),
            methods=[_method],
            summary=f"MLflow: {_one.path}",
            include_in_schema=is_described(_method, _one.path),
            openapi_extra=described(_method, _one.path),
        )


_FILES: Final[dict[str, Any]] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_IN_QUERY: Final = {"name": "path", "in": "query", "required": True, "schema": {"type": "string"}}


@router.get(
    ARTIFACTS, summary="MLflow: artifacts below a path", openapi_extra={"parameters": [*parameters(""), _IN_QUERY]}
)
def list_artifacts(tracked: Tracked, given: Given) -> Response:
    """Names, and sizes of files."""
    return JsonAnswer(files.list_below(tracked, given))


@router.get(
    f"{ARTIFACTS}/{{path:path}}",
    summary="MLflow: one artifact",
    response_class=FileResponse,
    responses={200: {"content": _FILES}},
    openapi_extra={"parameters": parameters("")},
)
def give_artifact(tracked: Tracked, path: str) -> Response:
    """Its bytes."""
    digest = files.digest_of(files.place(tracked, path))
    return FileResponse(_bytes(tracked.service).path(digest), media_type="application/octet-stream")


@router.put(
    f"{ARTIFACTS}/{{path:path}}",
    summary="MLflow: keep an artifact",
    openapi_extra={"parameters": parameters(""), "requestBody": {"required": True, "content": _FILES}},
)
async def take_artifact(call: Calling, tracked: Tracked, path: str, request: Request) -> Response:
    """2xx once its bytes, and that its run or model has them, are on disk."""
    where = await run_in_threadpool(files.place, tracked, path)
    files.require_path(where.path)
    with _bytes(call.service).receive() as incoming:
        async for part in unpacked(request, call.service.server.max_artifact_bytes):
            await run_in_threadpool(incoming.add, part)
        digest = await run_in_threadpool(incoming.keep)
    await run_in_threadpool(files.stored, tracked, where, digest, incoming.size)
    return JsonAnswer({})


@router.get(_INFO, summary="MLflow: what the service can do")
def server_info(call: Calling) -> Response:
    """Workspaces are spaces; files come and go through the service itself."""
    return JsonAnswer({"store_type": "provstore", "workspaces_enabled": True})


def other(call: Calling, rest: str) -> Response:
    """Refused in MLflow's form."""
    raise NoSuchCall(f"this service does not answer {call.request.method} {rest[:200]}")


for _method in _METHODS:
    router.add_api_route(_REST, other, methods=[_method], summary="MLflow: any other call", include_in_schema=False)


def _bytes(service: Service) -> files.Bytes:
    return files.Bytes(service.server.mlflow_artifacts)
