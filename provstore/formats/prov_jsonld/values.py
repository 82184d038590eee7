"""Values of attributes: decoded JSON-LD comes in, (datatype, lexical form, language) goes out.

Source: PROV-JSONLD section 4.1 and its schema of 2026-10-14; JSON-LD 1.1 section 4.2; rule 1.
"""

from __future__ import annotations

from typing import Any, Final

from provstore.formats.json_values import native, typed
from provstore.formats.notes import Notes
from provstore.formats.prov_jsonld.context import Scope
from provstore.formats.prov_jsonld.terms import NAME_TERMS
from provstore.formats.values import Literal, WrongShape
from provstore.model.terms import INTERNATIONALIZED_STRING, QUALIFIED_NAME, STRING

_VALUE_KEYS: Final = frozenset({"@value", "@type", "@language"})


def literal(value: Any, attribute: str, scope: Scope, notes: Notes) -> Literal:
    """One value of the attribute with that IRI.

    Raises: WrongShape: it is no text, number, boolean, value object or node reference. UndeclaredName: of a name.
    """
    if type(value) is str:
        return (QUALIFIED_NAME, scope[value], "") if attribute in NAME_TERMS else (STRING, value, "")
    if type(value) is not tuple:
        return native(value, notes)
    members = dict(value)
    if len(members) < len(value):
        raise WrongShape("a key is repeated in a value")
    if "@id" in members:
        if len(members) > 1:
            raise WrongShape('a node reference has its "@id" only; a node inside a record is not the compact shape')
        return QUALIFIED_NAME, scope[text(members["@id"])], ""
    if "@value" not in members or members.keys() - _VALUE_KEYS:
        raise WrongShape('a value has "@value" with "@type" or "@language", or "@id"')
    return _value_object(members, scope, notes)


def _value_object(members: dict[str, Any], scope: Scope, notes: Notes) -> Literal:
    content, datatype, language = members["@value"], members.get("@type"), members.get("@language")
    if language is not None and datatype is not None:
        raise WrongShape('a value has either "@type" or "@language"')
    if type(content) is not str:
        kind, content, _ = native(content, notes)
        if datatype is None:
            return kind, content, ""
    if language is not None:
        return INTERNATIONALIZED_STRING, content, text(language)
    return typed(content, STRING if datatype is None else scope.key(text(datatype)), scope)


def text(value: Any) -> str:
    """A value that must be a text."""
    if type(value) is not str:
        raise WrongShape("a text was expected")
    return value
