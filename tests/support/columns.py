"""Assertions in columns, made by hand: whatever has a shape lies in columns, in chunks of a given size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provstore.model.columns import Chunk, ChunkBuilder, Typing, shape_of
from provstore.model.document import Assertion


def in_columns(assertions: Sequence[Assertion], size: int = 5) -> Iterator[Chunk]:
    """The assertions in chunks of `size`."""
    for first in range(0, len(assertions), size):
        builder = ChunkBuilder()
        for bundle, stated in assertions[first : first + size]:
            place = builder.room(1, bundle)
            typings = tuple(Typing(*one[:2], one[3]) for one in stated.attributes)
            if len({typing.name for typing in typings}) < len(typings):
                builder.add(place, stated)
                continue
            shape = shape_of(stated.kind, stated.identifier is not None, typings)
            identifiers = [] if stated.identifier is None else [stated.identifier]
            builder.add_alike(shape, [place], identifiers, [[one.lexical] for one in stated.attributes])
        yield builder.take()
