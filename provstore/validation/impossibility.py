"""Constraints 51 to 56, one function each: an instance comes in, the problems go out.

Source: PROV-CONSTRAINTS section 5.4; for 4, table 3.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from provstore.model.statement import sid
from provstore.model.terms import BY_IRI, PROV, QUALIFIED_NAME, TYPE
from provstore.validation.facts import ANONYMOUS, ELEMENT_NAMES, IDENTIFIED, PLACEHOLDER, Fact
from provstore.validation.inferences import PROPERTIES, specializations
from provstore.validation.instance import Instance
from provstore.validation.problems import Problem, Support
from provstore.validation.terms import FRESH
from provstore.validation.typing_ import ACTIVITY, ENTITY, says, typing
from provstore.validation.words import Words, noun, with_article

_EMPTY: Final = (TYPE, QUALIFIED_NAME, f"{PROV}EmptyCollection", "")


def optional_placeholders(instance: Instance, words: Words) -> Iterator[Problem]:
    """Definition 4: only the arguments of its table 3 may be -; PROV-DM requires the others."""
    for stated, missing in instance.missing:
        names = " and ".join(words.name(iri) for iri in missing)
        which = with_article(noun(BY_IRI[stated.kind].name)).capitalize()
        text = f"{which} must say {names}."
        yield Problem(4, sid(stated), text, Support({stated: None}))


def impossible_unspecified_derivation_generation_use(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 51: no derivation has a generation or a usage, and - for its activity."""
    for fact in instance.facts["wasDerivedFrom"]:
        generated, used, activity, generation, usage = fact.args
        if activity == PLACEHOLDER and (generation, usage) != (PLACEHOLDER, PLACEHOLDER):
            named = "usage" if generation == PLACEHOLDER else "generation"
            one, two = words.term(instance, generated), words.term(instance, used)
            text = f"The derivation of {one} from {two} names a {named}, but no activity."
            yield Problem(51, "|".join(map(sid, fact.statements())), text, Support().facts([fact]))


