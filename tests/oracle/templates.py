"""What each query template of `queries/` answers, in plain Python over the naive view: rows in no particular order.

Source: the templates' own headers; rules 21, 22 and 27; docs/explanation/segments.md for the parts of a
segment, by enumeration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from tests.oracle import lineage
from tests.oracle.terms import PROV, PS, QUALIFIED_NAME
from tests.oracle.view import Edge, Node, View

CONTENT = "urn:provstore:content:"
BITS = {"entity": 1, "activity": 2, "agent": 4}
LOOSE = {"wasInfluencedBy", "wasInformedBy", "wasStartedBy", "hadStarter"}
Row = tuple[Any, ...]
Given = dict[str, Any]


def bits(view: View, iri: str) -> int:
    return sum(BITS[kind] for kind in view.kinds(iri))


def values(node: Node, attribute: str) -> list[tuple[str, str, str]]:
    return list(node.attributes[attribute].values) if attribute in node.attributes else []


def lexicals(node: Node, attribute: str) -> list[str]:
    return [lexical for _, lexical, _ in values(node, attribute)]


def types(node: Node) -> list[str]:
    return [lexical for datatype, lexical, _ in values(node, PROV + "type") if datatype == QUALIFIED_NAME]


def label(node: Node) -> str | None:
    return next(iter(lexicals(node, PROV + "label")), None)


def utc(lexical: str | None) -> str | None:
    if lexical is None:
        return None
    return datetime.fromisoformat(lexical).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def when(node: Node, attribute: str) -> str | None:
    return utc(next(iter(lexicals(node, PROV + attribute)), None))


def leaving(view: View, iri: str, *relations: str) -> list[Edge]:
    return [e for e in view.edges if e.source == iri and (not relations or e.relation in relations)]


def entering(view: View, iri: str, *relations: str) -> list[Edge]:
    return [e for e in view.edges if e.target == iri and (not relations or e.relation in relations)]


def up(view: View, iri: str, **given: Any) -> set[str]:
    if iri not in view.nodes:
        return set()
    return set(lineage.upstream(view, iri, agents=given.get("agents") == 1, parents=given.get("parents") == 1).nodes)


def down(view: View, iri: str, **given: Any) -> set[str]:
    """As the question, but that an agent at the start implies nothing."""
    if iri not in view.nodes:
        return set()
    return {other for other in view.nodes if iri in up(view, other, **given)}


def upstream(view: View, start: str, **given: Any) -> list[Row]:
    return [(iri, bits(view, iri)) for iri in up(view, start, **given)]


def downstream(view: View, start: str, **given: Any) -> list[Row]:
    return [(iri, bits(view, iri)) for iri in down(view, start, **given)]


def impact(view: View, start: str) -> list[Row]:
    made = [view.nodes[iri] for iri in down(view, start) - {start}]
    counted = Counter((node.kind, type_) for node in made for type_ in types(node) or [None])
    return [(*key, count) for key, count in counted.items()]


def path_length(view: View, start: str, goal: str, within: int = 100, **given: Any) -> int | None:
    """The length of a shortest path; None when there is none, or only longer ones."""
    if not {start, goal} <= set(view.nodes):
        return None
    found = lineage.path(view, start, goal, agents=given.get("agents") == 1, parents=given.get("parents") == 1)
    return None if found is None or len(found) > within else len(found)


def find(view: View, kind: str = "", type: str = "", text: str = "") -> list[Row]:
    return [
        (node.iri, node.kind, label(node))
        for node in view.nodes.values()
        if kind in ("", node.kind)
        and (type == "" or type in types(node))
        and text in (label(node) or "" if text else "")
    ]


def show(view: View, element: str) -> list[Row]:
    if element not in view.nodes:
        return []
    node = view.nodes[element]
    return [
        *(("kind", kind, None) for kind in node.kinds),
        *{("attribute", name, lexical) for name in node.attributes for lexical in lexicals(node, name)},
        *{("from", e.relation, e.target) for e in leaving(view, element)},
        *{("to", e.relation, e.source) for e in entering(view, element)},
    ]


def shared(view: View, a: str, b: str) -> list[Row]:
    both = (up(view, a) & up(view, b)) - {a, b}
    return [(iri, bits(view, iri)) for iri in both if not iri.startswith(CONTENT)]


def diff_elements(view: View, a: str, b: str) -> list[Row]:
    of_a, of_b = up(view, a), up(view, b)
    sides = [("a", iri) for iri in of_a - of_b] + [("b", iri) for iri in of_b - of_a]
    return [(side, iri, bits(view, iri)) for side, iri in sides if not iri.startswith(CONTENT)]


def diff_attributes(view: View, a: str, b: str) -> list[Row]:
    told = {
        side: {(name, lexical) for name in view.nodes[iri].attributes for lexical in lexicals(view.nodes[iri], name)}
        if iri in view.nodes
        else set()
        for side, iri in (("a", a), ("b", b))
    }
    return [(side, *one) for side, other in (("a", "b"), ("b", "a")) for one in told[side] - told[other]]


def leakage(view: View, train: str, test: str) -> list[Row]:
    if test not in view.nodes or train not in view.nodes:
        return []
    found = lineage.leakage(view, train, test)
    return [*(("leak", iri) for iri in found.leaks), *(("shared", iri) for iri in found.shared)]


def recall(view: View, start: str) -> list[Row]:
    ends = [(start, state) for state in lineage.STATES if state != "agent"]
    steps = lineage.steps_of(view)
    places = lineage.distances(ends, [(step.after, step.before) for step in steps], None)
    return list({(s.edge.source, s.edge.relation, s.edge.target, _sure(s.edge)) for s in steps if s.after in places})


def _sure(edge: Edge) -> str:
    if edge.relation in {"sameBytes", "bytesOf"}:
        return "inferred"
    if edge.relation in LOOSE:
        return "loose"
    named = {name for name, _ in edge.arguments}
    return "exact" if edge.relation == "wasDerivedFrom" and {"generation", "usage"} <= named else "stated"


def frontier(view: View, elements: list[str], inward: int = 0) -> list[Row]:
    relations = {"used", "wasGeneratedBy", "wasAssociatedWith", "wasAttributedTo", "wasDerivedFrom"}
    return [
        (e.source, e.relation, e.target, e.sid)
        for e in view.edges
        if e.relation in relations and (e.target if inward else e.source) in elements
    ]


def direct_paths(view: View, sources: list[str], destinations: list[str]) -> list[Row]:
    arcs = [(e.source, e.target) for e in view.edges if e.relation in {"used", "wasGeneratedBy"}]
    behind = _closure(set(destinations) & set(view.nodes), arcs)
    ahead = _closure(set(sources) & set(view.nodes), [(b, a) for a, b in arcs])
    return [(iri,) for iri in behind & ahead]


def _closure(starts: set[str], arcs: list[tuple[str, str]]) -> set[str]:
    found = set(starts)
    while more := {b for a, b in arcs if a in found} - found:
        found |= more
    return found


def ancestry_walks(view: View, start: str, hops: int) -> list[tuple[str, ...]]:
    """Every walk of exactly so many activity hops back from a node: all of its nodes, in order."""
    walks: set[tuple[str, ...]] = {(start,)} if start in view.nodes else set()
    for half in range(2 * hops):
        relation = "used" if half % 2 else "wasGeneratedBy"
        walks = {(*walk, e.target) for walk in walks for e in leaving(view, walk[-1], relation)}
    return sorted(walks)


def similar_paths(view: View, sources: list[str], destinations: list[str], within: int = 5) -> list[Row]:
    found: set[str] = set()
    for destination in destinations:
        for hops in range(1, within + 1):
            walks = ancestry_walks(view, destination, hops)
            if any(walk[-1] in sources for walk in walks):
                found |= {iri for walk in walks for iri in walk}
    return [(iri,) for iri in found]


def siblings(view: View, members: list[str]) -> list[Row]:
    return list({(e.source,) for e in view.edges if e.relation == "wasGeneratedBy" and e.target in members})


def agents(view: View, members: list[str]) -> list[Row]:
    relations = {"wasAssociatedWith", "wasAttributedTo"}
    return list({(e.target,) for e in view.edges if e.relation in relations and e.source in members})


def expansion(view: View, members: list[str], steps: int = 1) -> list[Row]:
    found: set[str] = set()
    for member in members:
        near = {member}
        for half in range(2 * steps):
            relation = "used" if half % 2 else "wasGeneratedBy"
            near = {e.target for iri in near for e in leaving(view, iri, relation)}
            found |= near
    return [(iri,) for iri in found]


def _told(node: Node, attribute: str) -> list[str]:
    """Values of an attribute; digests in small letters, of start and end the one that counts, in UTC."""
    found = lexicals(node, attribute)
    if attribute == PS + "digest":
        return [lexical.lower() for lexical in found]
    if attribute in (PROV + "startTime", PROV + "endTime"):
        return [str(utc(lexical)) for lexical in found[:1]]
    return found


def _classes(node: Node, attribute: str) -> set[Row]:
    return {(node.kind, t, v) for t in types(node) or [None] for v in _told(node, attribute) or [None]}


def classes(view: View, attribute: str = "") -> list[Row]:
    told = [node for node in view.nodes.values() if not node.content]
    counted = Counter(one for node in told for one in _classes(node, attribute))
    return [(*one, count, count / len(told)) for one, count in counted.items()]


def class_edges(view: View, attribute: str = "") -> list[Row]:
    stated = [e for e in view.edges if not e.inferred]
    counted = Counter(
        (*source, e.relation, *target)
        for e in stated
        for source in _classes(view.nodes[e.source], attribute)
        for target in _classes(view.nodes[e.target], attribute)
    )
    return [(*one, count, count / len(stated)) for one, count in counted.items()]


def counts(view: View) -> list[Row]:
    kinds = Counter(kind for node in view.nodes.values() for kind in node.kinds or ("unknown",))
    relations = Counter(e.relation for e in view.edges)
    return [*(("node", *one) for one in kinds.items()), *(("edge", *one) for one in relations.items())]


def types_(view: View) -> list[Row]:
    return list(Counter(t for node in view.nodes.values() for t in types(node)).items())


def copies(view: View, least: int = 2) -> list[Row]:
    holders: dict[str, list[str]] = {}
    for node in view.nodes.values():
        for digest in {lexical.lower() for lexical in lexicals(node, PS + "digest")}:
            holders.setdefault(digest, []).append(node.iri)
    return [(digest, len(iris), min(iris)) for digest, iris in holders.items() if len(iris) >= least]


def undescribed(view: View) -> list[Row]:
    return [
        (node.iri, len(leaving(view, node.iri)) + len(entering(view, node.iri)))
        for node in view.nodes.values()
        if not node.declared and not node.content
    ]


def _activities_without(view: View, has: Callable[[Edge], bool]) -> list[Row]:
    return [
        (node.iri, label(node), when(node, "startTime"))
        for node in view.nodes.values()
        if "activity" in node.kinds and not any(has(e) for e in leaving(view, node.iri))
    ]


def unattributed(view: View) -> list[Row]:
    return _activities_without(view, lambda e: e.relation == "wasAssociatedWith")


def _is_any(view: View, iri: str, *names: str) -> bool:
    return bool(set(types(view.nodes[iri])) & {PS + name for name in names})


def runs_without_code(view: View) -> list[Row]:
    return _activities_without(
        view, lambda e: e.relation == "hadPlan" or (e.relation == "used" and _is_any(view, e.target, "Code"))
    )


def runs_without_data(view: View) -> list[Row]:
    return _activities_without(
        view, lambda e: e.relation == "used" and not _is_any(view, e.target, "Code", "Environment")
    )


def inputs_without_origin(view: View) -> list[Row]:
    origins = ("wasGeneratedBy", "wasDerivedFrom", "hadActivity", "wasAttributedTo")
    users = {iri: {e.source for e in entering(view, iri, "used")} for iri in view.nodes}
    return [
        (iri, label(view.nodes[iri]), len(by)) for iri, by in users.items() if by and not leaving(view, iri, *origins)
    ]


def unreviewed(view: View, review: str = PS + "Review") -> list[Row]:
    def settles(use: Edge) -> bool:
        is_review = review in types(view.nodes[use.source])
        return not is_review or bool(leaving(view, use.source, "wasAssociatedWith"))

    results = {e.source for e in view.edges if e.relation == "wasGeneratedBy"}
    return [
        (iri, label(view.nodes[iri])) for iri in results if not any(settles(e) for e in entering(view, iri, "used"))
    ]


def used_before_approval(view: View, approval: str = PS + "Approval") -> list[Row]:
    rows = []
    for iri in view.nodes:
        approved: list[str] = []
        used: dict[str, list[str]] = {}
        for e in entering(view, iri, "used"):
            activity = view.nodes[e.source]
            moment = utc(e.time) or when(activity, "startTime")
            if approval in types(activity):
                approved += [t for t in [when(activity, "endTime") or moment] if t]
            elif moment:
                used.setdefault(e.source, []).append(moment)
        rows += [(iri, a, min(ts), min(approved)) for a, ts in used.items() if approved and min(ts) < min(approved)]
    return rows


# `conflicts` has a list in its column, which engines write differently: its test looks at the elements alone.
def conflicts(view: View) -> list[Row]:
    return [(node.iri, label(node)) for node in view.nodes.values() if node.conflict]


ANSWERS: dict[str, Callable[..., Iterable[Row]]] = {
    **{f.__name__: f for f in (upstream, downstream, impact, find, show, shared, diff_elements, diff_attributes)},
    **{f.__name__: f for f in (leakage, recall, frontier, direct_paths, similar_paths, siblings, agents, expansion)},
    **{f.__name__: f for f in (classes, class_edges, counts, copies, undescribed, unattributed, runs_without_code)},
    **{f.__name__: f for f in (runs_without_data, inputs_without_origin, unreviewed, used_before_approval, conflicts)},
    "types": types_,
}
