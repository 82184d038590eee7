"""A document: a header, ordered statements (some in bundles), and the bytes that belong to them.

Source: rules 4 to 7, 15 and 16.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from provstore.model.statement import Statement, quoted, sid

SID_BYTES: Final = 32
Mode = Literal["snapshot", "event"]
# Prefix map per bundle IRI; None is the document itself, the empty prefix its default namespace.
Namespaces = Mapping[str | None, Mapping[str, str]]


class Assertion(NamedTuple):
    """ "This document says this statement", inside `bundle` (full IRI) or directly (None)."""

    bundle: str | None
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a document says of itself, and where it came from.

    Args: unit: what it speaks for (rule 7). mode: `snapshot` = all that the source says of the unit, `event` = one
    addition. event_time: UTC, `2026-11-21T10:00:00.000000Z` (times.instant). space: tenant or project (rule 6).
    namespaces: prefix maps as written. source: the path or name that it was read from, for people.
    format, raw_sha256: of the raw bytes. importer, importer_version: who mapped it. actor: who ingested it.
    reason: why, or None. idempotency_key: the client's, or None. derived: stated by provstore itself (rule 16).
    """

    unit: str
    mode: Mode = "snapshot"
    event_time: str
    space: str = "default"
    namespaces: Namespaces = field(default_factory=dict)
    source: str | None = None
    format: str | None = None
    raw_sha256: str | None = None
    importer: str | None = None
    importer_version: str | None = None
    actor: str | None = None
    reason: str | None = None
    idempotency_key: str | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A header, its assertions in order (a list, or an iterable that is read once), and blobs (rule 15)."""

    header: Header
    assertions: Iterable[Assertion]
    blobs: tuple[bytes, ...] = ()


class ContentDigest:
    """SHA-256 over the ordered `(bundle, sid)` list, fed one assertion at a time (rule 5).

    The hashed text is the RFC 8785 JSON of `[[bundle | null, sid]...]`.
    """

    __slots__ = ("_hash", "_separator")

    def __init__(self) -> None:
        self._hash = sha256(b"[")
        self._separator = b""

    def add(self, bundle: str | None, sid_hex: str) -> None:
        """Adds the next assertion; `sid_hex` has 64 hexadecimal digits."""
        scope = b"null" if bundle is None else quoted(bundle).encode()
        self._hash.update(b'%b[%b,"%b"]' % (self._separator, scope, sid_hex.encode()))
        self._separator = b","

    def add_unbundled(self, sids: bytes) -> None:
        """Adds assertions outside of bundles; `sids` has 32 bytes of each."""
        if sids:
            listed = sids.hex(",", SID_BYTES).replace(",", '"],[null,"')
            self._hash.update(b'%b[null,"%b"]' % (self._separator, listed.encode()))
            self._separator = b","

    def hexdigest(self) -> str:
        """The digest of all assertions added so far, 64 hexadecimal digits."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()


def content_digest(assertions: Iterable[Assertion]) -> str:
    """The content digest of rule 5; no prefix, path, time or actor is in it."""
    digest = ContentDigest()
    for bundle, stated in assertions:
        digest.add(bundle, sid(stated))
    return digest.hexdigest()


def equal(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool:
    """True when each bundle asserts the same multiset of statements (rule 4)."""
    return Counter(left) == Counter(right)


def identical(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool:
    """True when they are equal and in the same order too (rule 4)."""
    return list(left) == list(right)
