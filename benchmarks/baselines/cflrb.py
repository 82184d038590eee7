"""CflrB: context-free reachability over the grammar of similar paths, with rows packed into bits.

Source: Chaudhuri, "Subcubic algorithms for recursive state machines" (POPL 2008), over the normal form of SimProv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from benchmarks.baselines.lineage import Lineage

_UNARY: Final = (("X", "Dst"), ("X", "Inner"))
# M -> N O. The words: a source, up through activities to a destination, down through as many.
_BINARY: Final = (
    ("Inner", "Ent", "Y"), ("Y", "Ee", "Ent"), ("P1", "G-1", "X"), ("P2", "P1", "G"), ("P3", "Act", "P2"),
    ("P4", "P3", "Act"), ("P5", "U-1", "P4"), ("Ee", "P5", "U"),
)  # fmt: skip


def similar(lineage: Lineage, sources: Collection[str], destinations: Collection[str]) -> set[str]:
    """The entities that are similar to a source."""
    facts = Facts(lineage, destinations)
    rows = facts.rows["Ee"]
    return {facts.names[t] for s in sources if s in facts.numbers for t in _bits(rows[facts.numbers[s]])}


class Facts:
    """All facts N(u, v) of the grammar, as one row of bits for each (N, u) and each (N, v)."""

    def __init__(self, lineage: Lineage, destinations: Collection[str]) -> None:
        self.names = list(lineage.order)
        self.numbers = {name: number for number, name in enumerate(self.names)}
        self.rows: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._columns: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._waiting: list[tuple[str, int, int]] = []
        self._state(lineage, destinations)
        self._close()

    def count(self, symbol: str) -> int:
        """How many facts there are of one symbol."""
        return sum(row.bit_count() for row in self.rows[symbol].values())

    def _state(self, lineage: Lineage, destinations: Collection[str]) -> None:
        activities = {one for several in lineage.generated_by.values() for one in several} | lineage.used.keys()
        for name, number in self.numbers.items():
            self._add("Act" if name in activities else "Ent", number, number)
        for symbol, links in (("G", lineage.generated_by), ("U", lineage.used)):
            for effect, causes in links.items():
                for cause in causes:
                    self._add(symbol, self.numbers[effect], self.numbers[cause])
                    self._add(f"{symbol}-1", self.numbers[cause], self.numbers[effect])
        for name in destinations:
            self._add("Dst", self.numbers[name], self.numbers[name])

    def _add(self, symbol: str, u: int, v: int) -> None:
        if not self.rows[symbol][u] >> v & 1:
            self.rows[symbol][u] |= 1 << v
            self._columns[symbol][v] |= 1 << u
            self._waiting.append((symbol, u, v))

    def _close(self) -> None:
        rows, columns = self.rows, self._columns
        while self._waiting:
            symbol, u, v = self._waiting.pop()
            for made, part in _UNARY:
                if part == symbol:
                    self._add(made, u, v)
            for made, first, second in _BINARY:
                if first == symbol:
                    for w in _bits(rows[second][v] & ~rows[made][u]):
                        self._add(made, u, w)
                if second == symbol:
                    for w in _bits(columns[first][u] & ~columns[made][v]):
                        self._add(made, w, v)


def _bits(row: int) -> Iterator[int]:
    while row:
        least = row & -row
        yield least.bit_length() - 1
        row ^= least
