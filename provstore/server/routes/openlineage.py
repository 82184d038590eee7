"""OpenLineage over HTTP, so that the HTTP transport of its clients works unchanged; single events and batches."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.contract import Request as ImportRequest
from provstore.importers.openlineage.events import parse
from provstore.importers.openlineage.mapping import to_document
from provstore.importers.redaction import redact_tree
from provstore.importers.strict_json import canonical, loads
from provstore.model import times
from provstore.model.document import Document
from provstore.server.access import Calling, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.bodies import body, media_type
from provstore.server.intake import deliver, require_records
from provstore.server.problems import UnknownMedia
from provstore.store.receipt import IntakeReceipt

router = APIRouter(tags=["OpenLineage"])
ACCESS: Final[Rows] = {"POST /api/v1/lineage": "write", "POST /api/v1/lineage/batch": "write"}
EVENT: Final = {
    "eventTime": "2026-11-21T10:00:00Z",
    "eventType": "COMPLETE",
    "producer": "https://example.org/scheduler",
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    "run": {"runId": "01939c3a-8e2f-7000-8000-000000000001"},
    "job": {"namespace": "example", "name": "train"},
    "inputs": [{"namespace": "file", "name": "/data/raw.csv"}],
    "outputs": [],
}
_SCHEMA: Final = {"type": "object", "externalDocs": {"url": "https://openlineage.io/spec/2-0-2/OpenLineage.json"}}
Space = Annotated[str | None, Query(description="The space; none: the token's only one, or the default.")]


def _described(schema: Any, example: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


@router.post(
    "/api/v1/lineage",
    status_code=201,
    summary="Take in an OpenLineage event",
    openapi_extra=_described({"anyOf": [_SCHEMA, {"type": "array", "items": _SCHEMA, "minItems": 1}]}, EVENT),
)
async def lineage(call: Calling, request: Request, space: Space = None) -> Response:
    """A RunEvent, JobEvent or DatasetEvent, or a list of them; 2xx once it is on disk. Sent again, nothing changes."""
    return await _take_in(call, request, space)


@router.post(
    "/api/v1/lineage/batch",
    status_code=201,
    summary="Take in OpenLineage events",
    openapi_extra=_described({"type": "array", "items": _SCHEMA, "minItems": 1}, [EVENT]),
)
async def batch(call: Calling, request: Request, space: Space = None) -> Response:
    """A list of events; they are stored together or not at all."""
    return await _take_in(call, request, space)


async def _take_in(call: Calling, request: Request, space: str | None) -> Response:
    server = call.service.server
    writes_to = call.caller.space_to_write(space, call.service.settings.space)
    asked = ImportRequest(path="body", space=writes_to, actor=call.caller.name, read_at=times.now())
    findings = Findings()
    if media_type(request) != "application/json":
        raise UnknownMedia(
            f"{media_type(request)!r} holds no OpenLineage events", where="Content-Type",
            next_step="Send application/json.",
        )  # fmt: skip
    raw = await body(request, server.max_body_bytes)
    documents = await run_in_threadpool(_documents, raw, asked, findings)
    require_records(documents, server.max_records)
    receipt = await deliver(call, documents, IntakeReceipt(path="body", kind="openlineage"))
    receipt.tell(findings)
    return JsonAnswer(receipt.as_json(), status_code=201 if receipt.new_documents else 200)


def _documents(raw: bytes, asked: ImportRequest, findings: Findings) -> list[Document]:
    value = loads(raw, where="body")
    events = value if isinstance(value, list) else [value]
    if not events:
        raise BadInput("there is no event in it", where="body", next_step="Send at least one event.")
    found = []
    for number, event in enumerate(events):
        where = f"body[{number}]" if isinstance(value, list) else "body"
        clean, redacted = redact_tree(event)
        findings.redacted += redacted
        digest = sha256(canonical(event).encode()).hexdigest()
        found.append(to_document(parse(clean, where=where), asked, findings, source="body", raw_sha256=digest))
    return found
