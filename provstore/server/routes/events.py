"""provstore's own events: runs, transformations and artifacts, in batches or line by line."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from provstore.errors import Conflict, ProvstoreError
from provstore.model.document import Document
from provstore.server.access import Call, Calling, IdempotencyKey, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.bodies import body, lines, media_type
from provstore.server.events import models, reading
from provstore.server.intake import Origin, deliver, require_records
from provstore.server.media import LINES
from provstore.server.problems import UnknownMedia
from provstore.server.validated import Validate, chosen
from provstore.settings import Strictness
from provstore.store.receipt import IntakeReceipt

router = APIRouter(tags=["events"])
ACCESS: Final[Rows] = {"POST /api/v1/events": "write", "GET /api/v1/schemas/events": "read"}
_FORMAT: Final = "provstore-events"
# A body that is smaller is read where it is: a thread costs more.
_SMALL_BYTES: Final = 32_768
_BATCH_DOCUMENTS: Final = 500
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Batch"}, "example": models.EXAMPLE},
            LINES[0]: {"schema": {"type": "string", "description": "One event a line, any number of them."}},
        },
    }
}


@router.post(
    "/api/v1/events", status_code=201, summary="Take in runs, transformations and artifacts", openapi_extra=_BODY
)
async def events(
    call: Calling,
    request: Request,
    space: Annotated[str | None, Query(description="The space; none: the token's only one, or the default.")] = None,
    validate: Validate = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """The receipt, once all events are on disk: 201 when something is new, 200 when all of it was stored already.

    A batch is stored as a whole or not at all. Of lines, what came before a bad one is stored, and the error says so.
    """
    writes_to = call.caller.space_to_write(space, call.service.settings.space)
    origin = Origin(space=writes_to, actor=call.caller.name, key=idempotency_key)
    receipt = IntakeReceipt(path="body", format=_FORMAT)
    how = chosen(call, validate)
    match media_type(request):
        case "application/json":
            await _batch(call, request, origin, receipt, how)
        case lines_type if lines_type in LINES:
            await _lines(call, request, origin, receipt, how)
        case other:
            raise UnknownMedia(
                f"{other!r} holds no events", where="Content-Type", next_step=f"Send application/json or {LINES[0]}."
            )
    return JsonAnswer(receipt.as_json(), status_code=201 if receipt.new_documents else 200)


@router.get("/api/v1/schemas/events", summary="The JSON Schema of a batch of events")
def schema(call: Calling) -> Response:
    """With its versioned `$id`."""
    return JsonAnswer(models.json_schema())


async def _batch(call: Call, request: Request, origin: Origin, receipt: IntakeReceipt, how: Strictness) -> None:
    server = call.service.server
    raw = await body(request, server.max_body_bytes)
    if len(raw) <= _SMALL_BYTES:
        documents, redacted = reading.batch(raw, origin)
    else:
        documents, redacted = await run_in_threadpool(reading.batch, raw, origin)
    require_records(documents, server.max_records)
    if origin.key:
        await run_in_threadpool(_require_same_length, call, origin, len(documents))
    await deliver(call, documents, receipt, how)
    receipt.tell_redacted(redacted)


def _require_same_length(call: Call, origin: Origin, length: int) -> None:
    """Raises: Conflict: the idempotency key came with fewer or more events (rule 9)."""
    with call.service.readers.store() as store:

        def is_known(left: int) -> bool:
            return store.ledger.has_key(origin.space, origin.actor, reading.key_of(origin, left) or "")

        if is_known(0) and (is_known(length) or not is_known(length - 1)):
            raise Conflict(
                "the idempotency key was used with other content; what was first is kept",
                where=origin.key, next_step="Use a new key for new content.",
            )  # fmt: skip


async def _lines(call: Call, request: Request, origin: Origin, receipt: IntakeReceipt, how: Strictness) -> None:
    server = call.service.server
    waiting: list[Document] = []
    redacted, size = 0, 0
    try:
        try:
            async for number, raw in lines(request, server.max_stream_bytes, server.max_body_bytes):
                document, found = reading.line(raw, number, origin)
                require_records([document], server.max_records)
                redacted += found
                waiting.append(document)
                size += len(raw)
                if len(waiting) >= _BATCH_DOCUMENTS or size >= server.max_body_bytes:
                    size = 0
                    await _deliver_waiting(call, waiting, receipt, how)
        except ProvstoreError:
            # A bad line does not take back those before it.
            await _deliver_waiting(call, waiting, receipt, how)
            raise
        await _deliver_waiting(call, waiting, receipt, how)
    except ProvstoreError as error:
        raise _told_apart(error, receipt) from error
    receipt.tell_redacted(redacted)


async def _deliver_waiting(call: Call, waiting: list[Document], receipt: IntakeReceipt, how: Strictness) -> None:
    """Appends what waits, which is tried once: of what is refused nothing waits any more."""
    documents = waiting.copy()
    waiting.clear()
    if documents:
        await deliver(call, documents, receipt, how)


def _told_apart(error: ProvstoreError, receipt: IntakeReceipt) -> ProvstoreError:
    """The error, saying what of the lines is stored."""
    error.message += f"; {receipt.total_documents:,} events before are stored"
    return error
