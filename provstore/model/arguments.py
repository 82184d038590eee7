"""Which elements a statement names, and where: the places that lineage, nodes and indexes rely on.

Source: rules 19 and 20; PROV-CONSTRAINTS constraint 50 (typing).
"""

from __future__ import annotations

import json
from functools import partial
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from provstore.model.statement import Statement
from provstore.model.terms import (
    ELEMENTS,
    INTERNATIONALIZED_STRING,
    KEY_ENTITY_PAIR,
    QUALIFIED_NAME,
    RECORD_TYPES,
    ElementKind,
)

# element: the record's own identifier; first, second: a relation's ends; third: any further element argument.
Place = Literal["element", "first", "second", "third"]
PLACES: tuple[Place, ...] = ("element", "first", "second", "third")
_BY_ARGUMENT: Final = itemgetter(0)


class Named(NamedTuple):
    """One element that a statement names: its IRI, where, and the kind that follows (None: any kind)."""

    iri: str
    place: Place
    kind: ElementKind | None


# A tuple of all fields as one of these: a document needs thousands.
_named: Final = partial(tuple.__new__, Named)


def _named_places() -> dict[str, dict[str, tuple[int, Place, ElementKind | None, str]]]:
    found: dict[str, dict[str, tuple[int, Place, ElementKind | None, str]]] = {}
    for record in RECORD_TYPES:
        found[record.iri] = places = {}
        for index, (name, holds) in enumerate(record.arguments):
            if holds not in ("time", "statement"):
                kind = None if holds == "element" else "entity" if holds in ("bundle", "keys") else holds
                # The entities of a dictionary's pairs stand beyond both ends.
                place, datatype = PLACES[min(index, 2) + 1], QUALIFIED_NAME
                if holds == "keys":
                    place, datatype = "third", KEY_ENTITY_PAIR
                places[name] = index, place, kind, datatype
    return found


# Per kind of relation and attribute: the argument's number, its place, the kind that follows, the datatype it needs.
_NAMED: Final = _named_places()


def named(stated: Statement) -> list[Named]:
    """The elements that `stated` names, element and ends first (rule 19); identifiers of relations are none."""
    kind, identifier, attributes = stated
    element = ELEMENTS.get(kind)
    if element is not None:
        return [] if identifier is None else [_named((identifier, "element", element))]
    places = _NAMED[kind]
    if len(attributes) == 2:
        (name, datatype, iri, _), (other_name, other_datatype, other, _) = attributes
        argument, further = places.get(name), places.get(other_name)
        if argument and further and argument[3] == datatype == QUALIFIED_NAME == other_datatype == further[3]:
            # Two ends and nothing more, as most relations have.
            both = _named((iri, argument[1], argument[2])), _named((other, further[1], further[2]))
            return [*both] if argument[0] <= further[0] else [both[1], both[0]]
    found: list[tuple[int, Named]] = []
    for name, datatype, lexical, _ in attributes:
        argument = places.get(name)
        if argument is not None and argument[3] == datatype:
            iri = lexical if datatype == QUALIFIED_NAME else parse_pair(lexical)[1]
            found.append((argument[0], Named(iri, argument[1], argument[2])))
    if len(found) > 1:
        found.sort(key=_BY_ARGUMENT)
    return [one for _, one in found]


def pair(key: tuple[str, str, str], entity: str) -> tuple[str, str]:
    """A dictionary's key-entity pair as (datatype, lexical form): one value (rule 1).

    Args: key: (datatype IRI, lexical form, language). entity: full IRI.
    """
    return KEY_ENTITY_PAIR, json.dumps([*key, entity], ensure_ascii=False, separators=(",", ":"))


def parse_pair(lexical: str) -> tuple[tuple[str, str, str], str]:
    """The inverse of `pair`: the key as (datatype, lexical, language), and the entity's IRI."""
    datatype, key, language, entity = json.loads(lexical)
    return (datatype, key, language), entity


# What to say of a value of datatype prov:KeyEntityPair that `is_pair` does not hold of.
NO_PAIR: Final = "a prov:KeyEntityPair is written as a JSON array of datatype, key, language and entity"


def is_pair(lexical: str) -> bool:
    """True for a lexical form that `pair` gives: a JSON array of four texts, without blanks."""
    try:
        parts = json.loads(lexical)
    except (ValueError, RecursionError):
        return False
    if type(parts) is not list or len(parts) != 4 or not all(type(part) is str for part in parts):
        return False
    datatype, key, language, entity = parts
    # Rule 1: text with a language is prov:InternationalizedString.
    if language and datatype != INTERNATIONALIZED_STRING:
        return False
    return pair((datatype, key, language), entity)[1] == lexical
