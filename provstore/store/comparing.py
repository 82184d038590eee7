"""Comparing two documents, files or stored ones: equal, equivalent or different, and by which statements.

In: two names of documents. Out: a `Comparison`. Source: rule 4; PROV-CONSTRAINTS section 6.1 (equivalence).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from provstore.formats.prov_n.text import provn_text
from provstore.ledger.contract import Ledger
from provstore.model.document import Assertion, Namespaces, identical
from provstore.model.names import Prefixes
from provstore.model.statement import sid
from provstore.model.terms import DOCUMENT
from provstore.store.inputs import Content, read_file

Outcome = Literal["equal", "equivalent", "different"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that one document asserts more often than the other: how many times more, and as PROV-N."""

    bundle: str | None
    sid: str
    text: str
    count: int

    def as_json(self) -> dict[str, Any]:
        """The shape of docs/reference/json.md."""
        return {"bundle": self.bundle, "sid": self.sid, "text": self.text, "count": self.count}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing `a` with `b` found.

    `outcome`: equal (rule 4), equivalent (not equal, yet the normal forms of PROV-CONSTRAINTS are), or different.
    `identical`: equal, and in the same order. `only_a`, `only_b`: what makes them unequal. `notes`: why no more can be
    said, such as that a document is invalid.
    """

    a: str
    b: str
    outcome: Outcome
    identical: bool
    only_a: tuple[Difference, ...]
    only_b: tuple[Difference, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of docs/reference/json.md."""
        return {
            "a": self.a,
            "b": self.b,
            "outcome": self.outcome,
            "identical": self.identical,
            "only_a": [one.as_json() for one in self.only_a],
            "only_b": [one.as_json() for one in self.only_b],
            "notes": list(self.notes),
        }


def compare(a: str, b: str, open_ledger: Callable[[], Ledger]) -> Comparison:
    """Compares two documents.

    Args: a, b: paths (`-`: standard input, once), or IRIs of stored documents. open_ledger: called when one is stored.
    Raises: BadInput: a file cannot be read, or is no PROV document. NotFound: no such stored document.
    """
    left, right = _read(a, open_ledger), _read(b, open_ledger)
    counted = Counter(left.assertions), Counter(right.assertions)
    only_a = _differences(counted[0] - counted[1], left.namespaces)
    only_b = _differences(counted[1] - counted[0], right.namespaces)
    outcome: Outcome = "equal"
    notes: list[str] = []
    if only_a or only_b:
        outcome, notes = _equivalence((a, left), (b, right))
    same_order = identical(left.assertions, right.assertions)
    return Comparison(a, b, outcome, same_order, only_a, only_b, tuple(notes))


def _read(name: str, open_ledger: Callable[[], Ledger]) -> Content:
    if name.startswith(DOCUMENT):
        stored = open_ledger().document(name)
        header = stored.entry.header
        return Content(list(stored.assertions), header.namespaces if header else {})
    return read_file(name)


def _equivalence(*given: tuple[str, Content]) -> tuple[Outcome, list[str]]:
    """Whether two unequal documents say the same; equivalence is defined for valid ones (PROV-CONSTRAINTS 6.1)."""
    from provstore.validation import equivalent_valid, validate

    notes = []
    for name, read in given:
        broken = sorted({finding.constraint for finding in validate(read.assertions, lints=False).findings})
        if broken:
            numbers = ", ".join(map(str, broken))
            notes.append(f"{name} is not valid (constraint {numbers}), and only valid documents can be equivalent")
    if notes:
        return "different", notes
    same = equivalent_valid(given[0][1].assertions, given[1][1].assertions)
    return ("equivalent" if same else "different"), notes


def _differences(found: Counter[Assertion], namespaces: Namespaces) -> tuple[Difference, ...]:
    prefixes = Prefixes()
    prefixes.declare(namespaces)
    return tuple(
        Difference(bundle, sid(stated), provn_text(stated, prefixes), count)
        for (bundle, stated), count in sorted(found.items(), key=lambda item: _sort_key(item[0]))
    )


def _sort_key(assertion: Assertion) -> tuple[str, str, str, tuple[tuple[str, ...], ...]]:
    """By bundle, kind and identifier first, so that what belongs together stands together."""
    bundle, (kind, identifier, attributes) = assertion
    return bundle or "", kind, identifier or "", attributes