def impossible_specialization_reflexive(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 52: no entity specializes itself, directly or by inference 19."""
    specific = specializations(instance)
    done: set[int] = set()
    for start in _in_cycles(instance, specific):
        way = [] if start in done else _way_back(instance, specific, start)
        if way:
            done.update(instance.root(fact.args[1]) for fact in way)
            support = Support().facts(way)
            for fact, following in zip(way, (*way[1:], way[0]), strict=True):
                support.equality(instance.terms, fact.args[0], following.args[1])
            name = words.term(instance, way[0].args[1])
            others = [words.term(instance, fact.args[0]) for fact in way[:-1]]
            through = f", by way of {', '.join(others)}" if others else ""
            yield Problem(52, name, f"{name} would be a specialization of itself{through}.", support)


def impossible_property_overlap(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 53: two relations of different kinds have different identifiers."""
    for facts in _by_identifier(instance):
        kinds = {fact.kind: fact for fact in facts if fact.kind in PROPERTIES}
        if len(kinds) > 1:
            name = words.term(instance, facts[0].id)
            text = f"{name} is the identifier of relations of different kinds: {', '.join(map(noun, kinds))}."
            yield Problem(53, name, text, _of_one_identifier(instance, list(kinds.values())))


def impossible_object_property_overlap(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 54: the identifier of an entity, activity or agent is not that of a relation."""
    elements: dict[int, Fact] = {}
    for kind in ELEMENT_NAMES:
        for fact in instance.facts[kind]:
            elements.setdefault(instance.root(fact.id), fact)
    told: set[int] = set()
    for kind in IDENTIFIED:
        for fact in instance.facts[kind]:
            root = instance.root(fact.id) if fact.id != ANONYMOUS else ANONYMOUS
            if root in elements and root not in told:
                told.add(root)
                name = words.term(instance, root)
                text = (
                    f"{name} is the identifier of an element ({elements[root].kind}) and of a relation ({noun(kind)})."
                )
                yield Problem(54, name, text, _of_one_identifier(instance, [elements[root], fact]))


def entity_activity_disjoint(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 55: by the types of constraint 50, nothing is an entity and an activity."""
    both = {term for term, bits in typing(instance).items() if bits & ENTITY and bits & ACTIVITY}
    if not both:
        return
    entities, activities = says(instance, both, ENTITY), says(instance, both, ACTIVITY)
    for term in sorted(both):
        (one, first), (two, second) = entities[term], activities[term]
        name = words.term(instance, term)
        text = f"{name} is an entity (by {one.kind}) and an activity (by {two.kind})."
        support = Support().facts([one, two]).equality(instance.terms, first, second)
        yield Problem(55, name, text, support)


def membership_empty_collection(instance: Instance, words: Words) -> Iterator[Problem]:
    """Constraint 56: what has a member is no prov:EmptyCollection, by its own statements or by inference 21."""
    empty = _empty_collections(instance)
    told: set[int] = set()
    for fact in instance.facts["hadMember"]:
        root = instance.root(fact.args[0])
        if root in empty and root not in told:
            told.add(root)
            name, member = words.term(instance, root), words.term(instance, fact.args[1])
            support = Support().facts([fact, *empty[root]])
            support.equality(
                instance.terms, fact.args[0], empty[root][-1].args[0] if len(empty[root]) > 1 else empty[root][0].id
            )
            yield Problem(56, name, f"{name} is an empty collection, and has the member {member}.", support)


IMPOSSIBILITY: Final[tuple[Callable[[Instance, Words], Iterator[Problem]], ...]] = (
    optional_placeholders,
    impossible_unspecified_derivation_generation_use,
    impossible_specialization_reflexive,
    impossible_property_overlap,
    impossible_object_property_overlap,
    entity_activity_disjoint,
    membership_empty_collection,
)


def _of_one_identifier(instance: Instance, facts: list[Fact]) -> Support:
    support = Support().facts(facts)
    for fact in facts[1:]:
        support.equality(instance.terms, facts[0].id, fact.id)
    return support


def _by_identifier(instance: Instance) -> Iterator[list[Fact]]:
    """The relations that share an identifier, where there are several."""
    first: dict[int, Fact] = {}
    shared: dict[int, list[Fact]] = {}
    for kind in IDENTIFIED:
        for fact in instance.facts[kind]:
            if fact.id != ANONYMOUS and instance.terms.rank(fact.id) != FRESH:
                root = instance.root(fact.id)
                other = first.setdefault(root, fact)
                if other.kind != kind:
                    shared.setdefault(root, [other]).append(fact)
    return iter(shared.values())


def _empty_collections(instance: Instance) -> dict[int, tuple[Fact, ...]]:
    """The terms that have the type prov:EmptyCollection, with the facts by which they do."""
    found: dict[int, tuple[Fact, ...]] = {}
    waiting: deque[int] = deque()
    for fact in instance.facts["entity"]:
        root = instance.root(fact.id)
        if root not in found and _EMPTY in fact.other_attributes:
            found[root] = (fact,)
            waiting.append(root)
    specific = specializations(instance) if found else {}
    while waiting:
        general = waiting.popleft()
        for relation in specific.get(general, ()):
            root = instance.root(relation.args[0])
            if root not in found:
                found[root] = (*found[general], relation)
                waiting.append(root)
    return found


def _in_cycles(instance: Instance, specific: dict[int, list[Fact]]) -> list[int]:
    """The entities that may lie on a cycle: what is left when the ends of chains are taken away again and again."""
    waits = {
        general: {instance.root(fact.args[0]) for fact in facts} & specific.keys()
        for general, facts in specific.items()
    }
    above: dict[int, list[int]] = {}
    for general, specifics in waits.items():
        for one in specifics:
            above.setdefault(one, []).append(general)
    free = [general for general, specifics in waits.items() if not specifics]
    while free:
        one = free.pop()
        del waits[one]
        for general in above.get(one, ()):
            waits[general].discard(one)
            if not waits[general]:
                free.append(general)
    return list(waits)


def _way_back(instance: Instance, specific: dict[int, list[Fact]], start: int) -> list[Fact]:
    """A shortest way from an entity to itself, from general to specific; empty when there is none."""
    came: dict[int, Fact] = {}
    waiting = deque([start])
    while waiting and start not in came:
        general = waiting.popleft()
        for fact in specific.get(general, ()):
            root = instance.root(fact.args[0])
            if root not in came:
                came[root] = fact
                waiting.append(root)
    way: list[Fact] = []
    place = start
    while place in came and not (way and place == start):
        way.append(came[place])
        place = instance.root(came[place].args[1])
    return way[::-1]
