"""Constraints 22 to 29, one function each: a fact comes in, the equations that it asks for go out.

Source: PROV-CONSTRAINTS section 5.1; inference 15 where a key of wasInfluencedBy is at stake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from provstore.validation.facts import ANONYMOUS, IDENTIFIED, Equation, Fact, Reason
from provstore.validation.inferences import PROPERTIES, influence_inference
from provstore.validation.instance import Instance
from provstore.validation.terms import FRESH

Check = Callable[[Instance, Fact], Iterator[Equation]]


def key_object(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 22: the identifier is a key of entity, activity and agent."""
    other = instance.first((fact.kind, instance.root(fact.id)), fact)
    if other is not None:
        yield from _all_or_none(instance, Reason(22, other, fact), other.args, fact.args)


def key_properties(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 23: the identifier is a key of each relation that has one."""
    if fact.id == ANONYMOUS:
        return
    root = instance.root(fact.id)
    other = instance.first((fact.kind, root), fact)
    if other is not None:
        yield from _all_or_none(instance, Reason(23, other, fact), other.args, fact.args)
    if instance.terms.rank(root) != FRESH:
        yield from _key_of_influence(instance, fact, root)


def _key_of_influence(instance: Instance, fact: Fact, root: int) -> Iterator[Equation]:
    """The identifier is a key of the wasInfluencedBy that each relation implies, too (inference 15)."""
    other = instance.first(("influence", root), fact)
    # Two kinds that constraint 53 keeps apart are told of there.
    if other is None or other.kind == fact.kind or {other.kind, fact.kind} <= PROPERTIES:
        return
    yield from _all_or_none(instance, Reason(23, other, fact), influence_inference(other), influence_inference(fact))


def unique_generation(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 24: an activity generates an entity once."""
    yield from _unique(24, instance, fact, fact.args[0], fact.args[1])


def unique_invalidation(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 25: an activity invalidates an entity once."""
    yield from _unique(25, instance, fact, fact.args[0], fact.args[1])


def unique_was_started_by(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 26 (unique-wasStartedBy): an activity is started by another activity once."""
    yield from _unique(26, instance, fact, fact.args[0], fact.args[2])


def unique_was_ended_by(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 27 (unique-wasEndedBy): an activity is ended by another activity once."""
    yield from _unique(27, instance, fact, fact.args[0], fact.args[2])


def unique_start_time(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 28 (unique-startTime): the start time of an activity is the time of its start."""
    yield from _same_time(28, "wasStartedBy", 0, instance, fact)


def unique_end_time(instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Constraint 29 (unique-endTime): the end time of an activity is the time of its end."""
    yield from _same_time(29, "wasEndedBy", 1, instance, fact)


def _all_or_none(
    instance: Instance, reason: Reason, ones: tuple[int, ...], others: tuple[int, ...]
) -> Iterator[Equation]:
    """The equations of merging two statements; where some of them fail, only those (merging fails as a whole)."""
    equations = [Equation(one, other, reason) for one, other in zip(ones, others, strict=True)]
    failing = [equation for equation in equations if instance.would_clash(equation)]
    yield from failing or equations


def _unique(constraint: int, instance: Instance, fact: Fact, one: int, two: int) -> Iterator[Equation]:
    other = instance.first((constraint, instance.root(one), instance.root(two)), fact)
    if other is not None:
        yield Equation(other.id, fact.id, Reason(constraint, other, fact))


def _same_time(constraint: int, event: str, place: int, instance: Instance, fact: Fact) -> Iterator[Equation]:
    """Equates an activity's time at `place` with the time of each of its events, whichever is met first."""
    of_event = fact.kind == event
    activity = instance.root(fact.args[0] if of_event else fact.id)
    events, activities = instance.group((constraint, activity)), instance.group(("activity", activity))
    if of_event:
        events.append(fact)
        pairs = [(one, fact) for one in activities[:1]]
    else:
        if not activities:
            activities.append(fact)
        # Constraint 22 makes the times of all others equal to those of the first.
        pairs = [(fact, one) for one in events] if activities[0] is fact else []
    for stated, happened in pairs:
        yield Equation(stated.args[place], happened.args[3], Reason(constraint, stated, happened))


CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "entity": (key_object,),
    "agent": (key_object,),
    "activity": (key_object, unique_start_time, unique_end_time),
    **dict.fromkeys(IDENTIFIED, (key_properties,)),
    "wasGeneratedBy": (key_properties, unique_generation),
    "wasInvalidatedBy": (key_properties, unique_invalidation),
    "wasStartedBy": (key_properties, unique_was_started_by, unique_start_time),
    "wasEndedBy": (key_properties, unique_was_ended_by, unique_end_time),
    "specializationOf": (),
    "alternateOf": (),
    "hadMember": (),
}
