"""Inferences 5 to 21, one function each: an instance comes in, the facts that it still lacks go out.

A conclusion that says "there exists" is drawn only when nothing in the instance satisfies it (the standard chase).
Which inferences a verdict needs is said at `FOR_VERDICT`. Source: PROV-CONSTRAINTS sections 4.2 to 4.5.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from provstore.model.terms import PROV, QUALIFIED_NAME, TYPE
from provstore.validation.facts import ANONYMOUS, PLACEHOLDER, Fact
from provstore.validation.instance import Instance

Inference = Callable[[Instance], Iterator[Fact]]

# Constraint 53: relations that never share an identifier. wasInfluencedBy is the superproperty of all, and
# wasDerivedFrom is not in the list.
PROPERTIES: Final = frozenset(
    {
        "used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy", "wasAttributedTo",
        "wasAssociatedWith", "actedOnBehalfOf",
    }
)  # fmt: skip


def communication_generation_use_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 5: the informed activity used something that its informant generated."""
    used, generated = _pairs(instance, "used", 0, 1), _pairs(instance, "wasGeneratedBy", 1, 0)
    for fact in instance.facts["wasInformedBy"]:
        informed, informant = map(instance.root, fact.args)
        of_informed, of_informant = used.setdefault(informed, set()), generated.setdefault(informant, set())
        if of_informed.isdisjoint(of_informant):
            entity = instance.terms.fresh()
            of_informed.add(entity)
            of_informant.add(entity)
            yield _event(instance, 5, "wasGeneratedBy", (entity, informant), fact)
            yield _event(instance, 5, "used", (informed, entity), fact)


def generation_use_communication_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 6: who uses what another generated was informed by it."""
    known = {tuple(map(instance.root, fact.args)) for fact in instance.facts["wasInformedBy"]}
    users: dict[int, list[Fact]] = {}
    for fact in instance.facts["used"]:
        users.setdefault(instance.root(fact.args[1]), []).append(fact)
    for generation in instance.facts["wasGeneratedBy"]:
        informant = instance.root(generation.args[1])
        for use in users.get(instance.root(generation.args[0]), ()):
            pair = (instance.root(use.args[0]), informant)
            if pair not in known:
                known.add(pair)
                yield Fact("wasInformedBy", instance.terms.fresh(), pair, inference=6, premises=(generation, use))


def entity_generation_invalidation_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 7: an entity was generated, and is invalidated some time."""
    for kind in ("wasGeneratedBy", "wasInvalidatedBy"):
        known = {instance.root(fact.args[0]) for fact in instance.facts[kind]}
        for fact in instance.facts["entity"]:
            entity = instance.root(fact.id)
            if entity not in known:
                known.add(entity)
                yield _event(instance, 7, kind, (entity, instance.terms.fresh()), fact)


def activity_start_end_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 8: an activity was started and ended, at its start and end time."""
    fresh = instance.terms.fresh
    for place, kind in enumerate(("wasStartedBy", "wasEndedBy")):
        # By constraints 28 and 29, a start or an end that is known has this time.
        known = {instance.root(fact.args[0]) for fact in instance.facts[kind]}
        for fact in instance.facts["activity"]:
            activity = instance.root(fact.id)
            if activity not in known:
                known.add(activity)
                args = (activity, fresh(), fresh(), fact.args[place])
                yield Fact(kind, fresh(), args, inference=8, premises=(fact,))


def was_started_by_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 9 (wasStartedBy-inference): the starter generated the trigger."""
    yield from _triggers(instance, 9, "wasStartedBy")


