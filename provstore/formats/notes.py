"""What a reader repaired on its way: single cases come in, one warning per kind with its count goes out."""

from __future__ import annotations

from typing import Protocol


class Placed(Protocol):
    """A reader that knows where it stands."""

    def place(self) -> str:
        """`source:line:column` of what is being read."""
        ...


class Notes:
    """Collects warnings of one reading; a kind that comes a million times is one warning."""

    __slots__ = ("_counts", "_first", "_reader")

    def __init__(self, reader: Placed) -> None:
        self._reader = reader
        self._first: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def add(self, what: str, example: str) -> None:
        """Notes one case at the place of the record that is being read."""
        if what not in self._first:
            self._first[what] = f"{self._reader.place()}: {what}: {example}"
        self._counts[what] = self._counts.get(what, 0) + 1

    def warnings(self) -> list[str]:
        """One text for each kind, in the order of the first cases."""
        return [
            text if self._counts[what] == 1 else f"{text} (and {self._counts[what] - 1} more)"
            for what, text in self._first.items()
        ]
