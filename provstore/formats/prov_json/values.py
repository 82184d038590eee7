"""Values of attributes: decoded JSON comes in, (datatype, lexical form, language) goes out.

Source: PROV-JSON sections 2.2 and 3; rule 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from provstore.formats.notes import Notes
from provstore.formats.prov_json.names import Scope
from provstore.formats.prov_json.scanner import MAX_DEPTH, MAX_DIGITS, Constant, Integer, Real, depth
from provstore.model.arguments import NO_PAIR, is_pair, pair
from provstore.model.terms import (
    BOOLEAN,
    DOUBLE,
    INT,
    INTEGER,
    INTERNATIONALIZED_STRING,
    KEY_ENTITY_PAIR,
    LONG,
    QUALIFIED_NAME,
    STRING,
    XSD,
)

Literal = tuple[str, str, str]

QNAME: Final = XSD + "QName"
_CONSTANTS: Final = {"NaN": "NaN", "Infinity": "INF", "-Infinity": "-INF"}
# Document, group, record, array of values.
_LEVELS_ABOVE: Final = 4
_KEY_DATATYPE: Final = "$key-datatype"
# Datatype names by which ProvToolbox's array form of a typed value is recognised.
DATATYPE_NAMES: Final = frozenset({"prov:QUALIFIED_NAME", "prov:InternationalizedString", "rdf:XMLLiteral"}) | {
    f"xsd:{name}"
    for name in (
        "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean", "decimal",
        "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte", "nonNegativeInteger",
        "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "positiveInteger", "float", "double",
        "duration", "yearMonthDuration", "dayTimeDuration", "dateTime", "time", "date", "gYearMonth", "gYear",
        "gMonthDay", "gDay", "gMonth", "hexBinary", "base64Binary", "anyURI", "QName",
    )
}  # fmt: skip


class WrongShape(Exception):
    """A value is not what PROV-JSON has there; its text says what was found and expected."""


def literal(value: Any, scope: Scope, notes: Notes) -> Literal:
    """One value of an attribute.

    Raises: WrongShape: it is no text, number, boolean or typed value. UndeclaredName: of a type or a qualified name.
    """
    if type(value) is str:
        return STRING, value, ""
    if type(value) is tuple:
        if len(value) == 2:
            (first, content), (second, name) = value
            if first == "$" and second == "type" and type(content) is str and type(name) is str:
                return _typed(content, name, scope)
        return _typed_value(value, scope, notes)
    return native(value, notes)


def literals(value: list[Any], scope: Scope, notes: Notes) -> Iterator[Literal]:
    """The values of an array.

    Raises: as `literal`.
    """
    if len(value) == 2 and type(value[0]) is type(value[1]) is str:
        typed = [one in DATATYPE_NAMES for one in value]
        if typed[0] != typed[1]:
            content, name = value[::-1] if typed[0] else value
            notes.add("a typed value written as an array was repaired", json.dumps(value, ensure_ascii=False))
            yield _typed(content, name, scope)
            return
    if not value:
        notes.add("an empty array of values was left out", "[]")
    for one in value:
        yield literal(one, scope, notes)


def key_entity_pairs(value: Any, scope: Scope, notes: Notes) -> Iterator[Literal]:
    """The key-entity pairs of a dictionary relation, each one value (rule 1).

    They are an array of `{"key": value, "$": entity}`, or an object of keys and entities with `$key-datatype`.
    Raises: WrongShape: they are neither. UndeclaredName: of an entity or a type.
    """
    if type(value) is tuple:
        members = dict(value)
        named = members.pop(_KEY_DATATYPE, "xsd:string")
        if len(members) + (_KEY_DATATYPE in dict(value)) != len(value):
            raise WrongShape("a dictionary key is repeated in one JSON object")
        found = [(_typed(key, _text(named), scope), entity) for key, entity in members.items()]
    elif type(value) is list:
        found = [_key_and_entity(one, scope, notes) for one in value]
    else:
        raise WrongShape("key-entity pairs must be an array or an object")
    for key, entity in found:
        datatype, lexical = pair(key, scope[_text(entity)])
        yield datatype, lexical, ""


def _key_and_entity(value: Any, scope: Scope, notes: Notes) -> tuple[Literal, Any]:
    members = dict(value) if type(value) is tuple else {}
    if len(members) != 2 or len(value) != 2 or "key" not in members or "$" not in members:
        raise WrongShape('a key-entity pair must be an object of "key" and "$"')
    return literal(members["key"], scope, notes), members["$"]


def _typed(content: str, name: str, scope: Scope) -> Literal:
    datatype = scope[name]
    if datatype in (QUALIFIED_NAME, QNAME):
        return QUALIFIED_NAME, scope[content], ""
    if datatype == KEY_ENTITY_PAIR and not is_pair(content):
        raise WrongShape(NO_PAIR)
    return datatype, content, ""


def _typed_value(value: tuple[tuple[str, Any], ...], scope: Scope, notes: Notes) -> Literal:
    """A `{"$", "type", "lang"}` object in whatever order and completeness."""
    members = dict(value)
    if len(members) < len(value):
        raise WrongShape("a key is repeated in a typed value")
    if "$" not in members:
        raise WrongShape('a typed value needs its "$"' + _too_deep(value))
    content, name, language = members.pop("$"), members.pop("type", None), members.pop("lang", None)
    if members:
        raise WrongShape(f'a typed value has "$", "type" and "lang", not "{next(iter(members))}"' + _too_deep(value))
    if type(content) is not str:
        datatype, content, _ = native(content, notes)
        return (datatype, content, "") if name is None else _typed(content, _text(name), scope)
    if language:
        if name is not None and scope[_text(name)] not in (STRING, INTERNATIONALIZED_STRING):
            notes.add("a text with a language has no other type; it was left out", _text(name))
        return INTERNATIONALIZED_STRING, content, _text(language)
    return (STRING, content, "") if name is None else _typed(content, _text(name), scope)


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
    raise WrongShape("a value must be a text, number, boolean or typed value" + _too_deep(value))


def integer_type(digits: str) -> str:
    """The datatype of an integer by its size (rule 1)."""
    if len(digits) < 10:
        return INT
    number = int(digits)
    if -(2**31) <= number < 2**31:
        return INT
    return LONG if -(2**63) <= number < 2**63 else INTEGER


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WrongShape("a text was expected" + _too_deep(value))
    return value


def _too_deep(value: Any) -> str:
    deep = depth(value) + _LEVELS_ABOVE > MAX_DEPTH
    return f", and nothing nested deeper than {MAX_DEPTH} levels" if deep else ""