def was_ended_by_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 10 (wasEndedBy-inference): the ender generated the trigger."""
    yield from _triggers(instance, 10, "wasEndedBy")


def derivation_generation_use_inference(instance: Instance, fact: Fact) -> Iterator[Fact]:
    """Inference 11: a derivation by an activity has that generation and that usage; none of the three may be -.

    Drawn as soon as the derivation is met, since the identifiers that it names are keys.
    """
    generated, used, activity, generation, usage = fact.args
    if PLACEHOLDER not in (activity, generation, usage):
        fresh = instance.terms.fresh
        yield Fact("used", usage, (activity, used, fresh()), inference=11, premises=(fact,))
        yield Fact("wasGeneratedBy", generation, (generated, activity, fresh()), inference=11, premises=(fact,))


def revision_is_alternate_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 12: a revision is an alternate of what it revises."""
    revision = (TYPE, QUALIFIED_NAME, f"{PROV}Revision", "")
    known = _alternates(instance)
    for fact in instance.facts["wasDerivedFrom"]:
        if revision in fact.other_attributes:
            yield from _alternate(instance, 12, fact.args[0], fact.args[1], known, fact)


def attribution_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 13: an attributed entity was generated by an activity that the agent was associated with."""
    generated, associated = _pairs(instance, "wasGeneratedBy", 0, 1), _pairs(instance, "wasAssociatedWith", 1, 0)
    for fact in instance.facts["wasAttributedTo"]:
        entity, agent = map(instance.root, fact.args)
        of_entity, of_agent = generated.setdefault(entity, set()), associated.setdefault(agent, set())
        if of_entity.isdisjoint(of_agent):
            activity = instance.terms.fresh()
            of_entity.add(activity)
            of_agent.add(activity)
            yield _event(instance, 13, "wasGeneratedBy", (entity, activity), fact)
            yield _association(instance, 13, activity, agent, fact)


def delegation_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 14: delegate and responsible agent were both associated with the activity of the delegation."""
    known = {(instance.root(f.args[0]), instance.root(f.args[1])) for f in instance.facts["wasAssociatedWith"]}
    for fact in instance.facts["actedOnBehalfOf"]:
        activity = instance.root(fact.args[2])
        for agent in map(instance.root, fact.args[:2]):
            if (activity, agent) not in known:
                known.add((activity, agent))
                yield _association(instance, 14, activity, agent, fact)


def influence_inference(fact: Fact) -> tuple[int, int]:
    """Inference 15: influencee and influencer of the wasInfluencedBy of the same identifier that a relation implies."""
    return fact.args[0], fact.args[1]


def alternate_reflexive(instance: Instance) -> Iterator[Fact]:
    """Inference 16: an entity is an alternate of itself."""
    known = _alternates(instance)
    for fact in instance.facts["entity"]:
        yield from _alternate(instance, 16, fact.id, fact.id, known, fact)


def alternate_transitive(instance: Instance) -> Iterator[Fact]:
    """Inference 17: alternates of alternates are alternates; drawn after symmetry, so it makes whole classes."""
    known = _alternates(instance)
    neighbours = _pairs(instance, "alternateOf", 0, 1)
    for start in list(neighbours):
        for reached in _reachable(start, neighbours):
            yield from _alternate(instance, 17, start, reached, known)


def alternate_symmetric(instance: Instance) -> Iterator[Fact]:
    """Inference 18: alternates are alternates both ways."""
    known = _alternates(instance)
    for fact in instance.facts["alternateOf"]:
        yield from _alternate(instance, 18, fact.args[1], fact.args[0], known, fact)


def specialization_transitive(instance: Instance) -> Iterator[Fact]:
    """Inference 19: a specialization of a specialization is one."""
    general = _pairs(instance, "specializationOf", 0, 1)
    for start, direct in general.items():
        for reached in _reachable(start, general) - direct:
            yield Fact("specializationOf", ANONYMOUS, (start, reached), inference=19)


