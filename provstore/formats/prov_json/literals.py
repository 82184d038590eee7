"""JSON texts of values: attributes of a statement come in, what reads back to the same value goes out.

Source: PROV-JSON section 2.2; rule 1.
"""

from __future__ import annotations

import re
from typing import Final

from provstore.formats.bounds import MAX_DIGITS
from provstore.formats.json_values import encode
from provstore.formats.naming import Naming
from provstore.formats.values import DATATYPE_NAMES, integer_type
from provstore.model.arguments import parse_pair
from provstore.model.statement import Attribute, Value
from provstore.model.terms import BOOLEAN, DOUBLE, INT, INTEGER, LONG, QUALIFIED_NAME, STRING

_whole = re.compile(r"-?(?:0|[1-9][0-9]*)").fullmatch
_real = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)").fullmatch
_INTEGERS: Final = frozenset({INT, LONG, INTEGER})


def value_text(attribute: Attribute | Value, expected: str, naming: Naming) -> str:
    """The JSON text of one value.

    Args: expected: the datatype that a plain text has there. naming: writes the names.
    """
    datatype, lexical, language = attribute[-3:]
    if language:
        return f'{{"$": {encode(lexical)}, "lang": {encode(language)}}}'
    if datatype == expected:
        return encode(naming.name(lexical) if datatype == QUALIFIED_NAME else lexical)
    if datatype == QUALIFIED_NAME:
        return _typed(naming.name(lexical), "prov:QUALIFIED_NAME")
    if expected == STRING and _is_native(datatype, lexical):
        return lexical
    return _typed(lexical, naming.name(datatype))


def pair_text(attribute: Attribute, naming: Naming) -> str:
    """The JSON text of a dictionary's key-entity pair."""
    key, entity = parse_pair(attribute.lexical)
    return f'{{"key": {value_text(Value(*key), STRING, naming)}, "$": {encode(naming.name(entity))}}}'


def unlike_typed_array(attributes: list[Attribute], texts: list[str]) -> list[str]:
    """`texts`, unless the reader would take two plain texts for a typed value that is written as an array."""
    if len(attributes) == 2 and all(a.datatype == STRING for a in attributes):
        first, second = (a.lexical in DATATYPE_NAMES for a in attributes)
        if first != second:
            return [_typed(attributes[0].lexical, "xsd:string"), texts[1]]
    return texts


def _typed(lexical: str, datatype: str) -> str:
    return f'{{"$": {encode(lexical)}, "type": {encode(datatype)}}}'


def _is_native(datatype: str, lexical: str) -> bool:
    """True when a JSON number or boolean of this text has this datatype by rule 1."""
    if datatype == BOOLEAN:
        return lexical in ("true", "false")
    if datatype not in _INTEGERS and datatype != DOUBLE:
        return False
    if len(lexical) > MAX_DIGITS:
        return False
    if datatype == DOUBLE:
        return _real(lexical) is not None
    return _whole(lexical) is not None and integer_type(lexical) == datatype
