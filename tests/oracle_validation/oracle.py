"""Normal form, validity and equivalence (PROV-CONSTRAINTS section 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from provstore.model.document import Assertion
from provstore.model.statement import Statement
from tests.oracle_validation.facts import (
    Fact,
    Instance,
    Some,
    all_facts,
    bundles,
    expanded,
    instance,
    numbers,
)
from tests.oracle_validation.impossibility import impossibilities
from tests.oracle_validation.inferences import INFERENCES
from tests.oracle_validation.matching import follows, holds, isomorphic
from tests.oracle_validation.ordering import violated_orderings
from tests.oracle_validation.uniqueness import UNIQUENESS, Substitution, resolve, unify


class Normalized(NamedTuple):
    """What normalization came to: all facts, and the uniqueness constraints that could not be applied."""

    facts: Instance
    failed: frozenset[int]


def normalize(statements: Iterable[Statement], known: Collection[str] | None = None) -> Normalized:
    """Definitions, then inferences and uniqueness constraints until nothing changes.

    A demand that fails is noted and passed over, so that what else is wrong is found too.
    Args: known: as in `facts.expanded`.
    """
    fresh = numbers()
    facts = instance(expanded(statements, fresh, known))
    failed: set[int] = set()
    while True:
        facts = unified(facts, failed)
        before = len(all_facts(facts))
        infer(facts, fresh)
        if len(all_facts(facts)) == before:
            return Normalized(facts, frozenset(failed))
        assert before < 5_000, "the chase does not end"


def infer(facts: Instance, fresh: Iterator[int]) -> None:
    """Adds the conclusion of each inference that does not hold yet, once round."""
    for inference in INFERENCES:
        for conclusion in list(inference(facts)):
            if not holds(conclusion, facts):
                for one in with_variables(conclusion, fresh):
                    facts[one.kind][one] = None


def with_variables(conclusion: list[Fact], fresh: Iterator[int]) -> list[Fact]:
    """The conclusion with a fresh variable for each thing that it says exists."""
    made: dict[Some, int] = {}

    def term(one: object) -> object:
        if not isinstance(one, Some):
            return one
        if one not in made:
            made[one] = next(fresh)
        return made[one]

    return [Fact(one.kind, term(one.id), tuple(map(term, one.args)), one.attributes) for one in conclusion]  # type: ignore[arg-type]


def unified(facts: Instance, failed: set[int]) -> Instance:
    """The instance after all uniqueness constraints; those that fail are added to `failed`."""
    while True:
        changed = _first_change(facts, failed)
        if changed is None:
            return facts
        facts = changed


def _first_change(facts: Instance, failed: set[int]) -> Instance | None:
    for number, constraint in UNIQUENESS.items():
        for demand in constraint(facts):
            solved = unify(demand.equal)
            if solved is None:
                failed.add(number)
            elif solved or demand.merged:
                return _merged(_substituted(facts, solved), demand.merged, solved)
    return None


def _substituted(facts: Instance, solved: Substitution) -> Instance:
    return instance(_in(one, solved) for one in all_facts(facts))


def _in(one: Fact, solved: Substitution) -> Fact:
    terms = tuple(resolve(term, solved) for term in one.args)  # type: ignore[arg-type]
    return Fact(one.kind, resolve(one.id, solved), terms, one.attributes)  # type: ignore[arg-type]


def _merged(facts: Instance, pair: tuple[Fact, Fact] | None, solved: Substitution) -> Instance:
    """Two facts with one key become one, with the attributes of both."""
    if pair is None:
        return facts
    one, other = (_in(fact, solved) for fact in pair)
    together = one._replace(attributes=one.attributes | other.attributes)
    return instance([*(fact for fact in all_facts(facts) if fact not in (one, other)), together])


def verdicts(assertions: Iterable[Assertion]) -> dict[str | None, set[int]]:
    """The violated constraints of the toplevel instance (None) and of each bundle; none: valid."""
    return {bundle: violated(normalize(statements)) for bundle, statements in bundles(assertions).items()}


def violated(normal: Normalized) -> set[int]:
    """The numbers of the constraints that an instance violates.

    After a failed unification the rest is looked at as far as it goes; exact are then only "invalid" and the failures.
    """
    return set(normal.failed) | violated_orderings(normal.facts) | impossibilities(normal.facts)


def verdict(assertions: Iterable[Assertion]) -> set[int]:
    """The violated constraints of all instances together; none: the document is valid."""
    return {number for numbers_ in verdicts(assertions).values() for number in numbers_}


def normal_form(
    assertions: Iterable[Assertion], known: Collection[str] | None = None
) -> dict[str | None, Instance] | None:
    """The facts of each instance's normal form, or None when a uniqueness constraint fails."""
    normal = {bundle: normalize(statements, known) for bundle, statements in bundles(assertions).items()}
    return None if any(one.failed for one in normal.values()) else {bundle: one.facts for bundle, one in normal.items()}


def equivalent(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool | None:
    """True when both are valid and each normal form follows from the other; None when both are invalid (free choice).

    That is isomorphism of the normal forms without redundant facts (NOTES.md, "Normal form").
    """
    left, right = list(left), list(right)
    valid = not verdict(left), not verdict(right)
    if valid != (True, True):
        return None if valid == (False, False) else False
    ours, theirs = normal_form(left), normal_form(right)
    assert ours is not None
    assert theirs is not None
    return same_information(ours, theirs)


def same_information(ours: dict[str | None, Instance], theirs: dict[str | None, Instance]) -> bool:
    """Each instance of the one follows from that of the other, and the other way round."""
    empty = instance([])
    return all(
        follows(ours.get(bundle, empty), theirs.get(bundle, empty))
        and follows(theirs.get(bundle, empty), ours.get(bundle, empty))
        for bundle in {*ours, *theirs}
    )


def surely_equivalent(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool:
    """True when they are the same already before any inference: no reading of the Recommendation tells them apart."""
    ours, theirs = (
        {bundle: unified(instance(expanded(of, numbers())), set()) for bundle, of in bundles(side).items()}
        for side in (left, right)
    )
    empty = instance([])
    return all(isomorphic(ours.get(name, empty), theirs.get(name, empty)) for name in {*ours, *theirs})
