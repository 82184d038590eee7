"""The questions, one route each under its own name; answers are those of the command line."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from provstore.errors import UsageError
from provstore.questions.result import Graph, Table
from provstore.questions.summarize import Method
from provstore.questions.summarizing.neighbourhoods import Hood, RkMethod
from provstore.server import segments
from provstore.server.access import Calling, Rows
from provstore.server.asking import answer, with_edges_cut
from provstore.server.seeing import hidden_among, is_incomplete
from provstore.store.asking import Asking

router = APIRouter(tags=["questions"])
ACCESS: Final[Rows] = {
    f"GET /api/v1/{question}": "read"
    for question in (
        "upstream/{id:path}", "downstream/{id:path}", "path", "show/{id:path}", "find", "history/{id:path}",
        "blame/{id:path}", "diff", "leakage", "segment", "summarize",
    )
}  # fmt: skip
_ID: Final = "A full IRI, a prefixed name, a digest or a unique label."
AsOf = Annotated[str | None, Query(description="A sequence or a time: as the store knew it then (rule 18).")]
Space = Annotated[str | None, Query(description="See only this space.")]
Depth = Annotated[int, Query(ge=0, le=1_000, description="At most so many edges away.")]
MaxNodes = Annotated[int, Query(ge=1, le=100_000, description="Cut the answer there, and say so.")]
Only = Annotated[str | None, Query(description="Only these relations, kinds or types, separated by commas.")]
Agents = Annotated[bool, Query(description="Also who was responsible.")]
Parents = Annotated[bool, Query(description="Also the runs that these runs are part of.")]
_DEPTH: Final = 64
_NODES: Final = 100_000


@router.get("/api/v1/upstream/{id:path}", summary="Everything that it was made from")
def upstream(
    call: Calling, id: str, depth: Depth = _DEPTH, only: Only = None, agents: Agents = False,
    parents: Parents = False, max_nodes: MaxNodes = _NODES, as_of: AsOf = None, space: Space = None,
) -> Response:  # fmt: skip
    """Nearest first; a cut is told in `truncated`, something hidden in `incomplete`."""
    asked = {"depth": depth, "only": only, "agents": agents, "parents": parents, "max_nodes": max_nodes}
    return _lineage(call, "upstream", id, asked, as_of, space)


@router.get("/api/v1/downstream/{id:path}", summary="Everything that was made from it or depends on it")
def downstream(
    call: Calling, id: str, depth: Depth = _DEPTH, only: Only = None, agents: Agents = False,
    parents: Parents = False, max_nodes: MaxNodes = _NODES, as_of: AsOf = None, space: Space = None,
) -> Response:  # fmt: skip
    """Nearest first; a cut is told in `truncated`, something hidden in `incomplete`."""
    asked = {"depth": depth, "only": only, "agents": agents, "parents": parents, "max_nodes": max_nodes}
    return _lineage(call, "downstream", id, asked, as_of, space)


def _lineage(
    call: Calling, question: str, name: str, asked: dict[str, Any], as_of: str | None, space: str | None
) -> Response:
    server = call.service.server
    limited = {"depth": min(asked["depth"], server.max_depth), "max_nodes": min(asked["max_nodes"], server.max_nodes)}

    def ask(asking: Asking) -> dict[str, Any]:
        graph: Graph = getattr(asking, question)(name, **(asked | limited), as_of=as_of)
        return with_edges_cut(graph, server.max_edges).as_json()

    return answer(call, space, ask, heavy=True, about=_first_start)


def _first_start(found: Any) -> str | None:
    starts = found["parameters"]["starts"]
    return str(starts[0]) if len(starts) == 1 else None


@router.get("/api/v1/path", summary="A shortest derivation path")
def path(
    call: Calling,
    a: Annotated[str, Query(description=_ID)],
    b: Annotated[str, Query(description=_ID)],
    agents: Agents = False,
    parents: Parents = False,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """From `a` back to `b`; `null` when there is none. Where something hidden may lead there, that is said instead."""

    def ask(asking: Asking) -> dict[str, Any] | None:
        found = asking.path(a, b, agents=agents, parents=parents, as_of=as_of)
        if found is not None:
            return found.as_json()
        starts = asking.upstream(a, depth=0, as_of=as_of).iris()
        return {"question": "path", "nodes": [], "edges": [], "incomplete": True} if is_incomplete(
            asking, starts, as_of=as_of
        ) else None  # fmt: skip

    return answer(call, space, ask, heavy=True)


@router.get("/api/v1/show/{id:path}", summary="One element")
def show(
    call: Calling,
    id: str,
    series: Annotated[bool, Query(description="The points of a metric series: step, time, value.")] = False,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """Its attributes, the statements about it, who said so and when."""

    def ask(asking: Asking) -> dict[str, Any]:
        if series:
            return asking.series(id, as_of=as_of).as_json()
        shown = asking.show(id, as_of=as_of).as_json()
        hidden = hidden_among(asking, [shown["iri"]], as_of=as_of)
        return shown | ({"hidden": True, "incomplete": True} if hidden else {})

    return answer(call, space, ask, about=lambda found: found.get("iri"))


@router.get("/api/v1/find", summary="Elements by an expression")
def find(
    call: Calling,
    expression: Annotated[
        str | None, Query(description="Rule 28; none: all.", examples=["ps:metric.accuracy > 0.9 and kind = activity"])
    ] = None,
    sort: Annotated[str | None, Query(description="A word or an attribute; `-` before it for descending.")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    cursor: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """One page; `next` is the cursor of the page after it."""
    most = min(limit, call.service.server.max_page)

    def ask(asking: Asking) -> dict[str, Any]:
        page = asking.find(expression, sort=sort, limit=most, cursor=cursor, as_of=as_of).as_json()
        hidden = hidden_among(asking, (node["iri"] for node in page["nodes"]), as_of=as_of)
        for node in page["nodes"]:
            if node["iri"] in hidden:
                node["hidden"] = True
        return page | ({"incomplete": True} if hidden else {})

    return answer(call, space, ask)


@router.get("/api/v1/history/{id:path}", summary="The entries that changed what is said of an element")
def history(
    call: Calling,
    id: str,
    everything: Annotated[bool, Query(alias="all", description="Also what only a newer importer caused.")] = False,
    derived: Annotated[bool, Query(description="Also what provstore itself stated.")] = False,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """By sequence, and its revisions."""
    return answer(
        call, space, lambda asking: asking.history(id, everything=everything, derived=derived, as_of=as_of).as_json(),
        heavy=True,
    )  # fmt: skip


@router.get("/api/v1/blame/{id:path}", summary="Who said an attribute's value")
def blame(
    call: Calling,
    id: str,
    attribute: Annotated[str, Query(examples=["ps:metric.accuracy"])],
    everything: Annotated[bool, Query(alias="all", description="Also what only a newer importer caused.")] = False,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """For each live value the document, the actor, the source, the time, and what it replaced."""
    return answer(call, space, lambda asking: asking.blame(id, attribute, everything=everything, as_of=as_of).as_json())


@router.get("/api/v1/diff", summary="What differs between two things, and the earliest cause")
def diff(
    call: Calling,
    a: Annotated[str, Query(description=_ID)],
    b: Annotated[str, Query(description=_ID)],
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """And between what they were made from."""

    def ask(asking: Asking) -> dict[str, Any]:
        found: Table = asking.diff(a, b, as_of=as_of)
        starts = [iri for name in (a, b) for iri in asking.upstream(name, depth=0, as_of=as_of).iris()]
        return found.as_json() | ({"incomplete": True} if is_incomplete(asking, starts, as_of=as_of) else {})

    return answer(call, space, ask, heavy=True)


@router.get("/api/v1/leakage", summary="Whether test data went into a training")
def leakage(
    call: Calling,
    train: Annotated[str, Query(description=_ID)],
    test: Annotated[str, Query(description=_ID)],
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """`leaks`, with the path if so; what both were made from is `shared`."""
    return answer(call, space, lambda asking: asking.leakage(train, test, as_of=as_of).as_json(), heavy=True)


@router.get("/api/v1/segment", summary="How some entities came from others, and what else went the same way")
def segment(
    call: Calling,
    src: Annotated[list[str], Query(description="The entities that it began with.")],
    dst: Annotated[list[str], Query(description="The entities that came of them.")],
    exclude: Annotated[list[str] | None, Query(description="Leave out what matches an expression.")] = None,
    exclude_edges: Annotated[
        list[str] | None, Query(description="Leave out the edges that match an expression.")
    ] = None,
    only_relations: Annotated[list[str] | None, Query(description="Only these relations.")] = None,
    expand: Annotated[list[str] | None, Query(description="`N:ID`: add what lies N activities behind ID.")] = None,
    mode: Annotated[Literal["pre", "post"], Query()] = "pre",
    same: Annotated[list[str] | None, Query(description="Attributes that similar paths agree on.")] = None,
    explain: Annotated[str | None, Query(description="Say which similar path this element is on.")] = None,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """A node's `why` says its part; `connected` whether the segment hangs together."""
    expansions = [_expansion(one) for one in expand or ()]

    def ask(asking: Asking) -> dict[str, Any]:
        return asking.segment(
            src, dst, exclude=exclude or (), exclude_edges=exclude_edges or (), only_relations=only_relations,
            expand=expansions, mode=mode, same=same or (), explain=explain, as_of=as_of,
        ).as_json()  # fmt: skip

    return answer(call, space, ask, heavy=True)