def specialization_alternate_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 20: a specialization is an alternate."""
    known = _alternates(instance)
    for fact in instance.facts["specializationOf"]:
        yield from _alternate(instance, 20, fact.args[0], fact.args[1], known, fact)


def specialization_attributes_inference(instance: Instance) -> Iterator[Fact]:
    """Inference 21: what specializes an entity is an entity (and has its attributes: `inherits` says which facts)."""
    known = {instance.root(fact.id) for fact in instance.facts["entity"]}
    specific = specializations(instance)
    waiting = deque(instance.facts["entity"])
    while waiting:
        fact = waiting.popleft()
        for relation in specific.get(instance.root(fact.id), ()):
            entity = instance.root(relation.args[0])
            if entity not in known:
                known.add(entity)
                inferred = Fact("entity", entity, (), inference=21, premises=(fact, relation))
                waiting.append(inferred)
                yield inferred


def specializations(instance: Instance) -> dict[int, list[Fact]]:
    """The specializationOf facts by the general entity."""
    found: dict[int, list[Fact]] = {}
    for fact in instance.facts["specializationOf"]:
        found.setdefault(instance.root(fact.args[1]), []).append(fact)
    return found


def infer(instance: Instance, inferences: tuple[Inference, ...]) -> None:
    """Draws inferences one after the other. None of their conclusions makes constraints 22 to 29 merge anything:

    their identifiers are fresh, and where one names an activity and an entity both, no such generation was known.
    """
    for inference in inferences:
        for fact in list(inference(instance)):
            instance.facts[fact.kind].append(fact)


# What can make events, types or cycles. Inferences 5, 6, 12, 15 to 18 and 20 can't: the events of 5 say no more than
# constraint 35, the communication of 6 no more than 33, 34 and 37; no constraint looks at the others' conclusions but
# the key of wasInfluencedBy (uniqueness.py). Inference 19 is walked along, not written out. Order: a rule comes
# after those whose conclusions may satisfy it. What 8 adds is started by nobody known, so 9 and 10 need not look again.
FOR_VERDICT: Final[tuple[Inference, ...]] = (
    specialization_attributes_inference,
    was_started_by_inference,
    was_ended_by_inference,
    delegation_inference,
    attribution_inference,
    entity_generation_invalidation_inference,
    activity_start_end_inference,
)
# The rest, for the normal form, after specialization_transitive and FOR_VERDICT.
FOR_NORMAL_FORM: Final[tuple[Inference, ...]] = (
    was_started_by_inference,
    was_ended_by_inference,
    communication_generation_use_inference,
    generation_use_communication_inference,
    revision_is_alternate_inference,
    alternate_reflexive,
    specialization_alternate_inference,
    alternate_symmetric,
    alternate_transitive,
)


def _triggers(instance: Instance, number: int, kind: str) -> Iterator[Fact]:
    known = {(instance.root(f.args[0]), instance.root(f.args[1])) for f in instance.facts["wasGeneratedBy"]}
    for fact in instance.facts[kind]:
        pair = (instance.root(fact.args[1]), instance.root(fact.args[2]))
        if pair not in known:
            known.add(pair)
            yield _event(instance, number, "wasGeneratedBy", pair, fact)


def _event(instance: Instance, number: int, kind: str, ends: tuple[int, int], premise: Fact) -> Fact:
    fresh = instance.terms.fresh
    return Fact(kind, fresh(), (*ends, fresh()), inference=number, premises=(premise,))


def _association(instance: Instance, number: int, activity: int, agent: int, premise: Fact) -> Fact:
    fresh = instance.terms.fresh
    return Fact("wasAssociatedWith", fresh(), (activity, agent, fresh()), inference=number, premises=(premise,))


def _pairs(instance: Instance, kind: str, key: int, value: int) -> dict[int, set[int]]:
    """For each term at one place of the facts of a kind, the terms at another."""
    found: dict[int, set[int]] = {}
    for fact in instance.facts[kind]:
        found.setdefault(instance.root(fact.args[key]), set()).add(instance.root(fact.args[value]))
    return found


def _alternates(instance: Instance) -> set[tuple[int, int]]:
    return {(instance.root(f.args[0]), instance.root(f.args[1])) for f in instance.facts["alternateOf"]}


def _alternate(
    instance: Instance, number: int, one: int, two: int, known: set[tuple[int, int]], *premises: Fact
) -> Iterator[Fact]:
    pair = (instance.root(one), instance.root(two))
    if pair not in known:
        known.add(pair)
        yield Fact("alternateOf", ANONYMOUS, pair, inference=number, premises=premises)


def _reachable(start: int, edges: dict[int, set[int]]) -> set[int]:
    """What can be reached from `start` by one step or more."""
    reached: set[int] = set()
    waiting = [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return reached
