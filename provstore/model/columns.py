"""Statements as columns: those of one shape lie together, so that what follows from the shape is worked out once.

A large document has a few dozen shapes. What has none of them, or is alone with it, goes beside the columns as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final, NamedTuple

from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement

# A document of ever new shapes takes no more memory.
MOST_SHAPES: Final = 1_000


class Typing(NamedTuple):
    """Of one attribute all but its lexical form: full IRIs, and a language or ""."""

    name: str
    datatype: str
    language: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What statements have in common that differ in identifiers and lexical forms only; compared as objects.

    `attributes`: in canonical order, each name once, so that lexical forms do not change the order (rule 2).
    """

    kind: str
    is_identified: bool
    attributes: tuple[Typing, ...]


@lru_cache(maxsize=MOST_SHAPES)
def shape_of(kind: str, is_identified: bool, attributes: tuple[Typing, ...]) -> Shape:
    """The shape of statements, the same object for all of them as long as it is in use."""
    return Shape(kind, is_identified, attributes)


class Alike(NamedTuple):
    """Statements of one shape.

    `places`: of each in its chunk. `identifiers`: empty when they have none. `columns`: per attribute of the shape the
    lexical forms.
    """

    shape: Shape
    places: list[int]
    identifiers: list[str]
    columns: list[list[str]]

    def statements(self) -> Iterator[Statement]:
        """The statements, in the order of `places`."""
        kind, attributes = self.shape.kind, self.shape.attributes
        rows: Iterable[tuple[str, ...]] = zip(*self.columns, strict=True) if self.columns else repeat(())
        identifiers: Iterable[str | None] = self.identifiers or repeat(None)
        for _, identifier, lexicals in zip(self.places, identifiers, rows, strict=False):
            said = zip(attributes, lexicals, strict=True)
            stated = tuple(Attribute(name, datatype, text, language) for (name, datatype, language), text in said)
            yield Statement(kind, identifier, stated)


class Chunk(NamedTuple):
    """Assertions that follow each other in a document.

    `bundles`: of each its bundle's IRI; None: all are outside of bundles. `singles`: statements beside the columns,
    each with its place, in order.
    """

    size: int
    bundles: Sequence[str | None] | None
    alike: Sequence[Alike]
    singles: Sequence[tuple[int, Statement]]

    @classmethod
    def of(cls, assertions: Sequence[Assertion]) -> Chunk:
        """A chunk without columns."""
        bundles = [bundle for bundle, _ in assertions]
        singles = list(enumerate(stated for _, stated in assertions))
        return cls(len(singles), bundles if any(bundles) else None, (), singles)

    def assertions(self) -> list[Assertion]:
        """All of them, in order."""
        found = dict(self.singles)
        for each in self.alike:
            found.update(zip(each.places, each.statements(), strict=True))
        bundles: Iterable[str | None] = self.bundles or repeat(None)
        return [Assertion(bundle, found[place]) for place, bundle in zip(range(self.size), bundles, strict=False)]


class ChunkBuilder:
    """Collects assertions until there are enough for a chunk."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.count = 0
        self._bundles: list[str | None] = []
        self._alike: dict[Shape, Alike] = {}
        self._singles: list[tuple[int, Statement]] = []

    def room(self, count: int, bundle: str | None) -> int:
        """The place of the first of so many assertions that are to be added."""
        first = self.count
        self.count += count
        self._bundles += repeat(bundle, count)
        return first

    def add(self, place: int, stated: Statement) -> None:
        """Adds one statement at a place that there is room for; places grow."""
        self._singles.append((place, stated))

    def add_alike(self, shape: Shape, places: list[int], identifiers: list[str], columns: list[list[str]]) -> None:
        """Adds statements of one shape."""
        known = self._alike.get(shape)
        if known is None:
            self._alike[shape] = Alike(shape, places, identifiers, columns)
            return
        known.places.extend(places)
        known.identifiers.extend(identifiers)
        for column, more in zip(known.columns, columns, strict=True):
            column.extend(more)

    def take(self) -> Chunk:
        """What was collected; begins anew."""
        bundles = self._bundles if any(self._bundles) else None
        chunk = Chunk(self.count, bundles, list(self._alike.values()), self._singles)
        self._begin()
        return chunk
