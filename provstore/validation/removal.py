"""What would have to go: a violation comes in, a minimal support and a smallest set of statements to remove go out.

A removal must hit every minimal support of the violation. They are found one by one: a smallest set that hits those
that are known is tried; if the violation is still there, it has a support that is new (implicit hitting sets).
Source: Reiter, "A theory of diagnosis from first principles", 1987; Ignatiev et al., "Smallest MUS extraction", 2015.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from provstore.model.statement import Statement
from provstore.model.terms import BY_IRI, QUALIFIED_NAME
from provstore.validation.examining import examine
from provstore.validation.problems import Problem
from provstore.validation.words import Words

# Up to here the answer is exact: statements around a violation, in a support, in a removal, and supports.
_AROUND: Final = 400
_IN_SUPPORT: Final = 24
_REMOVED: Final = 3
_SUPPORTS: Final = 12
# How many statements may be looked at, again and again, for all findings of one call.
_BUDGET: Final = 60_000


class Removals:
    """Finds removals in one bundle's statements; `budget` bounds the work for all of them together."""

    def __init__(self, statements: list[Statement], words: Words) -> None:
        self._order = {stated: place for place, stated in enumerate(statements)}
        self._words = words
        self._budget = _BUDGET
        self._naming: dict[str, list[Statement]] = {}
        for stated in self._order:
            for name in names_in(stated):
                self._naming.setdefault(name, []).append(stated)

    def minimal(self, problem: Problem) -> tuple[Problem, list[Statement]]:
        """The support in the order of the document, without statements that are not needed, if that can be checked.

        The problem comes back as it is among these alone.
        """
        needed = support = sorted(problem.support.statements, key=self._order.__getitem__)
        shown = self._holds(problem, support) if len(support) <= _IN_SUPPORT else None
        if shown is not None:
            for stated in support:
                fewer = [one for one in needed if one is not stated]
                still = self._holds(problem, fewer)
                if still is not None:
                    needed, shown = fewer, still
        return shown or problem, needed

    def smallest(self, problem: Problem, support: list[Statement]) -> tuple[list[Statement], bool]:
        """A set of statements without which the violation is gone, and whether no smaller one does it.

        False: the violation is too large for that to be checked; the set breaks it, and may leave others like it.
        """
        around = self._around(problem, support)
        if len(around) > _AROUND or len(support) > _IN_SUPPORT:
            chosen = list(problem.suspects) or self._preferred(support)[:1]
            return chosen, problem.mended and len(chosen) == 1
        supports = [support]
        hitting: list[Statement] = []
        while len(supports) <= _SUPPORTS:
            found = self._hitting(supports)
            if found is None:
                break
            hitting = found
            still = self._holds(problem, [one for one in around if one not in hitting])
            if self._budget < 0:
                break
            if still is None:
                return hitting, True
            supports.append(self.minimal(still)[1])
        return self._greedy(problem, around, hitting), False

    def _greedy(self, problem: Problem, around: list[Statement], start: list[Statement]) -> list[Statement]:
        chosen = list(start)
        while self._budget > 0:
            still = self._holds(problem, [one for one in around if one not in chosen])
            if still is None:
                break
            chosen.extend(self._preferred(list(still.support.statements))[:1])
        return chosen or self._preferred(list(problem.support.statements))[:1]

    def _holds(self, problem: Problem, statements: list[Statement]) -> Problem | None:
        """The violation as it is among some statements, or None when they don't have it."""
        self._budget -= len(statements)
        if self._budget < 0:
            return None
        for other in examine(statements, self._words):
            # Of cycles, all of one component are one violation.
            same = problem.names & other.names if problem.links else other.subject == problem.subject
            if other.constraint == problem.constraint and same:
                return other
        return None

    def _around(self, problem: Problem, support: list[Statement]) -> list[Statement]:
        """All statements that name something that the violation names, in the order of the document."""
        names = problem.names.union(*map(names_in, support))
        # A name that very many statements share is no reason to look at them all.
        found = {one for name in names for one in self._naming.get(name, ())[: _AROUND + 1]}
        return sorted(found, key=self._order.__getitem__)

    def _hitting(self, supports: list[list[Statement]]) -> list[Statement] | None:
        """A smallest set with a statement of each support, or None when it would be larger than is tried."""
        for size in range(1, _REMOVED + 1):
            found = self._hitting_with(size, supports)
            if found is not None:
                return found
        return None

    def _hitting_with(self, size: int, supports: list[list[Statement]]) -> list[Statement] | None:
        """As `_hitting`, of `size` statements at most: one of the first support, and what hits those without it."""
        if not supports or size == 0:
            return None if supports else []
        for one in self._preferred(supports[0]):
            found = self._hitting_with(size - 1, [support for support in supports if one not in support])
            if found is not None:
                return [one, *found]
        return None

    def _preferred(self, statements: Iterable[Statement]) -> list[Statement]:
        """Relations before elements, what came later before what was there."""
        return sorted(statements, key=lambda one: (BY_IRI[one.kind].is_element, -self._order.get(one, 0)))


def names_in(stated: Statement) -> set[str]:
    """The identifiers that a statement names in its arguments, and its own."""
    formal = {argument.iri for argument in BY_IRI[stated.kind].arguments}
    names = {a.lexical for a in stated.attributes if a.name in formal and a.datatype == QUALIFIED_NAME}
    return names | {stated.identifier} if stated.identifier is not None else names
