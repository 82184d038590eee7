"""How a question is answered over HTTP: within the caller's view, in time, counted, with a tag of the ledger's state.

In: a question asked of a view. Out: the same JSON as the command line's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from provstore.questions.result import Graph, Truncated
from provstore.server.access import Call
from provstore.server.answers import JsonAnswer
from provstore.store import Store
from provstore.store.asking import Asking

Spaces = frozenset[str] | None
PROVENANCE: Final = "http://www.w3.org/ns/prov#has_provenance"
QUERY_SERVICE: Final = "http://www.w3.org/ns/prov#has_query_service"
SERVICE_DESCRIPTION: Final = "/api/v1/provenance-service"
INCOMPLETE: Final = "Provstore-Incomplete"


def answer(
    call: Call,
    space: str | None,
    question: Callable[[Asking], Mapping[str, Any] | None],
    *,
    heavy: bool = False,
    about: Callable[[Any], str | None] = lambda found: None,
) -> Response:
    """The answer to a question, or 304 when the caller has it already.

    Args: space: limits the view to it. question: gives the answer's JSON. heavy: one of those that may not be answered
    many at once. about: the IRI that an answer is about, for links to its provenance (PROV-AQ).
    Raises: as the question; NotFound: the caller has no such space. Busy, BackendUnavailable: it took too long.
    """
    spaces = call.caller.view(space)
    with reading(call, heavy=heavy) as store:
        headers = validators(call, store, spaces)
        if has_already(call, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        found = call.service.views.answer(store, spaces, question)
    if found and found.get("truncated"):
        call.service.metrics.truncated.labels(found["truncated"]["reason"]).inc()
    if found and found.get("incomplete"):
        headers[INCOMPLETE] = "true"
    iri = about(found)
    if iri:
        headers["Link"] = links(iri)
    return JsonAnswer(found, headers=headers)


@contextmanager
def reading(call: Call, *, heavy: bool) -> Iterator[Store]:
    """A store for one question. Raises: as `Readers.store`; Busy: there are enough heavy ones."""
    with call.service.heavy.one() if heavy else nullcontext(), call.service.readers.store() as store:
        yield store


def validators(call: Call, store: Store, spaces: Spaces) -> dict[str, str]:
    """The headers that say for whom and how long an answer holds."""
    tag = entity_tag(call, store, spaces)
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept"}


def entity_tag(call: Call, store: Store, spaces: Spaces) -> str:
    """A tag of the ledger's state, the caller's view and the request; it tells none of them."""
    head = store.ledger.head()
    url = call.request.url
    told = (
        head.ledger_id, str(head.sequence), head.root.hex(), repr(None if spaces is None else sorted(spaces)),
        url.path, url.query, call.request.headers.get("accept", ""),
    )  # fmt: skip
    return f'W/"{sha256(chr(0).join(told).encode()).hexdigest()[:32]}"'


def has_already(call: Call, tag: str) -> bool:
    """True when the request's If-None-Match names the tag; compared weakly (RFC 9110, sections 8.8.3.2 and 13.1.2)."""
    named = [one.strip().removeprefix("W/") for one in call.request.headers.get("if-none-match", "").split(",")]
    return named == ["*"] or tag.removeprefix("W/") in named


def links(iri: str) -> str:
    """The Link header that says where an element's provenance is, and how to query for others (PROV-AQ, 3.1)."""
    anchor = quote(iri, safe=":/?#[]@!$&'()*+,;=-._~%")
    target = f"/api/v1/provenance?target={quote(iri, safe='')}"
    return f'<{target}>; rel="{PROVENANCE}"; anchor="{anchor}", <{SERVICE_DESCRIPTION}>; rel="{QUERY_SERVICE}"'


def with_edges_cut(graph: Graph, max_edges: int) -> Graph:
    """The graph with `max_edges` edges at most; what was cut is told."""
    if len(graph.edges) <= max_edges:
        return graph
    kept = tuple(graph.edges[:max_edges])
    return replace(graph, edges=kept, truncated=Truncated("edges", max_edges, len(graph.edges) - max_edges))
