"""Values in JSON as both JSON formats have them: decoded JSON comes in, values go out; texts go out as JSON.

Source: rule 1.
"""

from __future__ import annotations

import json
from typing import Any, Final

from provstore.formats.bounds import MAX_DEPTH, MAX_DIGITS
from provstore.formats.json_scanner import depth
from provstore.formats.json_tokens import Constant, Integer, Real
from provstore.formats.names import Scope
from provstore.formats.notes import Notes
from provstore.formats.values import QNAME, Literal, WrongShape, integer_type
from provstore.model.arguments import NO_PAIR, is_pair
from provstore.model.terms import BOOLEAN, DOUBLE, KEY_ENTITY_PAIR, QUALIFIED_NAME

encode: Final = json.JSONEncoder(ensure_ascii=False).encode
_CONSTANTS: Final = {"NaN": "NaN", "Infinity": "INF", "-Infinity": "-INF"}
# Document, group, record, array of values.
_LEVELS_ABOVE: Final = 4


def typed(content: str, datatype: str, scope: Scope) -> Literal:
    """A typed value; the names in qualified names and key-entity pairs are looked at.

    Raises: WrongShape: it is no key-entity pair. UndeclaredName: of a qualified name.
    """
    if datatype in (QUALIFIED_NAME, QNAME):
        return QUALIFIED_NAME, scope[content], ""
    if datatype == KEY_ENTITY_PAIR and not is_pair(content):
        raise WrongShape(NO_PAIR)
    return datatype, content, ""


def native(value: Any, notes: Notes) -> Literal:
    """A JSON number or boolean with its source text (rule 1).

    Raises: WrongShape: it is neither.
    """
    if value is True or value is False:
        return BOOLEAN, "true" if value else "false", ""
    if isinstance(value, str) and len(value) > MAX_DIGITS:
        raise WrongShape(f"a number has more than {MAX_DIGITS} digits")
    if type(value) is Integer:
        return integer_type(value), str(value), ""
    if type(value) is Real:
        return DOUBLE, str(value), ""
    if type(value) is Constant:
        notes.add("a number that is no JSON was taken as xsd:double", value)
        return DOUBLE, _CONSTANTS[value], ""
    if value is None:
        raise WrongShape("a value is null; leave out what is not known")
    raise WrongShape("a value must be a text, number, boolean or typed value" + too_deep(value))


def too_deep(value: Any) -> str:
    """What an error adds when `value` is deeper than the scanner goes, else nothing."""
    deep = depth(value) + _LEVELS_ABOVE > MAX_DEPTH
    return f", and nothing nested deeper than {MAX_DEPTH} levels" if deep else ""
