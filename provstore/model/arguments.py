"""Which elements a statement names, and where: the places that lineage, nodes and indexes rely on.

Source: rules 19 and 20; PROV-CONSTRAINTS constraint 50 (typing).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal, NamedTuple

from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_IRI, KEY_ENTITY_PAIR, QUALIFIED_NAME, ElementKind

# element: the record's own identifier; first, second: a relation's ends; third: any further element argument.
Place = Literal["element", "first", "second", "third"]
PLACES: tuple[Place, ...] = ("element", "first", "second", "third")


class Named(NamedTuple):
    """One element that a statement names: its IRI, where, and the kind that follows (None: any kind)."""

    iri: str
    place: Place
    kind: ElementKind | None


def named(stated: Statement) -> Iterator[Named]:
    """The elements that `stated` names, element and ends first (rule 19); identifiers of relations are none."""
    record = BY_IRI[stated.kind]
    if record.is_element:
        if stated.identifier is not None:
            yield Named(stated.identifier, "element", record.name)  # type: ignore[arg-type]
        return
    for index, argument in enumerate(record.arguments):
        place: Place = PLACES[min(index, 2) + 1]
        for attribute in stated.attributes:
            if attribute[0] == argument.iri:
                if argument.holds == "keys":
                    yield from _pair_entities(attribute)
                elif argument.holds not in ("time", "statement") and attribute[1] == QUALIFIED_NAME:
                    kind = None if argument.holds == "element" else argument.holds
                    kind = "entity" if kind == "bundle" else kind
                    yield Named(attribute[2], place, kind)  # type: ignore[arg-type]


def pair(key: tuple[str, str, str], entity: str) -> tuple[str, str]:
    """A dictionary's key-entity pair as (datatype, lexical form): one value (rule 1).

    Args: key: (datatype IRI, lexical form, language). entity: full IRI.
    """
    return KEY_ENTITY_PAIR, json.dumps([*key, entity], ensure_ascii=False, separators=(",", ":"))


def parse_pair(lexical: str) -> tuple[tuple[str, str, str], str]:
    """The inverse of `pair`: the key as (datatype, lexical, language), and the entity's IRI."""
    datatype, key, language, entity = json.loads(lexical)
    return (datatype, key, language), entity


def _pair_entities(attribute: Attribute) -> Iterator[Named]:
    if attribute[1] == KEY_ENTITY_PAIR:
        yield Named(parse_pair(attribute[2])[1], "third", "entity")
