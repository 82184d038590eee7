"""One PROV instance (a bundle, or a document's own statements): its terms, its facts, and indexes over them.

Facts are merged by equating terms; an index finds a fact by what its terms are equal to now.
Source: PROV-CONSTRAINTS section 2.4.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from typing import Final

from provstore.model.statement import Statement
from provstore.validation.facts import ANONYMOUS, KINDS, Equation, Fact
from provstore.validation.terms import CONSTANT, Terms

# Arguments that constraints 22 to 29 look facts up by, besides the identifier.
_KEYS: Final = {
    "wasGeneratedBy": (0, 1), "wasInvalidatedBy": (0, 1), "wasStartedBy": (0, 2), "wasEndedBy": (0, 2),
}  # fmt: skip


class Instance:
    """Facts and what they are known to share; the chase fills it.

    `missing` are (statement, attribute IRIs) that lack required arguments; `clashes` are equations of two constants.
    """

    def __init__(self) -> None:
        self.terms = Terms()
        self.facts: dict[str, list[Fact]] = {kind: [] for kind in KINDS}
        self.clashes: list[Equation] = []
        self.missing: list[tuple[Statement, list[str]]] = []
        self._waiting: deque[Fact] = deque()
        self._firsts: dict[Hashable, Fact] = {}
        self._groups: dict[Hashable, list[Fact]] = {}
        self._occurrences: dict[int, list[Fact]] = {}

    def add(self, fact: Fact) -> None:
        """Adds a fact, to be looked at by the chase."""
        self.facts[fact.kind].append(fact)
        self._waiting.append(fact)
        terms = self.terms
        watched = [fact.id] if fact.id != ANONYMOUS else []
        for term in (*watched, *(fact.args[place] for place in _KEYS.get(fact.kind, ()))):
            root = terms.root(term)
            if terms.rank(root) != CONSTANT:
                self._occurrences.setdefault(root, []).append(fact)

    def waiting(self) -> Iterator[Fact]:
        """The facts that are new, or whose terms were merged since they were looked at."""
        while self._waiting:
            yield self._waiting.popleft()

    def settle(self) -> None:
        """Forgets what only the chase needs; what is inferred afterwards merges nothing (inferences.infer)."""
        self._firsts.clear()
        self._groups.clear()
        self._occurrences.clear()

    def equate(self, equation: Equation) -> None:
        """Merges two terms; two different constants are a clash, and stay apart."""
        terms = self.terms
        if terms.root(equation.left) == terms.root(equation.right):
            return
        lost = terms.unify(equation)
        if lost is None:
            self.clashes.append(equation)
            return
        facts = self._occurrences.pop(lost, [])
        self._waiting.extend(facts)
        root = terms.root(lost)
        if facts and terms.rank(root) != CONSTANT:
            self._occurrences.setdefault(root, []).extend(facts)

    def would_clash(self, equation: Equation) -> bool:
        """True for two terms that are different constants."""
        terms = self.terms
        left, right = terms.root(equation.left), terms.root(equation.right)
        return left != right and terms.rank(left) == terms.rank(right) == CONSTANT

    def first(self, key: Hashable, fact: Fact) -> Fact | None:
        """The fact that came first with `key`, None when it is this one."""
        first = self._firsts.setdefault(key, fact)
        return None if first is fact else first

    def group(self, key: Hashable) -> list[Fact]:
        """The facts that were put under `key`; append to it to add one."""
        return self._groups.setdefault(key, [])

    def root(self, term: int) -> int:
        """Shorthand for `terms.root`."""
        return self.terms.root(term)
