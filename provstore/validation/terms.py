"""Terms: identifiers, times, the placeholder and existential variables as integers, merged with a proof of why.

Source: PROV-CONSTRAINTS section 2.4 (unification); Nieuwenhuis and Oliveras, "Proof-producing congruence closure",
2005 (proof forest).
"""

from __future__ import annotations

import re
from typing import Final

from provstore.model.terms import BLANK
from provstore.model.times import instant
from provstore.validation.facts import Equation, Reason

# How much a term says: a merged class is named after its most telling term.
FRESH: Final = 0
BLANK_NODE: Final = 1
CONSTANT: Final = 2
_FRACTION: Final = re.compile(r"\.(\d+)")
# What `instant` tells apart.
_MICROSECONDS: Final = 6


class Terms:
    """The terms of one instance.

    Constants are identifiers, times and the placeholder; blank identifiers and fresh terms are existential variables.
    Constants unify with themselves only, existential variables with every term.
    """

    def __init__(self) -> None:
        self._labels: list[str | None] = ["-"]
        self._ranks = bytearray([CONSTANT])
        self._parents = [0]
        self._sizes: dict[int, int] = {}
        self._identifiers: dict[str, int] = {}
        self._times: dict[str, int] = {}
        self._proofs: dict[int, tuple[int, Reason]] = {}

    def identifier(self, iri: str) -> int:
        """The term of an identifier; a blank one is an existential variable."""
        term = self._identifiers.get(iri)
        if term is None:
            term = self._identifiers[iri] = self._new(iri, BLANK_NODE if iri.startswith(BLANK) else CONSTANT)
        return term

    def known(self, iri: str) -> int | None:
        """The term of an identifier that was met before, or None."""
        return self._identifiers.get(iri)

    def time(self, lexical: str) -> int:
        """The term of a time, by value: two spellings of one instant are the same constant."""
        term = self._times.get(lexical)
        if term is None:
            value = time_value(lexical)
            term = self._times.get(value)
            if term is None:
                term = self._times[value] = self._new(lexical, CONSTANT)
            self._times[lexical] = term
        return term

    def fresh(self) -> int:
        """A new existential variable."""
        return self._new(None, FRESH)

    def _new(self, label: str | None, rank: int) -> int:
        term = len(self._parents)
        self._parents.append(term)
        self._labels.append(label)
        self._ranks.append(rank)
        return term

    def root(self, term: int) -> int:
        """The term that stands for all that are equal to `term`: the constant, when there is one."""
        parents = self._parents
        while parents[term] != term:
            parents[term] = parents[parents[term]]
            term = parents[term]
        return term

    def rank(self, term: int) -> int:
        """FRESH, BLANK_NODE or CONSTANT, of the class of `term`."""
        return self._ranks[self.root(term)]

    def label(self, term: int) -> str | None:
        """The identifier or time as written, of the class of `term`; None for a fresh variable."""
        return self._labels[self.root(term)]

    def unify(self, equation: Equation) -> int | None:
        """Merges two different classes; the root that lost, or None when two constants can't be merged."""
        left, right, reason = equation
        keep, lose = self.root(left), self.root(right)
        if self._ranks[keep] == self._ranks[lose] == CONSTANT:
            return None
        if (self._ranks[keep], self._size(keep)) < (self._ranks[lose], self._size(lose)):
            keep, lose = lose, keep
        small, large = (left, right) if self._size(self.root(left)) < self._size(self.root(right)) else (right, left)
        self._reroot(small)
        self._proofs[small] = (large, reason)
        self._sizes[keep] = self._size(keep) + self._sizes.pop(lose, 1)
        self._parents[lose] = keep
        return lose

    def _size(self, root: int) -> int:
        return self._sizes.get(root, 1)

    def _reroot(self, term: int) -> None:
        """Turns the proof edges on the way from `term` to its tree's root round."""
        edge = self._proofs.pop(term, None)
        while edge is not None:
            towards, reason = edge
            edge = self._proofs.pop(towards, None)
            self._proofs[towards] = (term, reason)
            term = towards

    def why_equal(self, left: int, right: int) -> list[Reason]:
        """The merges that make two terms equal, from one to the other."""
        seen: dict[int, int] = {left: 0}
        reasons: list[Reason] = []
        term = left
        while term in self._proofs:
            term, reason = self._proofs[term]
            reasons.append(reason)
            seen[term] = len(reasons)
        others: list[Reason] = []
        term = right
        while term not in seen:
            term, reason = self._proofs[term]
            others.append(reason)
        return reasons[: seen[term]] + others


def time_value(lexical: str) -> str:
    """One text for all spellings of a time: the instant in UTC, without Z when it has no zone; else the text itself.

    Source: XML Schema Part 2, section 3.2.7.4 (a time without a zone equals none with one).
    """
    moment = instant(lexical)
    fraction = _FRACTION.search(lexical)
    if moment is None or (fraction is not None and len(fraction[1]) > _MICROSECONDS):
        return lexical
    return moment.utc.removesuffix("Z") if moment.zone_assumed else moment.utc
