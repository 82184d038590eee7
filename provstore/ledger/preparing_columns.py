"""What `preparing` works out assertion by assertion, for statements in columns: once per shape what follows from that.

In: chunks. Out: the same batches. Source: rules 2, 13 and 14.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from hashlib import sha256
from itertools import repeat
from typing import NamedTuple

from provstore.ledger.preparing import (
    Batch,
    Mentions,
    element_slot,
    identifier_slot,
    key_of,
    mentions,
    place_of_attribute,
    surrogate,
)
from provstore.model.arguments import parse_pair
from provstore.model.columns import MOST_SHAPES, Alike, Chunk, Shape
from provstore.model.fold import DIGEST
from provstore.model.statement import canonical, quoted
from provstore.model.terms import KEY_ENTITY_PAIR


class _Indexed(NamedTuple):
    """What a shape's statements are found by: slots of their own identifier, and of columns by number."""

    is_element: bool
    own: int
    columns: tuple[tuple[int, int, bool], ...]  # number, slot, whether the values are key-entity pairs


def batch_of(chunk: Chunk) -> Batch:
    """As `preparing.batch`. Raises: BadInput: as that."""
    records = _records(chunk)
    bundles = None if chunk.bundles is None else list(chunk.bundles)
    try:
        sids = b"".join([sha256(record).digest() for record in map(str.encode, records)])
        found = _mentions(chunk)
        "".join(filter(None, set(bundles or ()))).encode()
    except UnicodeEncodeError as error:
        raise surrogate(chunk.assertions()) from error
    return Batch(
        records,
        sids,
        bundles,
        array("q", found.keys).tobytes(),
        bytes(found.slots),
        array("H", found.owners).tobytes(),
        array("q", found.elements).tobytes(),
    )


def _records(chunk: Chunk) -> list[str]:
    found = [""] * chunk.size
    for place, stated in chunk.singles:
        found[place] = canonical(stated)
    for each in chunk.alike:
        names = map(quoted, each.identifiers) if each.identifiers else repeat("null")
        made = map(_template(each.shape).__mod__, zip(names, *_texts(each), strict=False))
        for place, record in zip(each.places, made, strict=False):
            found[place] = record
    return found


def _texts(alike: Alike) -> list[map[str]]:
    return [map(quoted, column) for column in alike.columns]


@lru_cache(maxsize=MOST_SHAPES)
def _template(shape: Shape) -> str:
    """The canonical record with places for identifier and lexical forms (model.statement.canonical)."""
    parts = [
        f"[{_escaped(name)},{_escaped(datatype)},%s,{_escaped(language)}]"
        for name, datatype, language in shape.attributes
    ]
    return f"[{_escaped(shape.kind)},%s,[{','.join(parts)}]]"


def _escaped(text: str) -> str:
    return quoted(text).replace("%", "%%")


def _mentions(chunk: Chunk) -> Mentions:
    found = mentions(chunk.singles)
    for each in chunk.alike:
        indexed = _indexed(each.shape)
        if each.identifiers:
            keys = list(map(key_of, each.identifiers))
            _add(found, keys, indexed.own, each.places)
            if indexed.is_element:
                found.elements.extend(keys)
        for number, slot, is_pair in indexed.columns:
            column = each.columns[number]
            texts = [parse_pair(lexical)[1] for lexical in column] if is_pair else column
            _add(found, list(map(key_of, texts)), slot, each.places)
    return found


def _add(found: Mentions, keys: list[int], slot: int, owners: list[int]) -> None:
    found.keys.extend(keys)
    found.slots.extend(repeat(slot, len(keys)))
    found.owners.extend(owners)


@lru_cache(maxsize=MOST_SHAPES)
def _indexed(shape: Shape) -> _Indexed:
    own = element_slot(shape.kind)
    if own is not None:
        digests = [(number, own, False) for number, one in enumerate(shape.attributes) if one.name == DIGEST]
        return _Indexed(True, own, tuple(digests))
    columns = []
    for number, (name, datatype, _) in enumerate(shape.attributes):
        place = place_of_attribute(shape.kind, name)
        if place is not None and place[1] == datatype:
            columns.append((number, place[0], datatype == KEY_ENTITY_PAIR))
    return _Indexed(False, identifier_slot(shape.kind), tuple(columns))
