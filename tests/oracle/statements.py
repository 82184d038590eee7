"""Rules 1 to 5 (first half): statements, their canonical record and id, equality of documents, blank names."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

Attribute = tuple[str, str, str, str]  # attribute IRI, datatype IRI, lexical form, language or ""
Value = tuple[str, str, str]  # datatype IRI, lexical form, language or ""


@dataclass(frozen=True)
class OracleStatement:
    """Rule 1: `(kind, identifier | none, attributes)`; formal arguments are attributes like any other."""

    kind: str
    identifier: str | None
    attributes: tuple[Attribute, ...]

    def values(self, attribute: str) -> list[Value]:
        """The distinct values of one attribute, sorted by UTF-8 bytes."""
        return sorted({(d, x, g) for a, d, x, g in self.attributes if a == attribute}, key=_utf8)


Assertion = tuple[str | None, OracleStatement]  # bundle IRI or None, statement


def _utf8(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(t.encode("utf-8") for t in texts)


def jcs(value: object) -> bytes:
    """RFC 8785 JSON of lists, text and null: no white space, only the escapes that JSON demands, UTF-8.

    Raises: UnicodeEncodeError (a ValueError): a lone surrogate (rule 1 refuses them).
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def canonical(statement: OracleStatement) -> bytes:
    """Rule 2: `[kind, id | null, quadruples]`, quadruples sorted by UTF-8 bytes, exact repeats once."""
    quadruples = sorted(set(statement.attributes), key=_utf8)
    return jcs([statement.kind, statement.identifier, [list(q) for q in quadruples]])


@cache
def sid(statement: OracleStatement) -> str:
    """Rule 2: SHA-256 of the canonical record in hex."""
    return hashlib.sha256(canonical(statement)).hexdigest()


def content_digest(assertions: Sequence[Assertion]) -> str:
    """Rule 5: SHA-256 over the ordered `(bundle, sid)` list."""
    return hashlib.sha256(jcs([[bundle, sid(s)] for bundle, s in assertions])).hexdigest()


def equal(first: Sequence[Assertion], second: Sequence[Assertion]) -> bool:
    """Rule 4: each bundle asserts the same multiset of statements."""
    return Counter((b, sid(s)) for b, s in first) == Counter((b, sid(s)) for b, s in second)


def identical(first: Sequence[Assertion], second: Sequence[Assertion]) -> bool:
    """Rule 4: equal, and the order agrees too."""
    return [(b, sid(s)) for b, s in first] == [(b, sid(s)) for b, s in second]


def name_blanks(assertions: Sequence[Assertion], relation_kinds: set[str]) -> list[Assertion]:
    """Rule 3: `_:x` on a relation that nothing refers to is no identifier; every other `_:x` gets an IRI.

    The digest in that IRI is the content digest with the blank names as written.
    """
    as_written = content_digest(assertions)
    referred = {x for _, s in assertions for _, d, x, _ in s.attributes if d.endswith("#QUALIFIED_NAME")}
    on_elements = {s.identifier for _, s in assertions if s.kind not in relation_kinds}

    def named(name: str) -> str:
        return f"urn:provstore:blank:{as_written}:{name.removeprefix('_:')}"

    def rename(statement: OracleStatement) -> OracleStatement:
        identifier = statement.identifier
        if identifier is not None and identifier.startswith("_:"):
            kept = identifier in referred or identifier in on_elements
            identifier = named(identifier) if kept else None
        attributes = tuple(
            (a, d, named(x), g) if d.endswith("#QUALIFIED_NAME") and x.startswith("_:") else (a, d, x, g)
            for a, d, x, g in statement.attributes
        )
        return OracleStatement(statement.kind, identifier, attributes)

    return [(named(b) if b and b.startswith("_:") else b, rename(s)) for b, s in assertions]
