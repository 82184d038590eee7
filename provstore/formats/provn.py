"""PROV-N text of single statements, for people: a statement comes in, one line goes out.

Source: PROV-N sections 3 and 3.7; PROV-Dictionary section 3; PROV-Links section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Protocol
from urllib.parse import quote

from provstore.model.arguments import parse_pair
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import BY_IRI, INT, KEY_ENTITY_PAIR, QUALIFIED_NAME, STRING, Argument, RecordType

# How many arguments PROV-N wants; the rest is written whole or not at all, and `-` stands for an absent one.
_REQUIRED: Final = {
    "activity": 0, "wasGeneratedBy": 1, "used": 1, "wasStartedBy": 1, "wasEndedBy": 1, "wasInvalidatedBy": 1,
    "wasAssociatedWith": 1, "mentionOf": 3,
}  # fmt: skip
# Records of the Notes are extensions: their keywords are qualified names (PROV-N section 3.9).
_EXTENSIONS: Final = frozenset({"mentionOf", "derivedByInsertionFrom", "derivedByRemovalFrom", "hadDictionaryMember"})
_STRING_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LOCAL_ESCAPED: Final = "=',:;()[]"
_LOCAL_PLAIN: Final = "/@~&+*?#$!-_.%"
_integer = re.compile(r"-?[0-9]+").fullmatch


class Shortener(Protocol):
    """What makes `prefix:local` of a full IRI, such as model.names.Prefixes."""

    def shorten(self, iri: str) -> str:
        """`prefix:local`, or the IRI itself."""
        ...


def provn_text(stated: Statement, prefixes: Shortener) -> str:
    """One statement as PROV-N, such as `used(ex:run, ex:data, -, [prov:role="input"])`.

    Args: prefixes: how names are shortened. An IRI that no prefix fits is written whole.
    """
    record = BY_IRI[stated.kind]
    keyword = f"prov:{record.name}" if record.name in _EXTENSIONS else record.name
    name = "" if stated.identifier is None else _name(stated.identifier, prefixes)
    taken: set[Attribute] = set()
    arguments = [_argument(stated, argument, taken, prefixes) for argument in record.arguments]
    rest = [_attribute(a, prefixes) for a in stated.attributes if a not in taken]
    items = _needed(record, arguments)
    if record.is_element:
        items = [name or "-", *items]
    if rest:
        items = [*items, f"[{', '.join(rest)}]"]
    before = f"{name}; " if name and not record.is_element else ""
    return f"{keyword}({before}{', '.join(items)})"


def _needed(record: RecordType, arguments: list[str]) -> list[str]:
    """The arguments up to the required ones, or all when one of the others is there."""
    required = _REQUIRED.get(record.name, min(2, len(arguments)))
    return arguments if any(text != "-" for text in arguments[required:]) else arguments[:required]


def _argument(stated: Statement, argument: Argument, taken: set[Attribute], prefixes: Shortener) -> str:
    """The text of one formal argument; what it says is added to `taken`."""
    said = [a for a in stated.attributes if a.name == argument.iri]
    if argument.holds == "keys":
        taken.update(said)
        return f"{{{', '.join(_key(a, prefixes) for a in said)}}}" if said else "-"
    for attribute in said:
        if argument.holds == "time":
            taken.add(attribute)
            return attribute.lexical
        if attribute.datatype == QUALIFIED_NAME:
            taken.add(attribute)
            return _name(attribute.lexical, prefixes)
    return "-"


def _key(attribute: Attribute, prefixes: Shortener) -> str:
    """A key of a dictionary, or a pair of key and entity (PROV-Dictionary section 3.2)."""
    if attribute.datatype != KEY_ENTITY_PAIR:
        return value_text(Value(*attribute[1:]), prefixes)
    key, entity = parse_pair(attribute.lexical)
    return f"({value_text(Value(*key), prefixes)}, {_name(entity, prefixes)})"


def _attribute(attribute: Attribute, prefixes: Shortener) -> str:
    return f"{_name(attribute.name, prefixes)}={value_text(Value(*attribute[1:]), prefixes)}"


def value_text(value: Value, prefixes: Shortener) -> str:
    """A value as a PROV-N literal: `"text"`, `"texte"@fr`, `5`, `'ex:name'` or `"lexical" %% type`."""
    if value.datatype == QUALIFIED_NAME:
        return f"'{_name(value.lexical, prefixes)}'"
    if value.datatype == INT and _integer(value.lexical):
        return value.lexical
    quoted = f'"{value.lexical.translate(_STRING_ESCAPES)}"'
    if value.language:
        return f"{quoted}@{value.language}"
    return quoted if value.datatype == STRING else f"{quoted} %% {_name(value.datatype, prefixes)}"


def _name(iri: str, prefixes: Shortener) -> str:
    short = prefixes.shorten(iri)
    prefix, colon, local = short.partition(":")
    return f"{prefix}:{''.join(_escaped(local))}" if colon else short


def _escaped(local: str) -> Iterator[str]:
    """The local part by PN_LOCAL (PROV-N section 3.7.3): escaped by a backslash, else percent-encoded."""
    for place, character in enumerate(local):
        if (
            character in _LOCAL_ESCAPED
            or (character in "-." and place == 0)
            or (character == "." and place == len(local) - 1)
        ):
            yield f"\\{character}"
        elif character.isalnum() or character in _LOCAL_PLAIN:
            yield character
        else:
            yield quote(character, safe="")
