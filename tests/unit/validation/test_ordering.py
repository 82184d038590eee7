"""The edges of each ordering constraint, by hand from PROV-CONSTRAINTS section 5.2."""

from __future__ import annotations

import pytest

from provstore.model.names import Prefixes
from provstore.validation import ordering
from provstore.validation.events import Events
from provstore.validation.examining import load
from provstore.validation.inferences import FOR_VERDICT, infer
from provstore.validation.words import Words
from tests.unit.validation.documents import say

GEN1, GEN2 = say("wasGeneratedBy", "e1"), say("wasGeneratedBy", "e2")
INV1, INV2 = say("wasInvalidatedBy", "e1"), say("wasInvalidatedBy", "e2")
START, END = say("wasStartedBy", "a"), say("wasEndedBy", "a")
START_B, END_B = say("wasStartedBy", "b"), say("wasEndedBy", "b")

EDGES = [
    (ordering.start_precedes_end, [START, END], {("start a", "end a")}),
    (
        ordering.usage_within_activity,
        [START, END, say("used", "a", "e1")],
        {("start a", "use e1"), ("use e1", "end a")},
    ),
    (
        ordering.generation_within_activity,
        [START, END, say("wasGeneratedBy", "e1", "a")],
        {("start a", "generation e1"), ("generation e1", "end a")},
    ),
    (ordering.was_informed_by_ordering, [say("wasInformedBy", "b", "a"), START, END_B], {("start a", "end b")}),
    (ordering.was_informed_by_ordering, [say("wasInformedBy", "b", "a"), START_B, END], set()),
    (ordering.generation_precedes_invalidation, [GEN1, INV1], {("generation e1", "invalidation e1")}),
    (ordering.generation_precedes_usage, [GEN1, say("used", "a", "e1")], {("generation e1", "use e1")}),
    (ordering.usage_precedes_invalidation, [INV1, say("used", "a", "e1")], {("use e1", "invalidation e1")}),
    (
        ordering.derivation_usage_generation_ordering,
        [say("wasDerivedFrom", "e2", "e1", "a", "-", "-")],
        {("use e1", "generation e2")},
    ),
    # Without an activity, - is a constant and there is no usage (definition 4).
    (ordering.derivation_usage_generation_ordering, [say("wasDerivedFrom", "e2", "e1"), GEN2], set()),
    (
        ordering.derivation_generation_generation_ordering,
        [say("wasDerivedFrom", "e2", "e1"), GEN1, GEN2],
        {("generation e1", "generation e2")},
    ),
    (ordering.derivation_generation_generation_ordering, [say("wasDerivedFrom", "e2", "e1"), GEN2], set()),
    (
        ordering.was_started_by_ordering,
        [say("wasStartedBy", "a", "e1"), INV1],
        {("generation e1", "start a"), ("start a", "invalidation e1")},
    ),
    (
        ordering.was_ended_by_ordering,
        [say("wasEndedBy", "a", "e1"), INV1],
        {("generation e1", "end a"), ("end a", "invalidation e1")},
    ),
    (
        ordering.specialization_generation_ordering,
        [say("specializationOf", "e2", "e1"), GEN1, GEN2],
        {("generation e1", "generation e2")},
    ),
    (
        ordering.specialization_invalidation_ordering,
        [say("specializationOf", "e2", "e1"), INV1, INV2],
        {("invalidation e2", "invalidation e1")},
    ),
    (
        ordering.was_associated_with_ordering,
        [say("wasAssociatedWith", "a", "e1"), START, END, GEN1, INV1],
        {("start a", "invalidation e1"), ("generation e1", "end a")},
    ),
    (
        ordering.was_associated_with_ordering,
        [say("wasAssociatedWith", "a", "b"), START, END, START_B, END_B],
        {("start a", "end b"), ("start b", "end a")},
    ),
    # Inference 14: delegate and responsible agent are associated with the activity.
    (
        ordering.was_associated_with_ordering,
        [say("actedOnBehalfOf", "e1", "e2", "a"), START, INV1, END, GEN2],
        {("start a", "invalidation e1"), ("generation e2", "end a")},
    ),
    (
        ordering.was_attributed_to_ordering,
        [say("wasAttributedTo", "e2", "e1"), GEN1],
        {("generation e1", "generation e2")},
    ),
    (ordering.was_attributed_to_ordering, [say("wasAttributedTo", "e2", "a"), START], {("start a", "generation e2")}),
    (
        ordering.acted_on_behalf_of_ordering,
        [say("actedOnBehalfOf", "e2", "e1"), GEN1, INV2, GEN2, INV1],
        {("generation e1", "invalidation e2")},
    ),
    (
        ordering.acted_on_behalf_of_ordering,
        [say("actedOnBehalfOf", "b", "a"), START, END_B, START_B, END],
        {("start a", "end b")},
    ),
]
NOUNS = {
    "wasGeneratedBy": "generation",
    "wasInvalidatedBy": "invalidation",
    "wasStartedBy": "start",
    "wasEndedBy": "end",
}


@pytest.mark.parametrize(("constraint", "statements", "expected"), EDGES)
def test_a_constraint_orders_these_events_and_no_others(constraint, statements, expected):
    instance = load(statements)
    infer(instance, FOR_VERDICT)
    events, words = Events(instance), Words(Prefixes({"": "http://example.org/"}))

    def name(node):
        element = words.term(instance, events.elements[node]).removeprefix(":")
        return f"{NOUNS.get(events.kinds[node], 'use')} {element}"

    edges = list(constraint(events))
    assert {(name(edge.before), name(edge.after)) for edge in edges} == expected
    assert {edge.constraint for edge in edges} in (set(), {ordering_number(constraint)})


def ordering_number(constraint):
    return int(constraint.__doc__.split()[1].strip(":,"))


def test_each_constraint_from_30_to_49_has_its_function_but_those_of_simultaneous_events():
    numbers = {ordering_number(constraint) for constraint in ordering.ORDERING}
    assert numbers == set(range(30, 50)) - {31, 32, 39, 40}
    assert len(ordering.ORDERING) == len(numbers)
