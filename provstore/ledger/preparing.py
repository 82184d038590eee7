"""What can be worked out about an assertion without the store: canonical record, sid, and what it mentions.

In: assertions. Out: batches of columns, which a spool or a pipe carries cheaply. Pure. Source: rules 2, 13 and 14.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from provstore.batches import in_batches
from provstore.errors import BadInput, printable
from provstore.model.arguments import PLACES, Place, parse_pair
from provstore.model.document import Assertion
from provstore.model.fold import DIGEST
from provstore.model.statement import Statement, canonical
from provstore.model.terms import BY_CODE, BY_IRI, KEY_ENTITY_PAIR, PROV, QUALIFIED_NAME, RECORD_TYPES

BATCH_STATEMENTS = 2048
_CACHED = 65_536
_ELEMENT_SLOTS = {record.iri: record.code * 4 for record in RECORD_TYPES if record.is_element}
# Identifiers of statements are no elements (rule 19) and have slots of their own: a relation's own identifier where an
# element has its, the generation and the usage that a derivation names in the slots of no kind.
_IDENTIFIER_SLOTS = {record.iri: record.code * 4 for record in RECORD_TYPES if not record.is_element}
STATEMENT_SLOTS = {PROV + "generation": 1, PROV + "usage": 2}
_RELATION_SLOTS = {
    record.iri: {
        argument.iri: (
            # The entities of a dictionary's pairs stand beyond both ends (model.arguments.named).
            STATEMENT_SLOTS.get(argument.iri, record.code * 4 + (3 if argument.holds == "keys" else min(index, 2) + 1)),
            KEY_ENTITY_PAIR if argument.holds == "keys" else QUALIFIED_NAME,
        )
        for index, argument in enumerate(record.arguments)
        if argument.holds != "time"
    }
    for record in RECORD_TYPES
    if not record.is_element
}
# Every slot at which an element can be named, for probes of all of them.
SLOTS: tuple[int, ...] = tuple(
    sorted(
        {*_ELEMENT_SLOTS.values(), *(slot for slots in _RELATION_SLOTS.values() for slot, _ in slots.values())}
        - set(STATEMENT_SLOTS.values())
    )
)
# Every slot of a statement's own identifier, element records included.
OWN_SLOTS: tuple[int, ...] = (*_ELEMENT_SLOTS.values(), *_IDENTIFIER_SLOTS.values())


class _Keys(dict[str, int]):
    """Index keys that were worked out; in a document most texts come again and again."""

    def __missing__(self, text: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        found = self[text] = key(text)
        return found


_keys = _Keys()
# As `key`, for many texts.
key_of: Callable[[str], int] = _keys.__getitem__


class Batch(NamedTuple):
    """Prepared assertions as columns, in order; made of what `marshal` writes.

    `records`: canonical records. `sids`: 32 bytes each. `bundles`: bundle IRIs, or None when all are outside bundles.
    `mention_keys` (int64), `slots` (one byte) and `owners` (uint16, index into `records`) tell what is named;
    `elements`: the keys (int64) of what element records are about.
    """

    records: list[str]
    sids: bytes
    bundles: list[str | None] | None
    mention_keys: bytes
    slots: bytes
    owners: bytes
    elements: bytes


class Prepared(NamedTuple):
    """One prepared assertion; `mentions` are (key, slot) pairs."""

    record: str
    sid: bytes
    bundle: str | None
    mentions: tuple[tuple[int, int], ...]


def prepare(assertion: Assertion) -> Prepared:
    """What the ledger keeps of one assertion. Raises: BadInput: a lone surrogate, or an unknown kind of record."""
    made = batch([assertion])
    keys = array("q", made.mention_keys)
    return Prepared(made.records[0], made.sids, assertion.bundle, tuple(zip(keys, made.slots, strict=True)))


def batches(assertions: Iterable[Assertion], size: int = BATCH_STATEMENTS) -> Iterator[Batch]:
    """The assertions in batches of up to `size` (at most 65,536). Raises: BadInput: as `prepare`."""
    return map(batch, in_batches(assertions, size))


def batch(assertions: Sequence[Assertion]) -> Batch:
    """One batch of at most 65,536 assertions. Raises: BadInput: as `prepare`."""
    records = [canonical(stated) for _, stated in assertions]
    bundles = [bundle for bundle, _ in assertions]
    try:
        sids = b"".join([sha256(record.encode()).digest() for record in records])
        found = mentions(enumerate(stated for _, stated in assertions))
        "".join(filter(None, set(bundles))).encode()
    except UnicodeEncodeError as error:
        raise surrogate(assertions) from error
    return Batch(
        records,
        sids,
        bundles if any(bundles) else None,
        array("q", found.keys).tobytes(),
        bytes(found.slots),
        array("H", found.owners).tobytes(),
        array("q", found.elements).tobytes(),
    )


def key(text: str) -> int:
    """The index key of an IRI or a digest: the first eight bytes of its SHA-256, as a signed number."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)


