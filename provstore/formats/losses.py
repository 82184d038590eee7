"""Counts what a format cannot hold: single cases come in, one Loss per kind goes out."""

from __future__ import annotations

from provstore.formats.contract import Loss
from provstore.model.statement import Statement
from provstore.model.terms import BY_IRI


class Losses:
    """Collects losses by what is lost; the first case is the example."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, what: str, stated: Statement, count: int = 1) -> None:
        """Notes that `what` of a statement is lost, `count` times."""
        known, example = self._found.get(what, (0, f"{BY_IRI[stated.kind].name} {stated.identifier or ''}".strip()))
        self._found[what] = known + count, example

    def found(self) -> list[Loss]:
        """The losses, in the order of their first cases."""
        return [Loss(what, count, example) for what, (count, example) in self._found.items()]
