"""What a check reports before it is put into words: the constraint, what it is about, and the facts that make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from provstore.model.statement import Statement
from provstore.validation.facts import Fact, Reason
from provstore.validation.terms import Terms


@dataclass(slots=True)
class Link:
    """One step of a cycle: a statement about two events, and what supports it."""

    before: str
    after: str
    strict: bool
    constraint: int
    support: Support


@dataclass(slots=True)
class Problem:
    """A violation. `subject` tells it from others of the same constraint; `text` says what is wrong here.

    Of a cycle: `names` are all elements that are tied up with it, `suspects` statements without which this cycle is
    broken, and `mended` says that then no other is left among those elements.
    """

    constraint: int
    subject: str
    text: str
    support: Support
    links: tuple[Link, ...] = ()
    names: set[str] = field(default_factory=set)
    suspects: tuple[Statement, ...] = ()
    mended: bool = False


@dataclass(slots=True)
class Support:
    """Statements that together make something true, in the order in which they were found."""

    statements: dict[Statement, None] = field(default_factory=dict)

    def facts(self, facts: Iterable[Fact | None]) -> Support:
        """Adds what states these facts."""
        for fact in facts:
            if fact is not None:
                self.statements.update(dict.fromkeys(fact.statements()))
        return self

    def equality(self, terms: Terms, left: int, right: int) -> Support:
        """Adds what makes two terms equal: the merges between them, and what made those apply."""
        waiting, seen = [(left, right)], set()
        while waiting:
            pair = waiting.pop()
            if pair in seen or pair[0] == pair[1]:
                continue
            seen.add(pair)
            for reason in terms.why_equal(*pair):
                self.facts((reason.left, reason.right))
                waiting.extend(matched(reason))
        return self

    def reason(self, terms: Terms, reason: Reason) -> Support:
        """Adds the facts of a reason, and why the constraint applies to them."""
        self.facts((reason.left, reason.right))
        for left, right in matched(reason):
            self.equality(terms, left, right)
        return self


def matched(reason: Reason) -> list[tuple[int, int]]:
    """The terms of two facts that had to be equal for a constraint to apply to them."""
    constraint, left, right = reason
    if constraint in (24, 25):
        places: tuple[int, ...] = (0, 1)
    elif constraint in (26, 27):
        places = (0, 2)
    elif constraint in (28, 29):
        return [(left.id, right.args[0])]
    else:
        return [(left.id, right.id)]
    return [(left.args[place], right.args[place]) for place in places]
