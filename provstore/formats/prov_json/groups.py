"""Sorts records into groups on disk: records come in any order, the text of each group goes out in order.

PROV-JSON keeps the records of one type together and gives several records of one name as one array; the memory must
not grow with the document all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

from provstore.formats.json_values import encode
from provstore.formats.repeats import Repeats
from provstore.formats.spool import Lines, Spool


class Group(Lines):
    """The records of one type in one bundle, each a line `"name": {...}`."""

    __slots__ = ("_repeats",)

    def __init__(self, spool: Spool) -> None:
        super().__init__(spool)
        self._repeats = Repeats()

    def add(self, name: str, record: str) -> None:
        """Adds a record, its JSON text, under `name`."""
        self._repeats.note(hash(name))
        self.keep(f"{encode(name)}: {record}")

    def entries(self) -> Iterator[str]:
        """The entries `"name": {...}`, or `"name": [{...}, {...}]` where the first of several stood."""
        repeated = self._repeats.found()
        if not repeated:
            yield from self.lines()
            return
        arrays: dict[str, list[str]] = {}
        for name, record in self._split():
            if hash(name) in repeated:
                arrays.setdefault(name, []).append(record)
        for name, record in self._split():
            if name not in arrays:
                yield f"{encode(name)}: {record}"
            elif arrays[name]:
                records = arrays[name]
                yield f"{encode(name)}: [{', '.join(records)}]" if len(records) > 1 else f"{encode(name)}: {record}"
                arrays[name] = []

    def _split(self) -> Iterator[tuple[str, str]]:
        for line in self.lines():
            name, end = scanstring(line, 1, True)
            yield name, line[end + 2 :]
