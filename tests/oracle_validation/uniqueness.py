"""Uniqueness constraints 22 to 29 (PROV-CONSTRAINTS section 6.1): each yields what it demands of two facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from tests.oracle_validation.facts import ELEMENTS, IDENTIFIED, Fact, Instance, Term, is_variable


class Demand(NamedTuple):
    """Terms that must be equal; for a key, the two facts that are then one."""

    equal: tuple[tuple[Term, Term], ...]
    merged: tuple[Fact, Fact] | None = None


Demands = Iterator[Demand]
Substitution = dict[int, Term]


def unify(pairs: tuple[tuple[Term, Term], ...]) -> Substitution | None:
    """Section 4: constants and `-` unify when they are the same, a variable with anything. None when one pair fails."""
    solved: Substitution = {}
    for one, other in pairs:
        one, other = resolve(one, solved), resolve(other, solved)
        if one == other:
            continue
        if is_variable(one):
            solved[one] = other
        elif is_variable(other):
            solved[other] = one
        else:
            return None
    return {variable: resolve(variable, solved) for variable in solved}


def resolve(term: Term, solved: Substitution) -> Term:
    """What a term stands for after a substitution."""
    while is_variable(term) and term in solved:
        term = solved[term]
    return term


def _key(facts: Instance, kinds: tuple[str, ...]) -> Demands:
    for kind in kinds:
        for one, other in combinations(facts[kind], 2):
            if one.id == other.id:
                yield Demand(tuple(zip(one.args, other.args, strict=True)), (one, other))


def constraint_22(facts: Instance) -> Demands:
    """key-object: the identifier is a key for entity, activity and agent."""
    return _key(facts, ELEMENTS)


def constraint_23(facts: Instance) -> Demands:
    """key-properties: the identifier is a key for each of the eleven relations that have one."""
    return _key(facts, IDENTIFIED)


def _unique(facts: Instance, kind: str, *places: int) -> Demands:
    for one, other in combinations(facts[kind], 2):
        if all(one.args[place] == other.args[place] for place in places):
            yield Demand(((one.id, other.id),))


def constraint_24(facts: Instance) -> Demands:
    """unique-generation: wasGeneratedBy(gen1; e,a) and wasGeneratedBy(gen2; e,a) => gen1 = gen2."""
    return _unique(facts, "wasGeneratedBy", 0, 1)


def constraint_25(facts: Instance) -> Demands:
    """unique-invalidation: wasInvalidatedBy(inv1; e,a) and wasInvalidatedBy(inv2; e,a) => inv1 = inv2."""
    return _unique(facts, "wasInvalidatedBy", 0, 1)


def constraint_26(facts: Instance) -> Demands:
    """unique-wasStartedBy: wasStartedBy(start1; a,_,a0) and wasStartedBy(start2; a,_,a0) => start1 = start2."""
    return _unique(facts, "wasStartedBy", 0, 2)


def constraint_27(facts: Instance) -> Demands:
    """unique-wasEndedBy: wasEndedBy(end1; a,_,a0) and wasEndedBy(end2; a,_,a0) => end1 = end2."""
    return _unique(facts, "wasEndedBy", 0, 2)


def constraint_28(facts: Instance) -> Demands:
    """unique-startTime: activity(a,t1,_) and wasStartedBy(a,_,_,t) => t1 = t."""
    for activity in facts["activity"]:
        for start in facts["wasStartedBy"]:
            if start.args[0] == activity.id:
                yield Demand(((activity.args[0], start.args[3]),))


def constraint_29(facts: Instance) -> Demands:
    """unique-endTime: activity(a,_,t2) and wasEndedBy(a,_,_,t) => t2 = t."""
    for activity in facts["activity"]:
        for end in facts["wasEndedBy"]:
            if end.args[0] == activity.id:
                yield Demand(((activity.args[1], end.args[3]),))


UNIQUENESS: dict[int, Callable[[Instance], Demands]] = {
    22: constraint_22, 23: constraint_23, 24: constraint_24, 25: constraint_25, 26: constraint_26, 27: constraint_27,
    28: constraint_28, 29: constraint_29,
}  # fmt: skip
