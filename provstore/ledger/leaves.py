"""What the leaves of the tree cover, as text: assertions, and everything that an entry says (rule 13).

An assertion's text is `[record, document, position, bundle]`, an entry's is a JSON object; both are RFC 8785 JSON.
Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from provstore.ledger.contract import Entry
from provstore.ledger.merkle import leaf_hash
from provstore.ledger.preparing import Batch
from provstore.model.document import Header
from provstore.model.terms import DOCUMENT

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


_HEADER_FIELDS = tuple(field.name for field in fields(Header))


def document_iri(space: str, unit: str, content_digest: str, salt: bytes) -> str:
    """The document's IRI (rule 11): the digest of what it is, and of its salt."""
    named = _list([space, unit, content_digest, salt.hex()])
    return DOCUMENT + sha256(named.encode()).hexdigest()


def leaf_data(salt: bytes, text: str) -> bytes:
    """The data of a salted leaf (rule 13): 0x01 || SHA-256(salt || text)."""
    return b"\x01" + sha256(salt + text.encode()).digest()


def assertion_text(record: str, document: str, position: int, bundle: str | None) -> str:
    """What the leaf of an assertion covers."""
    scope = "null" if bundle is None else _encode(bundle)
    return f'[{record},"{document}",{position},{scope}]'


def assertion_hashes(batches: Iterable[Batch], document: str, salt: bytes) -> Iterator[bytes]:
    """The leaf hashes of a document's assertions, one piece for each batch."""
    opening, middle = salt + b"[", f',"{document}",'.encode()
    position = 0
    for batch in batches:
        bundles = batch.bundles or [None] * len(batch.records)
        scopes = {bundle: b"null" if bundle is None else _encode(bundle).encode() for bundle in set(bundles)}
        # Written out, because this runs once per assertion: leaf_hash(leaf_data(salt, assertion_text(...))).
        yield b"".join(
            [
                sha256(
                    b"\x00\x01"
                    + sha256(b"%b%b%b%d,%b]" % (opening, record.encode(), middle, at, scopes[bundle])).digest()
                ).digest()
                for at, (record, bundle) in enumerate(zip(batch.records, bundles, strict=True), position)
            ]
        )
        position += len(batch.records)


def entry_text(entry: Entry, header: str | None = None) -> str:
    """What the leaf of an entry covers: all that it says but its root, which depends on the leaf.

    Args: header: the entry's as text (header_text), where that is known already.
    """
    if entry.header is None:
        header = "null"
    elif header is None:
        header = header_text(entry.header)
    opened, closed, blobs = _list(entry.opened), _list(entry.closed), _list(entry.blobs)
    # By hand, because every small document waits for it: the names in order, as RFC 8785 has them.
    return (
        f'{{"actor":{quoted(entry.actor)},"blobs":{blobs},"closed":{closed}'
        f',"content_digest":{_text(entry.content_digest)},"document":{quoted(entry.document)}'
        f',"first_leaf":{entry.first_leaf},"header":{header},"kind":{quoted(entry.kind)},"leaves":{entry.leaves}'
        f',"opened":{opened},"reason":{_text(entry.reason)},"sequence":{entry.sequence}'
        f',"statements":{entry.statements},"time":{quoted(entry.time)}}}'
    )


def entry_hash(entry: Entry, salt: bytes, header: str | None = None) -> bytes:
    """The hash of an entry's own leaf. Args: header: as `entry_text`."""
    return leaf_hash(leaf_data(salt, entry_text(entry, header)))


def header_text(header: Header) -> str:
    """A header as JSON, for storing."""
    return _encode(_header_fields(header))


def parse_header(text: str) -> Header:
    """The inverse of `header_text`."""
    given = json.loads(text)
    given["namespaces"] = {bundle: dict(prefixes) for bundle, prefixes in given["namespaces"]}
    return Header(**given)


def _header_fields(header: Header) -> dict[str, Any]:
    found = {name: getattr(header, name) for name in _HEADER_FIELDS}
    # Lists keep the order of prefixes as written, and a bundle may be None.
    found["namespaces"] = [[bundle, list(prefixes.items())] for bundle, prefixes in header.namespaces.items()]
    return found


def _list(texts: Iterable[str]) -> str:
    return f"[{','.join(map(quoted, texts))}]"


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)