def sid_keys(sids: bytes) -> array[int]:
    """The first eight bytes of each sid, as signed numbers."""
    found = array("q", sids)[::4]
    if sys.byteorder == "little":  # keys are big-endian, whatever the machine is
        found.byteswap()
    return found


def slot_of(kind: str, place: Place) -> int:
    """The slot of mentions at `place` in statements of that kind (an IRI)."""
    return BY_IRI[kind].code * 4 + PLACES.index(place)


def place_of(slot: int) -> tuple[str, Place]:
    """The kind (an IRI) and the place that a slot stands for."""
    return BY_CODE[slot >> 2].iri, PLACES[slot & 3]


def argument_slot(kind: str, argument: str) -> int:
    """The slot of what stands at an argument (attribute IRI) of statements of that kind of relation (an IRI)."""
    return _RELATION_SLOTS[kind][argument][0]


def mentioned_at(stated: Statement, slot: int) -> list[str]:
    """The texts under which a statement is indexed at that slot: identifiers, and digests of an element."""
    kind, identifier, attributes = stated
    if kind in _ELEMENT_SLOTS:
        found = [attribute[2] for attribute in attributes if attribute[0] == DIGEST]
        return found if identifier is None else [identifier, *found]
    if slot == _IDENTIFIER_SLOTS[kind]:
        return [] if identifier is None else [identifier]
    places = _RELATION_SLOTS[kind]
    return [
        lexical if datatype == QUALIFIED_NAME else parse_pair(lexical)[1]
        for name, datatype, lexical, _ in attributes
        if places.get(name) == (slot, datatype)
    ]


def element_slot(kind: str) -> int | None:
    """The slot of elements of that kind (an IRI); None for a relation. Raises: BadInput: it is neither."""
    if kind not in BY_IRI:
        raise BadInput(f"{kind} is no kind of PROV record")
    return _ELEMENT_SLOTS.get(kind)


def identifier_slot(kind: str) -> int:
    """The slot of the own identifiers of relations of that kind (an IRI)."""
    return _IDENTIFIER_SLOTS[kind]


def place_of_attribute(kind: str, name: str) -> tuple[int, str] | None:
    """The slot of an argument of a kind of relation, and the datatype that it needs to be indexed (both IRIs)."""
    return _RELATION_SLOTS[kind].get(name)


class Mentions(NamedTuple):
    """What statements name, as columns of a batch; `elements`: what element records are about."""

    keys: list[int]
    slots: list[int]
    owners: list[int]
    elements: list[int]


def mentions(numbered: Iterable[tuple[int, Statement]]) -> Mentions:
    """What statements name; each comes with its number in the batch."""
    found = Mentions([], [], [], [])
    for number, stated in numbered:
        slot = _ELEMENT_SLOTS.get(stated[0])
        if slot is None:
            _note_arguments(stated, number, found)
            continue
        for attribute in stated[2]:
            if attribute[0] == DIGEST:
                _note(found, attribute[2], slot, number)
        if stated[1] is not None:
            _note(found, stated[1], slot, number)
            found.elements.append(_keys[stated[1]])
    return found


def _note(found: Mentions, text: str, slot: int, number: int) -> None:
    found.keys.append(_keys[text])
    found.slots.append(slot)
    found.owners.append(number)


def _note_arguments(stated: Statement, number: int, found: Mentions) -> None:
    """Adds what a relation names to `found`: key, slot and its own number."""
    kind, identifier, attributes = stated
    places = _RELATION_SLOTS.get(kind)
    if places is None:
        raise BadInput(f"{kind} is no kind of PROV record", where=identifier)
    if identifier is not None:
        _note(found, identifier, _IDENTIFIER_SLOTS[kind], number)
    for name, datatype, lexical, _ in attributes:
        place = places.get(name)
        if place is not None and datatype == place[1]:
            _note(found, lexical if datatype == QUALIFIED_NAME else parse_pair(lexical)[1], place[0], number)


def surrogate(assertions: Sequence[Assertion]) -> BadInput:
    """The error of rule 1 for the first statement that holds a lone surrogate."""
    for _, stated in assertions:
        try:
            canonical(stated).encode()
        except UnicodeEncodeError:
            where = stated.identifier or stated.kind
            break
    else:
        where = "the name of a bundle"
    return BadInput(
        "the text holds a lone surrogate, which is no Unicode character",
        where=printable(where),
        next_step="Write the character itself, or leave it out.",
    )
