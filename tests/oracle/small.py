"""Small ledgers for the hand-worked tests."""

from __future__ import annotations

from collections.abc import Iterable

from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.statements import OracleStatement
from tests.oracle.terms import EX, day
from tests.oracle.view import Edge, View, view_of


def say(ledger: OracleLedger, *statements: OracleStatement, space: str = "default", unit: str | None = None) -> None:
    """Append one event with these statements, by default a unit of its own."""
    number = len(ledger.documents) + 1
    assertions = tuple((None, s) for s in statements)
    ledger.append([OracleDocument(unit or f"u{number}", assertions, "event", day(number), space)])


def graph(*statements: OracleStatement) -> View:
    """The view of one document."""
    ledger = OracleLedger()
    say(ledger, *statements)
    return view_of(ledger)


def short(iris: Iterable[str]) -> set[str]:
    """IRIs of the example namespace without it."""
    return {iri.removeprefix(EX) for iri in iris}


def drawn(edges: Iterable[Edge]) -> set[tuple[str, str, str]]:
    """Edges as (relation, source, target), names shortened."""
    return {(e.relation, e.source.removeprefix(EX), e.target.removeprefix(EX)) for e in edges}
