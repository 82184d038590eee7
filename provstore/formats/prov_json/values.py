"""Values of attributes: decoded JSON comes in, (datatype, lexical form, language) goes out.

Source: PROV-JSON sections 2.2 and 3; rule 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from provstore.formats.json_values import native, too_deep, typed
from provstore.formats.names import Scope
from provstore.formats.notes import Notes
from provstore.formats.values import DATATYPE_NAMES, Literal, WrongShape
from provstore.model.arguments import pair
from provstore.model.terms import INTERNATIONALIZED_STRING, STRING

_KEY_DATATYPE: Final = "$key-datatype"


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
                return typed(content, scope[name], scope)
        return _typed_value(value, scope, notes)
    return native(value, notes)


def literals(value: list[Any], scope: Scope, notes: Notes) -> Iterator[Literal]:
    """The values of an array.

    Raises: as `literal`.
    """
    if len(value) == 2 and type(value[0]) is type(value[1]) is str:
        named = [one in DATATYPE_NAMES for one in value]
        if named[0] != named[1]:
            content, name = value[::-1] if named[0] else value
            notes.add("a typed value written as an array was repaired", json.dumps(value, ensure_ascii=False))
            yield typed(content, scope[name], scope)
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
        found = [(typed(key, scope[_text(named)], scope), entity) for key, entity in members.items()]
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


def _typed_value(value: tuple[tuple[str, Any], ...], scope: Scope, notes: Notes) -> Literal:
    """A `{"$", "type", "lang"}` object in whatever order and completeness."""
    members = dict(value)
    if len(members) < len(value):
        raise WrongShape("a key is repeated in a typed value")
    if "$" not in members:
        raise WrongShape('a typed value needs its "$"' + too_deep(value))
    content, name, language = members.pop("$"), members.pop("type", None), members.pop("lang", None)
    if members:
        raise WrongShape(f'a typed value has "$", "type" and "lang", not "{next(iter(members))}"' + too_deep(value))
    if type(content) is not str:
        datatype, content, _ = native(content, notes)
        return (datatype, content, "") if name is None else typed(content, scope[_text(name)], scope)
    if language:
        if name is not None and scope[_text(name)] not in (STRING, INTERNATIONALIZED_STRING):
            notes.add("a text with a language has no other type; it was left out", _text(name))
        return INTERNATIONALIZED_STRING, content, _text(language)
    return (STRING, content, "") if name is None else typed(content, scope[_text(name)], scope)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WrongShape("a text was expected" + too_deep(value))
    return value
