"""What is kept: documents listed and taken back, validation, exports, proofs, the check, and PROV-AQ."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from provstore.reports.renderings import export_formats
from provstore.server import media
from provstore.server.access import Calling, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.asking import INCOMPLETE, answer, has_already, reading, validators
from provstore.server.bodies import body, media_type
from provstore.server.intake import assertions_of
from provstore.server.media import EXAMPLE
from provstore.server.reading import LOSS, loss_text
from provstore.server.seeing import hidden_among, is_any_hidden, is_incomplete
from provstore.store import exporting
from provstore.store.asking import Asking
from provstore.store.validating import ReadablePrefixes
from provstore.store.validating_stored import validate_stored

router = APIRouter(tags=["keeping"])
ACCESS: Final[Rows] = {
    "GET /api/v1/documents": "read",
    "POST /api/v1/documents/{id}/retract": "write",
    "POST /api/v1/documents/{id}/erase": "administer",
    "GET /api/v1/validate": "read",
    "POST /api/v1/validate": "read",
    "GET /api/v1/export/{format}": "export",
    "GET /api/v1/provenance": "export",
    "GET /api/v1/provenance-service": "read",
    "GET /api/v1/verify": "operate",
    "GET /api/v1/prove/{sid}": "operate",
    "GET /api/v1/check": "operate",
    "GET /api/v1/graph": "operate",
    "POST /api/v1/graph/{action}": "administer",
    "GET /api/v1/openapi.json": "read",
}
Reason = Annotated[str, Query(min_length=1, max_length=2_000, description="Kept for good.")]
AsOf = Annotated[str | None, Query(description="A sequence or a time: as the store knew it then.")]
Accept = Annotated[str, Header(description="The media type of any PROV format.")]
Space = Annotated[str | None, Query(description="See only this space.")]
if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[export_formats()]
_SERVICE: Final = """@prefix prov: <http://www.w3.org/ns/prov#> .
<#service> a prov:ServiceDescription ; prov:describesService <#direct> .
<#direct> a prov:DirectQueryService ; prov:provenanceUriTemplate "/api/v1/provenance?target={uri}" .
"""
# Rows of provstore.store.exporting.COLUMNS.
_SEQUENCE: Final = 0
_LONGEST_LIST: Final = 1_000


@router.get("/api/v1/documents", summary="What was taken in")
def documents(
    call: Calling,
    live: Annotated[bool, Query(description="Only what is in force.")] = False,
    unit: Annotated[str | None, Query(description="Only of this unit (rule 7).")] = None,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Only later entries: `next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=_LONGEST_LIST)] = 100,
    space: Space = None,
) -> Response:
    """By sequence: time, who, from where, live or not; `next` is where the page after it begins."""

    def ask(asking: Asking) -> dict[str, Any]:
        rows: list[Any] = []
        for entry in asking.ledger.entries(after):
            if entry.kind != "append" or (unit is not None and (entry.header is None or entry.header.unit != unit)):
                continue
            is_live = asking.ledger.document(entry.document).live
            if is_live or not live:
                rows.append(list(exporting.row_of(entry, live=is_live)))
            if len(rows) > limit:
                break
        shown = rows[:limit]
        return {
            "question": "documents", "parameters": {"live": live, "unit": unit}, "columns": list(exporting.COLUMNS),
            "rows": shown, "truncated": None, "next": shown[-1][_SEQUENCE] if len(rows) > limit else None,
        }  # fmt: skip

    return answer(call, space, ask)


@router.post("/api/v1/documents/{id}/retract", summary="Take a document back")
async def retract(call: Calling, id: str, reason: Reason) -> Response:
    """It stays in the log; a conflict when it is not live."""
    return await _withdraw(call, "retract", id, reason)


@router.post("/api/v1/documents/{id}/erase", summary="Erase a document's content")
async def erase(call: Calling, id: str, reason: Reason) -> Response:
    """Its hashes stay in the log (rule 13)."""
    return await _withdraw(call, "erase", id, reason)


async def _withdraw(call: Calling, how: str, document: str, reason: str) -> Response:
    def work(store: Any) -> Any:
        with call.service.views.seen(store, call.caller.spaces) as asking:
            asking.ledger.document(document)
        return getattr(store, how)(document, reason=reason, actor=call.caller.name)

    return JsonAnswer(await asyncio.wrap_future(call.service.writer.do(work)))


@router.get("/api/v1/validate", summary="Whether what is stored is valid by PROV-CONSTRAINTS")
def validate_spaces(call: Calling, space: Space = None) -> Response:
    """A verdict for each space that you see."""
    spaces = call.caller.view(space)

    def ask(asking: Asking) -> dict[str, Any]:
        found = validate_stored(asking.ledger, spaces=spaces)
        return {"verdicts": [one.as_json("") for one in found]}

    return answer(call, space, ask, heavy=True)


@router.post(
    "/api/v1/validate",
    summary="Whether a PROV document is valid by PROV-CONSTRAINTS",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": media.described(EXAMPLE),
        }
    },
)
async def validate(call: Calling, request: Request) -> Response:
    """Nothing is stored."""
    chosen = media.format_of(media_type(request))
    raw = await body(request, call.service.server.max_body_bytes)
    return await run_in_threadpool(_validated, call, chosen, raw)


def _validated(call: Calling, chosen: Any, raw: bytes) -> Response:
    from provstore.validation import validate as verdict_on

    with call.service.heavy.one():
        read = chosen.read(io.BytesIO(raw), source="body")
        assertions = assertions_of(read, call.service.server.max_records)
        prefixes = ReadablePrefixes()
        prefixes.declare(read.namespaces)
        verdict = verdict_on(assertions, prefixes=prefixes)
        return JsonAnswer({"file": "body", **verdict.as_json(prefixes)})


@router.get(
    "/api/v1/export/{format}",
    summary="Everything, a document or a lineage in an open format",
    response_class=Response,
    responses={200: {"content": media.written("text/csv")}},
)
def export(
    call: Calling,
    format: Format,
    id: Annotated[str | None, Query(description="A document, or an element; none: everything.")] = None,
    upstream: Annotated[bool, Query(description="The element and everything that it was made from.")] = False,
    downstream: Annotated[bool, Query(description="The element and everything that was made from it.")] = False,
    derived: Annotated[bool, Query(description="Also what provstore itself stated.")] = False,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """What the format cannot hold is in the header `Provstore-Loss`."""
    asked = {"upstream": upstream, "downstream": downstream}
    return _exported(call, format, id, asked, as_of=as_of, derived=derived, space=space)


@router.get(
    "/api/v1/provenance",
    summary="An element's provenance (PROV-AQ)",
    response_class=Response,
    responses={200: {"content": media.written()}},
)
def provenance(
    call: Calling,
    target: Annotated[str, Query(description="The element's IRI.")],
    accept: Accept = "*/*",
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """The element and everything that it was made from, in any PROV format."""
    chosen, lineage = media.accepted(accept), {"upstream": True, "downstream": False}
    return _exported(call, chosen.format.name, target, lineage, as_of=as_of, space=space, media_type=chosen.media)


def _exported(
    call: Calling, format_name: str, name: str | None, lineage: dict[str, bool], *, as_of: str | None,
    derived: bool = False, space: str | None, media_type: str | None = None,
) -> Response:  # fmt: skip
    spaces = call.caller.view(space)

    def ask(asking: Asking) -> tuple[bytes, str, bool]:
        stream = io.BytesIO()
        document = name if exporting.is_document(name) else None
        part = exporting.part_of(
            asking, name, upstream=lineage["upstream"], downstream=lineage["downstream"], as_of=as_of
        )
        losses = exporting.export(
            asking.ledger, format_name, stream, document=document, iris=part.iris, edges=part.edges,
            as_of=asking.sequence(as_of), derived=derived,
        )  # fmt: skip
        if name is None:
            incomplete = is_any_hidden(asking, as_of=as_of)
        else:
            incomplete = bool(hidden_among(asking, part.iris or (), as_of=as_of))
        if lineage["downstream"] and name and document is None and not incomplete:
            starts = asking.downstream(name, depth=0, as_of=as_of).iris()
            incomplete = is_incomplete(asking, starts, "in", as_of=as_of)
        return stream.getvalue(), loss_text(losses), incomplete

    with reading(call, heavy=True) as store:
        headers = validators(call, store, spaces)
        if has_already(call, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        content, losses, incomplete = call.service.views.answer(store, spaces, ask)
    headers |= {LOSS: losses} if losses else {}
    headers |= {INCOMPLETE: "true"} if incomplete else {}
    return Response(content, headers=headers, media_type=media_type or media.type_of(format_name))


@router.get(
    "/api/v1/provenance-service",
    summary="How to query for provenance (PROV-AQ)",
    response_class=Response,
    responses={200: {"content": {"text/turtle": {"schema": {"type": "string"}}}}},
)
def service_description(call: Calling) -> Response:
    """A service description in Turtle."""
    return Response(_SERVICE, media_type="text/turtle")


@router.get("/api/v1/verify", summary="The ledger's head, recomputed from every leaf")
def verify(
    call: Calling,
    root: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="Of a head that you trust.")] = None,
    size: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
) -> Response:
    """With `root` and `size`, whether the ledger was only appended to since."""
    with reading(call, heavy=True) as store:
        return JsonAnswer(store.verify(root=root, size=size))


@router.get("/api/v1/prove/{sid}", summary="Proofs that a statement is in the log")
def prove(
    call: Calling, sid: str, since: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="A tree size.")] = None
) -> Response:
    """Inclusion, and with `since` consistency."""
    with reading(call, heavy=True) as store:
        return JsonAnswer(store.prove(sid, since=since))


@router.get("/api/v1/check", summary="Everything that can be verified")
def check(call: Calling) -> Response:
    """Hashes of the ledger, and that the projection equals a replay."""
    with reading(call, heavy=True) as store:
        return JsonAnswer(store.check())


@router.get("/api/v1/graph", summary="The projection")
def graph_status(call: Calling) -> Response:
    """How far the graph is behind."""
    with reading(call, heavy=False) as store:
        return JsonAnswer(store.graph("status"))


@router.post("/api/v1/graph/{action}", summary="Bring the projection up to date, mend it, or make it anew")
async def graph(call: Calling, action: Literal["rebuild", "catch-up", "repair"]) -> Response:
    """Writes wait until it is done."""
    return JsonAnswer(await asyncio.wrap_future(call.service.writer.do(lambda store: store.graph(action))))


@router.get("/api/v1/openapi.json", summary="This description")
def openapi(request: Request) -> Response:
    """OpenAPI 3.1."""
    return JsonAnswer(request.app.openapi())
