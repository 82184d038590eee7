"""PROV documents: taken in in any format by Content-Type, given back in any format by Accept."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from provstore.server import media
from provstore.server.access import Calling, IdempotencyKey, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.asking import has_already, reading, validators
from provstore.server.bodies import body, media_type
from provstore.server.intake import Origin, deliver, document_of
from provstore.server.reading import rendered_document
from provstore.server.validated import Validate
from provstore.server.validated import chosen as chosen_strictness
from provstore.store.receipt import IntakeReceipt

router = APIRouter(tags=["documents"])
ACCESS: Final[Rows] = {
    "POST /api/v1/documents": "write",
    "GET /api/v1/documents/{id}": "export",
}
Space = Annotated[str | None, Query(description="The space (rule 6); none: the token's only one, or the default.")]
_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": media.described(media.EXAMPLE)}}


@router.post("/api/v1/documents", status_code=201, summary="Take in a PROV document", openapi_extra=_BODY)
async def take_in(
    call: Calling,
    request: Request,
    space: Space = None,
    unit: Annotated[str | None, Query(description="What it speaks for (rule 7).", max_length=2_000)] = None,
    mode: Literal["snapshot", "event"] = "snapshot",
    event_time: Annotated[str | None, Query(description="When it was so; an event needs it.")] = None,
    validate: Validate = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The receipt, once the document is on disk: 201 when it is new, 200 when it was stored already."""
    chosen = media.format_of(media_type(request))
    origin = Origin(
        space=call.caller.space_to_write(space, call.service.settings.space), actor=call.caller.name,
        key=idempotency_key, unit=unit, mode=mode, event_time=event_time,
    )  # fmt: skip
    server = call.service.server
    raw = await body(request, server.max_body_bytes)
    document, warnings = await run_in_threadpool(document_of, raw, chosen, origin, max_records=server.max_records)
    receipt = IntakeReceipt(path="body", format=chosen.name, sha256=document.header.raw_sha256, warnings=warnings)
    await deliver(call, [document], receipt, chosen_strictness(call, validate))
    return JsonAnswer(receipt.as_json(), status_code=201 if receipt.new_documents else 200)


@router.get(
    "/api/v1/documents/{id}",
    summary="A document, equal to what came in",
    response_class=Response,
    responses={200: {"content": media.written()}},
)
def give_out(
    call: Calling,
    id: str,
    accept: Annotated[str, Header(description="The media type of any PROV format.")] = "*/*",
) -> Response:
    """In the format that Accept prefers, PROV-JSON by default. What a format cannot hold is in `Provstore-Loss`."""
    chosen, spaces = media.accepted(accept), call.caller.spaces
    with reading(call, heavy=False) as store:
        headers = validators(call, store, spaces)
        if has_already(call, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        answer: Response = call.service.views.answer(
            store, spaces, lambda asking: rendered_document(asking, id, chosen)
        )
    answer.headers.update(headers)
    return answer