@router.get("/api/v1/summarize", summary="What many runs or segments have in common")
def summarize(
    call: Calling,
    runs: Annotated[str | None, Query(description="One segment for each activity that matches.")] = None,
    segment: Annotated[
        list[str] | None, Query(description="`SRC..DST`: between two entities; else one that is kept under this name.")
    ] = None,
    keys: Annotated[
        list[str] | None, Query(description="Attributes that stay visible, also `KIND=ATTRIBUTE`; none: type.")
    ] = None,
    rk: Annotated[int, Query(ge=0, le=8, description="Only merge what looks alike up to so many edges away.")] = 0,
    rk_method: Annotated[RkMethod, Query(description="How it is found out what looks alike.")] = "exact",
    hood: Annotated[Hood, Query(description="In which direction it has to look alike.")] = "both",
    kept_in: Annotated[
        str | None, Query(description="The space in which segments are kept; none: `space`, the token's, the default.")
    ] = None,
    method: Annotated[Method, Query(description="PgSum, or another to compare it with.")] = "pgsum",
    budget: Annotated[float | None, Query(ge=0, description="Stop merging after so many seconds.")] = None,
    outliers: Annotated[bool, Query(description="Also the segments that are unlike the others.")] = False,
    rare: Annotated[
        float, Query(ge=0, lt=0.5, description="Up to which share of the segments an edge is rare.")
    ] = 0.25,
    as_of: AsOf = None,
    space: Space = None,
) -> Response:
    """Merged by class without a new path, with the share of the segments on each edge.

    A segment that is kept is for those who see all of it.
    """
    most_s = call.service.server.query_timeout_s / 2
    budget_s = most_s if budget is None else min(budget, most_s)
    where = segments.space_of_kept(call, kept_in or space) if segments.are_kept(segment) else ""

    def ask(asking: Asking) -> dict[str, Any]:
        found = {name: segments.named(call, asking, where, name, as_of) for name in segment or ()}
        summary = asking.summarize(
            segments=found, runs=runs, keys=segments.words(keys), rk=rk, rk_method=rk_method, hood=hood,
            method=method, budget_s=budget_s, outliers=outliers, rare=rare, as_of=as_of,
        ).as_json()  # fmt: skip
        members = (member["iri"] for node in summary["nodes"] for member in node["members"])
        return summary | ({"incomplete": True} if hidden_among(asking, members, as_of=as_of) else {})

    return answer(call, space, ask, heavy=True)


def _expansion(written: str) -> tuple[str, int]:
    steps, _, name = written.partition(":")
    if not name or not steps.isascii() or not steps.isdigit():
        raise UsageError(f"expected N:ID, found {written[:100]!r}", where="expand")
    return name, int(steps)
