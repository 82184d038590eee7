"""Constraints 30 to 49, one function each: the events come in, the edges "happens before" go out.

31, 32, 39 and 40 are obeyed by `events` (one node for simultaneous events). Only the edges of 42 are strict.
Source: PROV-CONSTRAINTS section 5.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from provstore.validation.events import END, GENERATION, INVALIDATION, START, Events
from provstore.validation.facts import Fact

STRICT: Final = 42


class Edge(NamedTuple):
    """Event `before` happens before event `after`, by `constraint` and the relation `by`, if it takes one.

    Args: first, last: the fact of the event at either end, where the constraint speaks of one in particular.
    """

    before: int
    after: int
    constraint: int
    by: Fact | None = None
    first: Fact | None = None
    last: Fact | None = None


Ordering = Callable[[Events], Iterator[Edge]]


def start_precedes_end(events: Events) -> Iterator[Edge]:
    """Constraint 30: an activity starts before it ends."""
    for fact in events.instance.facts[START]:
        yield from _edge(30, events.of(START, fact.args[0]), events.of(END, fact.args[0]))


def usage_within_activity(events: Events) -> Iterator[Edge]:
    """Constraint 33: a usage lies between the start and the end of its activity."""
    for fact in events.instance.facts["used"]:
        use = events.of_usage[id(fact)]
        yield from _edge(33, events.of(START, fact.args[0]), use, last=fact)
        yield from _edge(33, use, events.of(END, fact.args[0]), first=fact)


def generation_within_activity(events: Events) -> Iterator[Edge]:
    """Constraint 34: a generation lies between the start and the end of its activity."""
    for fact in events.instance.facts[GENERATION]:
        generation = events.of(GENERATION, fact.args[0])
        yield from _edge(34, events.of(START, fact.args[1]), generation, last=fact)
        yield from _edge(34, generation, events.of(END, fact.args[1]), first=fact)


def was_informed_by_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 35 (wasInformedBy-ordering): the informant starts before the informed activity ends."""
    for fact in events.instance.facts["wasInformedBy"]:
        informed, informant = fact.args
        yield from _edge(35, events.of(START, informant), events.of(END, informed), fact)


def generation_precedes_invalidation(events: Events) -> Iterator[Edge]:
    """Constraint 36: an entity is generated before it is invalidated."""
    for fact in events.instance.facts[INVALIDATION]:
        yield from _edge(36, events.of(GENERATION, fact.args[0]), events.of(INVALIDATION, fact.args[0]))


def generation_precedes_usage(events: Events) -> Iterator[Edge]:
    """Constraint 37: an entity is generated before it is used."""
    for fact in events.instance.facts["used"]:
        yield from _edge(37, events.of(GENERATION, fact.args[1]), events.of_usage[id(fact)], last=fact)


def usage_precedes_invalidation(events: Events) -> Iterator[Edge]:
    """Constraint 38: an entity is used before it is invalidated."""
    for fact in events.instance.facts["used"]:
        yield from _edge(38, events.of_usage[id(fact)], events.of(INVALIDATION, fact.args[1]), first=fact)


def derivation_usage_generation_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 41: the usage of a derivation comes before its generation; both exist by inference 11."""
    for fact in events.instance.facts[GENERATION]:
        if fact.inference == 11:
            _, used, activity, _, usage = fact.premises[0].args
            use = events.usage(usage, activity, used)
            yield from _edge(41, use, events.of(GENERATION, fact.args[0]), last=fact)


def derivation_generation_generation_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 42: what a derivation used was generated strictly before what it generated."""
    for fact in events.instance.facts["wasDerivedFrom"]:
        generated, used = fact.args[:2]
        yield from _edge(STRICT, events.of(GENERATION, used), events.of(GENERATION, generated), fact)


def was_started_by_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 43 (wasStartedBy-ordering): the trigger is generated before the start and invalidated after it."""
    yield from _trigger(43, START, events)


def was_ended_by_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 44 (wasEndedBy-ordering): the trigger is generated before the end and invalidated after it."""
    yield from _trigger(44, END, events)


def specialization_generation_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 45, with inference 19: the general entity is generated before the specific one."""
    for fact in events.instance.facts["specializationOf"]:
        specific, general = (events.of_specialized(GENERATION, entity) for entity in fact.args)
        yield Edge(general, specific, 45, fact)


def specialization_invalidation_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 46, with inference 19: the specific entity is invalidated before the general one."""
    for fact in events.instance.facts["specializationOf"]:
        specific, general = (events.of_specialized(INVALIDATION, entity) for entity in fact.args)
        yield Edge(specific, general, 46, fact)


def was_associated_with_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 47 (wasAssociatedWith-ordering): agent and activity overlap, the agent as entity or as activity."""
    for fact in events.instance.facts["wasAssociatedWith"]:
        activity, agent = fact.args[:2]
        start, end = events.of(START, activity), events.of(END, activity)
        yield from _edge(47, start, events.of(INVALIDATION, agent), fact)
        yield from _edge(47, events.of(GENERATION, agent), end, fact)
        yield from _edge(47, start, events.of(END, agent), fact)
        yield from _edge(47, events.of(START, agent), end, fact)


def was_attributed_to_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 48 (wasAttributedTo-ordering): the agent is generated or started before the entity is generated."""
    for fact in events.instance.facts["wasAttributedTo"]:
        entity, agent = fact.args
        generation = events.of(GENERATION, entity)
        yield from _edge(48, events.of(GENERATION, agent), generation, fact)
        yield from _edge(48, events.of(START, agent), generation, fact)


def acted_on_behalf_of_ordering(events: Events) -> Iterator[Edge]:
    """Constraint 49 (actedOnBehalfOf-ordering): the responsible agent is there before the delegate has gone."""
    for fact in events.instance.facts["actedOnBehalfOf"]:
        delegate, responsible = fact.args[:2]
        yield from _edge(49, events.of(GENERATION, responsible), events.of(INVALIDATION, delegate), fact)
        yield from _edge(49, events.of(START, responsible), events.of(END, delegate), fact)


ORDERING: Final[tuple[Ordering, ...]] = (
    start_precedes_end,
    usage_within_activity,
    generation_within_activity,
    was_informed_by_ordering,
    generation_precedes_invalidation,
    generation_precedes_usage,
    usage_precedes_invalidation,
    derivation_usage_generation_ordering,
    derivation_generation_generation_ordering,
    was_started_by_ordering,
    was_ended_by_ordering,
    specialization_generation_ordering,
    specialization_invalidation_ordering,
    was_associated_with_ordering,
    was_attributed_to_ordering,
    acted_on_behalf_of_ordering,
)


def edges(events: Events) -> Iterator[Edge]:
    """All edges of all ordering constraints."""
    for ordering in ORDERING:
        yield from ordering(events)


def _edge(
    constraint: int,
    before: int | None,
    after: int | None,
    by: Fact | None = None,
    *,
    first: Fact | None = None,
    last: Fact | None = None,
) -> Iterator[Edge]:
    """An edge, when both events are known to happen."""
    if before is not None and after is not None:
        yield Edge(before, after, constraint, by, first, last)


def _trigger(constraint: int, kind: str, events: Events) -> Iterator[Edge]:
    for fact in events.instance.facts[kind]:
        event = events.of(kind, fact.args[0])
        yield from _edge(constraint, events.of(GENERATION, fact.args[1]), event, last=fact)
        yield from _edge(constraint, event, events.of(INVALIDATION, fact.args[1]), first=fact)
