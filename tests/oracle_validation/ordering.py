"""Event ordering constraints 30 to 49 (PROV-CONSTRAINTS section 6.2): each yields (earlier event, later event)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.oracle_validation.facts import PLACEHOLDER, Fact, Instance, Term

Pairs = Iterator[tuple[Term, Term]]


class Edge(NamedTuple):
    """By constraint `number`, the event `earlier` precedes `later`; strictly when `strict`."""

    number: int
    earlier: Term
    later: Term
    strict: bool


def _of(facts: Instance, kind: str, first: Term) -> list[Fact]:
    """The facts of a kind with that first argument."""
    return [one for one in facts[kind] if one.args[0] == first]


def _same_first(facts: Instance, earlier: str, later: str) -> Pairs:
    for one in facts[earlier]:
        for other in _of(facts, later, one.args[0]):
            yield one.id, other.id


def _used(facts: Instance, entity: Term) -> list[Fact]:
    return [one for one in facts["used"] if one.args[1] == entity]


def constraint_30(facts: Instance) -> Pairs:
    """start-precedes-end: of one activity, every start precedes every end."""
    return _same_first(facts, "wasStartedBy", "wasEndedBy")


def constraint_31(facts: Instance) -> Pairs:
    """start-start: the starts of one activity precede each other."""
    return _same_first(facts, "wasStartedBy", "wasStartedBy")


def constraint_32(facts: Instance) -> Pairs:
    """end-end: the ends of one activity precede each other."""
    return _same_first(facts, "wasEndedBy", "wasEndedBy")


def constraint_33(facts: Instance) -> Pairs:
    """usage-within-activity: start precedes usage, usage precedes end."""
    yield from _same_first(facts, "wasStartedBy", "used")
    yield from _same_first(facts, "used", "wasEndedBy")


def constraint_34(facts: Instance) -> Pairs:
    """generation-within-activity: start precedes generation, generation precedes end."""
    for generation in facts["wasGeneratedBy"]:
        for start in _of(facts, "wasStartedBy", generation.args[1]):
            yield start.id, generation.id
        for end in _of(facts, "wasEndedBy", generation.args[1]):
            yield generation.id, end.id


def constraint_35(facts: Instance) -> Pairs:
    """wasInformedBy: wasInformedBy(a2,a1) => the start of a1 precedes the end of a2."""
    for informed in facts["wasInformedBy"]:
        a2, a1 = informed.args
        for start in _of(facts, "wasStartedBy", a1):
            for end in _of(facts, "wasEndedBy", a2):
                yield start.id, end.id


def constraint_36(facts: Instance) -> Pairs:
    """generation-precedes-invalidation."""
    return _same_first(facts, "wasGeneratedBy", "wasInvalidatedBy")


def constraint_37(facts: Instance) -> Pairs:
    """generation-precedes-usage."""
    for generation in facts["wasGeneratedBy"]:
        for usage in _used(facts, generation.args[0]):
            yield generation.id, usage.id


def constraint_38(facts: Instance) -> Pairs:
    """usage-precedes-invalidation."""
    for invalidation in facts["wasInvalidatedBy"]:
        for usage in _used(facts, invalidation.args[0]):
            yield usage.id, invalidation.id


def constraint_39(facts: Instance) -> Pairs:
    """generation-generation: the generations of one entity precede each other."""
    return _same_first(facts, "wasGeneratedBy", "wasGeneratedBy")


def constraint_40(facts: Instance) -> Pairs:
    """invalidation-invalidation: the invalidations of one entity precede each other."""
    return _same_first(facts, "wasInvalidatedBy", "wasInvalidatedBy")


def constraint_41(facts: Instance) -> Pairs:
    """derivation-usage-generation: wasDerivedFrom(e2,e1,a,gen2,use1), none of the last three `-` => use1, gen2."""
    for derivation in facts["wasDerivedFrom"]:
        _, _, a, gen2, use1 = derivation.args
        if PLACEHOLDER not in (a, gen2, use1):
            yield use1, gen2


def constraint_42(facts: Instance) -> Pairs:
    """derivation-generation-generation: wasDerivedFrom(e2,e1,...) => generation of e1 STRICTLY before that of e2."""
    for derivation in facts["wasDerivedFrom"]:
        for gen_1 in _of(facts, "wasGeneratedBy", derivation.args[1]):
            for gen_2 in _of(facts, "wasGeneratedBy", derivation.args[0]):
                yield gen_1.id, gen_2.id


def _trigger(facts: Instance, kind: str) -> Pairs:
    for event in facts[kind]:
        for generation in _of(facts, "wasGeneratedBy", event.args[1]):
            yield generation.id, event.id
        for invalidation in _of(facts, "wasInvalidatedBy", event.args[1]):
            yield event.id, invalidation.id


def constraint_43(facts: Instance) -> Pairs:
    """wasStartedBy: the trigger's generation precedes the start, the start its invalidation."""
    return _trigger(facts, "wasStartedBy")


