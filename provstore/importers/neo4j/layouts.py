"""How others lay provenance out in Neo4j: the layouts that are known, and those that a mapping file declares.

In: YAML or JSON text. Out: a `Layout`. The known ones are such files too, in `schema/foreign/neo4j/`; every key is
explained in docs/howto/import-neo4j.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml

from provstore import resources
from provstore.errors import BadInput, UsageError
from provstore.importers import strict_yaml
from provstore.importers.neo4j.names import expand
from provstore.importers.paths import read_capped
from provstore.model.names import is_iri
from provstore.model.terms import ELEMENT_KINDS, RECORD_TYPES, WELL_KNOWN_PREFIXES, ElementKind

NAMES: Final = ("prov2neo", "yprov", "prov-db-connector", "provdb")
_MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Element:
    """What a label means: the kind, and the IRI of a further `prov:type` or None."""

    kind: ElementKind
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """What a relationship type means: a PROV-N keyword, and whether it leads from cause to effect."""

    name: str
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Bundles:
    """How a bundle is written: the relationship from a member to it, what it must say, and the bundle's own label."""

    relationship: str
    where: Mapping[str, Any] = field(default_factory=dict)
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One layout. `name` is told; the other fields are the keys of the file, names in them expanded to IRIs."""

    name: str
    identifiers: tuple[str, ...]
    elements: Mapping[str, Element]
    relations: Mapping[str, Relation]
    properties: Mapping[str, str]
    names: frozenset[str]
    prefixes: Mapping[str, str]
    bookkeeping: tuple[str, ...]
    relation_identifier: str | None
    prefixes_label: str | None
    prefixes_property: str | None
    types_property: str | None
    absent: str | None
    bundles: Bundles | None
    has_literals: bool

    def is_bookkeeping(self, word: str) -> bool:
        """True for a label or property that says nothing about provenance."""
        return any(word.startswith(known[:-1]) if known.endswith("*") else word == known for known in self.bookkeeping)


def named(given: str) -> Layout:
    """The known layout of that name, or the one that a file declares.

    Raises: UsageError: no such layout, nor such a file. BadInput: the file declares no layout; its key is named.
    """
    if given in NAMES:
        return parse(_known(given), name=given, where=given)
    path = Path(given)
    if not path.is_file():
        raise UsageError(
            f"there is no layout and no file {given!r}", next_step="Known layouts: " + ", ".join(NAMES) + "; or a file."
        )
    with path.open("rb") as stream:
        content = read_capped(stream, max_bytes=_MAX_BYTES, where=given)
    return parse(content, name=path.name, where=given)


def parse(text: str | bytes, *, name: str, where: str) -> Layout:
    """The layout that YAML (or JSON) text declares.

    Args: name: what it is called in messages. where: the file, for errors.
    Raises: BadInput: not YAML, an unknown key, or a value of another form; file and key are named.
    """
    return _Reader(_loaded(text, where), where).layout(name)


def _loaded(text: str | bytes, where: str) -> object:
    """The value of YAML text, with the keys of the known layout that it is based on."""
    found = strict_yaml.loads(text.encode() if isinstance(text, str) else text, where=where)
    if not isinstance(found, dict) or "layout" not in found:
        return found
    if found["layout"] not in NAMES:
        raise BadInput(f"layout: expected one of {', '.join(NAMES)}, found {_shown(found['layout'])}", where=where)
    base = yaml.safe_load(_known(found["layout"]))
    return base | {key: value for key, value in found.items() if key != "layout"}


def _known(name: str) -> str:
    return resources.text(f"schema/foreign/neo4j/{name}.yaml")


def _shown(found: object) -> str:
    return repr(str(found)[:80])


class _Reader:
    """Takes a declared layout apart; every complaint names file and key."""

    def __init__(self, found: object, where: str) -> None:
        self._where = where
        self._found = self._table("the whole file", found)
        unknown = sorted(set(self._found) - _KEYS)
        if unknown:
            self._refuse(
                unknown[0], "no key of a mapping; one of " + ", ".join(sorted({*_KEYS, "layout"})), shown=False
            )
        self._prefixes = {prefix: self._iri(f"prefixes.{prefix}", iri) for prefix, iri in self._pairs("prefixes")}

    def layout(self, name: str) -> Layout:
        return Layout(
            name=name,
            identifiers=self._identifiers(),
            elements=self._each("elements", self._element) or {k.capitalize(): Element(k) for k in ELEMENT_KINDS},
            relations=self._each("relations", self._relation) or {one: Relation(one) for one in RELATIONS},
            properties=self._each("properties", self._name),
            names=frozenset(self._texts("names", ("prov:type",))),
            prefixes=self._prefixes,
            bookkeeping=self._texts("bookkeeping", ()),
            relation_identifier=self._optional("relation_identifier"),
            prefixes_label=self._optional("prefixes_label"),
            prefixes_property=self._optional("prefixes_property"),
            types_property=self._optional("types_property"),
            absent=self._optional("absent"),
            bundles=self._bundles(),
            has_literals=self._literals(),
        )

    def _identifiers(self) -> tuple[str, ...]:
        found = self._texts("identifier", ())
        if not found:
            self._refuse("identifier", "expected the property that holds a node's name, or a list of such", shown=False)
        return found

    def _element(self, key: str, given: object) -> Element:
        kind, inner = self._short(key, given, "kind", {"type"})
        if kind not in ELEMENT_KINDS:
            self._refuse(f"{key}.kind", f"expected one of {', '.join(ELEMENT_KINDS)}", kind)
        return Element(kind, self._name(f"{key}.type", inner["type"]) if "type" in inner else None)

    def _relation(self, key: str, given: object) -> Relation:
        name, inner = self._short(key, given, "relation", {"reversed"})
        if name not in RELATIONS:
            self._refuse(f"{key}.relation", f"expected one of {', '.join(RELATIONS)}", name)
        is_reversed = inner.get("reversed", False)
        if not isinstance(is_reversed, bool):
            self._refuse(f"{key}.reversed", "expected true or false", is_reversed)
        return Relation(name, is_reversed)

    def _bundles(self) -> Bundles | None:
        if "bundles" not in self._found:
            return None
        relationship, inner = self._short("bundles", self._found["bundles"], "relationship", {"where", "label"})
        where = self._table("bundles.where", inner.get("where", {}))
        label = self._text("bundles.label", inner["label"]) if "label" in inner else None
        return Bundles(relationship, where, label)

    def _literals(self) -> bool:
        given = self._found.get("literals", "plain")
        if given not in ("plain", "prov-n"):
            self._refuse("literals", "expected plain or prov-n", given)
        return bool(given == "prov-n")

    def _short(self, key: str, given: object, main: str, others: set[str]) -> tuple[str, dict[str, Any]]:
        """`word`, or a table whose key `main` is that word."""
        inner = {main: given} if isinstance(given, str) else self._table(key, given)
        unknown = sorted(set(inner) - {main, *others})
        if unknown:
            self._refuse(f"{key}.{unknown[0]}", f"expected one of {', '.join([main, *sorted(others)])}", shown=False)
        if main not in inner:
            self._refuse(f"{key}.{main}", "it is missing", shown=False)
        return self._text(f"{key}.{main}", inner[main]), inner

    def _each(self, key: str, read: Callable[[str, object], Any]) -> dict[str, Any]:
        return {name: read(f"{key}.{name}", given) for name, given in self._pairs(key)}

    def _pairs(self, key: str) -> list[tuple[str, Any]]:
        return list(self._table(key, self._found.get(key, {})).items())

    def _texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        given = self._found.get(key, default)
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
            self._refuse(key, "expected a text, or a list of texts", given)
        return tuple(listed)

    def _optional(self, key: str) -> str | None:
        return self._text(key, self._found[key]) if key in self._found else None

    def _name(self, key: str, given: object) -> str:
        found = expand(self._text(key, given), WELL_KNOWN_PREFIXES | self._prefixes)
        if found is None:
            self._refuse(key, "expected an IRI, or a name with a prefix that is declared under prefixes", given)
        return found

    def _iri(self, key: str, given: object) -> str:
        if not isinstance(given, str) or not is_iri(given):
            self._refuse(key, "expected the IRI of a namespace", given)
        return given

    def _text(self, key: str, given: object) -> str:
        if not isinstance(given, str) or not given:
            self._refuse(key, "expected a text", given)
        return given

    def _table(self, key: str, given: object) -> dict[str, Any]:
        if not isinstance(given, dict) or not all(isinstance(name, str) for name in given):
            self._refuse(key, "expected a table of texts and values", given)
        return given

    def _refuse(self, key: str, expected: str, found: object = None, *, shown: bool = True) -> NoReturn:
        said = f", found {_shown(found)}" if shown else ""
        raise BadInput(
            f"{key}: {expected}{said}",
            where=self._where,
            next_step='The documentation explains the keys: "How to import provenance from Neo4j".',
        )


# Relations between two elements; the others' second argument is a set of keys.
RELATIONS: Final = tuple(
    one.name for one in RECORD_TYPES if not one.is_element and one.arguments[1].holds not in ("keys", "statement")
)
_KEYS: Final = frozenset(
    {
        "identifier", "elements", "relations", "properties", "names", "prefixes", "bookkeeping", "relation_identifier",
        "prefixes_label", "prefixes_property", "types_property", "absent", "bundles", "literals",
    }
)  # fmt: skip
