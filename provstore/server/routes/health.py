"""Whether the service lives, whether it can work, and its figures."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from provstore.server.access import Calling, Rows, Serving
from provstore.server.answers import JsonAnswer
from provstore.server.metrics import CONTENT_TYPE

router = APIRouter(tags=["operation"])
ACCESS: Final[Rows] = {"GET /healthz": "open", "GET /readyz": "open", "GET /metrics": "operate"}


@router.get("/healthz", summary="The process lives")
async def healthz() -> Response:
    """Answers as long as the process does."""
    return JsonAnswer({"status": "ok"})


@router.get(
    "/readyz", summary="The ledger and the projection can work", responses={503: {"description": "One cannot."}}
)
def readyz(
    service: Serving,
    only: Annotated[Literal["ledger", "projection"] | None, Query(description="Look at this part alone.")] = None,
) -> Response:
    """The ledger and the projection apart: `ok`, `behind` (a graph that follows later) or `unavailable`."""
    state = service.state()
    parts = [only] if only else ["ledger", "projection"]
    is_ready = all(state[part] != "unavailable" for part in parts)
    return JsonAnswer({part: state[part] for part in parts}, status_code=200 if is_ready else 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(call: Calling) -> Response:
    """Requests, intake, projection lag, queue and cut answers, in the text format of Prometheus."""
    call.service.state()
    return Response(call.service.metrics.text(), media_type=CONTENT_TYPE)
