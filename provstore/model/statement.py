"""A statement: one PROV record with everything that was asserted in it, its canonical form and its `sid`.

Source: rules 1 and 2; RFC 8785 (JSON Canonicalization Scheme).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from provstore.errors import BadInput
from provstore.model.terms import QUALIFIED_NAME


class Attribute(NamedTuple):
    """One attribute of a statement: full IRIs, the lexical form as asserted, and a language or ""."""

    name: str
    datatype: str
    lexical: str
    language: str = ""


class Value(NamedTuple):
    """A typed literal without its attribute name."""

    datatype: str
    lexical: str
    language: str = ""


class Statement(NamedTuple):
    """One PROV record in canonical form; build it with `statement`.

    `kind` is the PROV-DM type IRI, `identifier` a full IRI or None, `attributes` the sorted, distinct quadruples;
    formal arguments are attributes like any other (rule 1).
    """

    kind: str
    identifier: str | None
    attributes: tuple[Attribute, ...]

    def argument(self, name: str) -> str | None:
        """The lexical form of the first attribute `name` (a full IRI), or None when it is absent."""
        for attribute in self.attributes:
            if attribute[0] == name:
                return attribute[2]
        return None

    def values(self, name: str) -> tuple[Value, ...]:
        """All values of the attribute `name` (a full IRI), in canonical order."""
        return tuple(Value(*a[1:]) for a in self.attributes if a[0] == name)


# RFC 8785 escapes exactly what this does: the quote, the backslash and the C0 controls, these in short form where there
# is one, else \u00xx in lower case.
quoted = encode_basestring
# Openings of attributes, `["name","datatype",`, made once: there are few, and records are made by the million.
_openings: dict[tuple[str, str], str] = {}
_REMEMBERED = 65_536
_NO_LANGUAGE = '""'


def statement(kind: str, identifier: str | None, attributes: Iterable[tuple[str, str, str, str]]) -> Statement:
    """A statement in canonical form: quadruples sorted by UTF-8 bytes, exact repeats once (rule 2).

    Args: kind: a PROV-DM type IRI. identifier: full IRI or None. attributes: (attribute IRI, datatype IRI, lexical
    form, language or ""), in any order.
    """
    # Python compares text by code point, which is the order of the UTF-8 bytes.
    ordered = sorted(set(attributes))
    made = [one if type(one) is Attribute else Attribute._make(one) for one in ordered]
    return Statement(kind, identifier, tuple(made))


def reference(name: str, iri: str) -> Attribute:
    """An attribute whose value is a qualified name: `iri` in full (rule 1)."""
    return Attribute(name, QUALIFIED_NAME, iri, "")


def canonical(stated: Statement) -> str:
    """The canonical record (rule 2): RFC 8785 JSON of `[kind, id | null, [[name, datatype, lexical, language]...]]`."""
    kind, identifier, attributes = stated
    parts = []
    for name, datatype, lexical, language in attributes:
        opening = _openings.get((name, datatype))
        if opening is None:
            if len(_openings) >= _REMEMBERED:
                _openings.clear()
            opening = _openings[name, datatype] = f"[{quoted(name)},{quoted(datatype)},"
        parts.append(f"{opening}{quoted(lexical)},{quoted(language) if language else _NO_LANGUAGE}]")
    name = "null" if identifier is None else quoted(identifier)
    return f"[{quoted(kind)},{name},[{','.join(parts)}]]"


def record(stated: Statement) -> bytes:
    """The canonical record of rule 2 as UTF-8.

    Raises: BadInput: a lone surrogate, which is no Unicode text.
    """
    try:
        return canonical(stated).encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            "the text holds a lone surrogate, which is no Unicode character",
            where=stated.identifier or stated.kind,
            next_step="Write the character itself, or leave it out.",
        ) from error


def parse_record(canonical: bytes | str) -> Statement:
    """The statement of a canonical record; the inverse of `record`."""
    kind, identifier, attributes = json.loads(canonical)
    return Statement(kind, identifier, tuple(map(Attribute._make, attributes)))


def parse_records(records: Iterable[str], shared: dict[Any, Any]) -> list[Statement]:
    """The statements of many canonical records, names and references kept once.

    Args: shared: what statements have in common; give the same one for all that are to be in memory at a time.
    """
    share = shared.setdefault
    found = []
    for kind, identifier, quadruples in json.loads(f"[{','.join(records)}]"):
        attributes = []
        for name, datatype, lexical, language in quadruples:
            own = Attribute(share(name, name), share(datatype, datatype), lexical, language)
            attributes.append(share(own, own) if datatype == QUALIFIED_NAME else own)
        found.append(Statement(share(kind, kind), share(identifier, identifier), tuple(attributes)))
    return found


def sid(stated: Statement) -> str:
    """The statement's identity: SHA-256 of its canonical record, 64 hexadecimal digits (rule 2)."""
    return sha256(record(stated)).hexdigest()
