"""What is stated now in one bundle of one space, by what it names: for the validation of what is added (decision 7).

In: identifiers or statements. Out: statements, each once. What derived documents say is left out (rule 16).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from provstore.ledger.preparing import OWN_SLOTS, SLOTS, STATEMENT_SLOTS, argument_slot, key, mentioned_at, sid_keys
from provstore.ledger.reading import Reading
from provstore.model.statement import Statement, parse_record, sid
from provstore.model.terms import BY_NAME

Item = TypeVar("Item")
_AT_ONCE = 500
_ALL_SLOTS = json.dumps(sorted({*SLOTS, *OWN_SLOTS, *STATEMENT_SLOTS.values()}))


class Stated:
    """The live statements of one bundle (None: of the documents themselves) in one space.

    Args: without: numbers of documents that are left out.
    """

    def __init__(self, reading: Reading, space: str, bundle: str | None, without: Collection[int] = ()) -> None:
        self._reading = reading
        row = [] if bundle is None else reading.rows("bundle", {"iri": bundle})
        self._is_empty = bundle is not None and not row
        self._where: dict[str, Any] = {
            "space": space,
            "bundle": row[0][0] if row else None,
            "without": json.dumps(sorted(without)),
        }
        # By name, the slots at which the ledger has it anywhere: most look-ups end here.
        self._slots: dict[str, set[int]] = {}

    def known(self, names: Collection[str]) -> set[str]:
        """Those of the names that a statement of the bundle may have; the others it has not."""
        if self._is_empty:
            return set()
        for some in _parts([name for name in names if name not in self._slots]):
            self._note_slots(some)
        return {name for name in names if self._slots[name]}

    def identified(self, iri: str) -> Iterator[Statement]:
        """The statements whose identifier is `iri`, element records included."""
        return (one for one in self._at(iri, OWN_SLOTS) if one.identifier == iri)

    def naming(self, kind: str, argument: str, iri: str, limit: int | None) -> Iterator[Statement]:
        """The statements of a kind (PROV-N keyword) with `iri` as that argument (attribute IRI), `limit` at most."""
        return islice(self._at(iri, (argument_slot(BY_NAME[kind].iri, argument),)), limit)

    def holding(self, statements: Iterable[Statement]) -> set[Statement]:
        """Those of the statements that are stated already."""
        wanted, found = set(statements), set[Statement]()
        for some in [] if self._is_empty else _parts(list(wanted)):
            rows = self._reading.rows("stated_sids", {"keys": _keys(some), **self._where})
            found.update(parse_record(record) for (record,) in rows)
        return wanted & found

    def _at(self, iri: str, slots: Sequence[int]) -> Iterator[Statement]:
        if not self.known([iri]):
            return
        present = [slot for slot in slots if slot in self._slots[iri]]
        if not present:
            return
        values = {"key": key(iri), "slots": json.dumps(present), **self._where}
        for slot, record in self._reading.stream("stated", values):
            stated = parse_record(record)
            if iri in mentioned_at(stated, slot):
                yield stated

    def _note_slots(self, names: Sequence[str]) -> None:
        by_key: dict[int, list[str]] = {}
        for name in names:
            self._slots[name] = set()
            by_key.setdefault(key(name), []).append(name)
        for hashed, slot in self._reading.rows("stated_slots", {"keys": json.dumps([*by_key]), "slots": _ALL_SLOTS}):
            for name in by_key[hashed]:
                self._slots[name].add(slot)


def _keys(statements: Iterable[Statement]) -> str:
    return json.dumps(sid_keys(b"".join(bytes.fromhex(sid(stated)) for stated in statements)).tolist())


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