def constraint_44(facts: Instance) -> Pairs:
    """wasEndedBy: the trigger's generation precedes the end, the end its invalidation."""
    return _trigger(facts, "wasEndedBy")


def constraint_45(facts: Instance) -> Pairs:
    """specialization-generation: specializationOf(e2,e1) => generation of e1 precedes that of e2."""
    for specialization in facts["specializationOf"]:
        e2, e1 = specialization.args
        for gen_1 in _of(facts, "wasGeneratedBy", e1):
            for gen_2 in _of(facts, "wasGeneratedBy", e2):
                yield gen_1.id, gen_2.id


def constraint_46(facts: Instance) -> Pairs:
    """specialization-invalidation: specializationOf(e1,e2) => invalidation of e1 precedes that of e2."""
    for specialization in facts["specializationOf"]:
        e1, e2 = specialization.args
        for inv_1 in _of(facts, "wasInvalidatedBy", e1):
            for inv_2 in _of(facts, "wasInvalidatedBy", e2):
                yield inv_1.id, inv_2.id


def _between(facts: Instance, earlier: str, first: Term, later: str, second: Term) -> Pairs:
    for one in _of(facts, earlier, first):
        for other in _of(facts, later, second):
            yield one.id, other.id


def constraint_47(facts: Instance) -> Pairs:
    """wasAssociatedWith: the activity and the agent (an entity or an activity) overlap."""
    for association in facts["wasAssociatedWith"]:
        a, ag, _ = association.args
        yield from _between(facts, "wasStartedBy", a, "wasInvalidatedBy", ag)
        yield from _between(facts, "wasGeneratedBy", ag, "wasEndedBy", a)
        yield from _between(facts, "wasStartedBy", a, "wasEndedBy", ag)
        yield from _between(facts, "wasStartedBy", ag, "wasEndedBy", a)


def constraint_48(facts: Instance) -> Pairs:
    """wasAttributedTo: the agent was generated, or started, before the entity's generation."""
    for attribution in facts["wasAttributedTo"]:
        e, ag = attribution.args
        yield from _between(facts, "wasGeneratedBy", ag, "wasGeneratedBy", e)
        yield from _between(facts, "wasStartedBy", ag, "wasGeneratedBy", e)


def constraint_49(facts: Instance) -> Pairs:
    """actedOnBehalfOf(ag2,ag1): generation of ag1 before invalidation of ag2, start of ag1 before end of ag2."""
    for delegation in facts["actedOnBehalfOf"]:
        ag2, ag1, _ = delegation.args
        yield from _between(facts, "wasGeneratedBy", ag1, "wasInvalidatedBy", ag2)
        yield from _between(facts, "wasStartedBy", ag1, "wasEndedBy", ag2)


ORDERING: dict[int, Callable[[Instance], Pairs]] = {
    30: constraint_30, 31: constraint_31, 32: constraint_32, 33: constraint_33, 34: constraint_34, 35: constraint_35,
    36: constraint_36, 37: constraint_37, 38: constraint_38, 39: constraint_39, 40: constraint_40, 41: constraint_41,
    42: constraint_42, 43: constraint_43, 44: constraint_44, 45: constraint_45, 46: constraint_46, 47: constraint_47,
    48: constraint_48, 49: constraint_49,
}  # fmt: skip


def edges(facts: Instance) -> set[Edge]:
    """All edges of the event graph; only constraint 42 is strict. An event that precedes itself says nothing else."""
    found = {
        Edge(number, earlier, later, number == 42)
        for number, constraint in ORDERING.items()
        for earlier, later in constraint(facts)
    }
    return {edge for edge in found if edge.strict or edge.earlier != edge.later}


def violated_orderings(facts: Instance) -> set[int]:
    """The constraints with an edge on a cycle that has a strict edge (section 7.1, steps 2 and 3)."""
    graph = edges(facts)
    after = reached({(edge.earlier, edge.later) for edge in graph})

    def around(edge: Edge) -> bool:
        return edge.earlier == edge.later or edge.earlier in after[edge.later]

    strict = [edge for edge in graph if edge.strict and around(edge)]
    same = {event for edge in strict for event in {edge.earlier} | (after[edge.later] & _before(after, edge.earlier))}
    return {edge.number for edge in graph if around(edge) and edge.earlier in same and edge.later in same}


def _before(after: dict[Term, set[Term]], event: Term) -> set[Term]:
    return {one for one in after if event in after[one]}


def reached(pairs: set[tuple[Term, Term]]) -> dict[Term, set[Term]]:
    """Warshall: for each event, those that come after it by one or more edges."""
    after: dict[Term, set[Term]] = {event: set() for pair in pairs for event in pair}
    for earlier, later in pairs:
        after[earlier].add(later)
    for middle in after:
        for event in after:
            if middle in after[event]:
                after[event] |= after[middle]
    return after
