"""A connection to the database of a ledger: its statements are run by name, values bound.

Each database has the same statements under the same names, in `schema/ledger/<database>/statements`, so that what is
kept, and how it is read, is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

# By name or by position, as the statement has it. Lists are JSON.
Values = Mapping[str, Any] | Sequence[Any]


class Readable(Protocol):
    """A connection to read from, and the texts of a ledger's statements. Errors are those of the database's driver."""

    def rows(self, name: str, values: Values = ()) -> list[Any]:
        """All rows of a statement."""
        ...

    def first(self, name: str, values: Values = ()) -> Any:
        """The first row of a statement, or None."""
        ...

    def stream(self, name: str, values: Values = ()) -> Iterator[Any]:
        """The rows of a statement, a part at a time, for answers too large for memory."""
        ...


class Session(Readable, Protocol):
    """A connection that may write, too."""

    def run(self, name: str, values: Values = ()) -> None:
        """Runs a statement that gives no rows."""
        ...

    def run_many(self, name: str, rows: Iterable[Values]) -> None:
        """Runs a statement once for each row of values."""
        ...
