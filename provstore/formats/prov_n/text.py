"""The notation of single statements: a statement comes in, one line of PROV-N goes out.

Source: PROV-N sections 3 and 3.7; PROV-Dictionary section 3; PROV-Links section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import quote

from provstore.formats.bounds import MAX_DIGITS
from provstore.formats.prov_n.forms import DICTIONARY_MEMBER, FORMS, Form
from provstore.formats.prov_n.terminals import MARKER, integer, not_in_local, pn_local
from provstore.formats.values import integer_type
from provstore.model.arguments import parse_pair
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import INT, KEY_ENTITY_PAIR, QUALIFIED_NAME, STRING

# The text of a name, of its IRI.
Named = Callable[[str], str]
_STRING_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_to_escape: Final = re.compile(r"[=',:;()\[\]]|^[-.]|\.$").sub


class Shortener(Protocol):
    """What makes `prefix:local` of a full IRI, such as model.names.Prefixes."""

    def shorten(self, iri: str) -> str:
        """`prefix:local`, or the IRI itself."""
        ...


def provn_text(stated: Statement, prefixes: Shortener) -> str:
    """One statement as PROV-N, such as `used(ex:run, ex:data, -, [prov:role="input"])`, for people.

    Args: prefixes: how names are shortened. An IRI that no prefix fits is written whole.
    """

    def name(iri: str) -> str:
        prefix, colon, local = prefixes.shorten(iri).partition(":")
        return f"{prefix}:{percent_encoded(local)}" if colon else iri

    return statement_text(stated, name)


def statement_text(stated: Statement, name: Named) -> str:
    """One statement as PROV-N; what is no formal argument, or a second value of one, is an attribute.

    Args: name: the text of a name, of its IRI.
    """
    form = FORMS[stated.kind]
    taken: set[Attribute] = set()
    arguments = [_argument(stated, argument, holds, taken, name) for argument, holds in form.arguments]
    if form.kind == DICTIONARY_MEMBER:
        arguments = _membership(stated, arguments, name)
    rest = [f"{name(a.name)}={value_text(Value(*a[1:]), name)}" for a in stated.attributes if a not in taken]
    identifier = "" if stated.identifier is None else name(stated.identifier)
    items = _needed(form, arguments)
    if form.is_element:
        items = [identifier or MARKER, *items]
    if rest:
        items = [*items, f"[{', '.join(rest)}]"]
    before = f"{identifier}; " if identifier and not form.is_element else ""
    return f"{form.keyword}({before}{', '.join(items)})"


def _needed(form: Form, arguments: list[str]) -> list[str]:
    """The arguments up to the required ones, or all when one of the others is there."""
    return arguments if any(text != MARKER for text in arguments[form.required :]) else arguments[: form.required]


def _argument(stated: Statement, argument: str, holds: str, taken: set[Attribute], name: Named) -> str:
    """The text of one formal argument; what it says is added to `taken`."""
    said = [a for a in stated.attributes if a.name == argument]
    if holds == "keys":
        taken.update(said)
        return f"{{{', '.join(_key(a, name) for a in said)}}}" if said else MARKER
    for attribute in said:
        if holds == "time":
            if attribute.datatype == QUALIFIED_NAME:
                # No time by the grammar, such as one that a normal form only gives a name: an attribute like others.
                continue
            taken.add(attribute)
            return attribute.lexical
        if attribute.datatype == QUALIFIED_NAME:
            taken.add(attribute)
            return name(attribute.lexical)
    return MARKER


def _key(attribute: Attribute, name: Named) -> str:
    """A key of a dictionary, or a pair of key and entity."""
    if attribute.datatype != KEY_ENTITY_PAIR:
        return value_text(Value(*attribute[1:]), name)
    key, entity = parse_pair(attribute.lexical)
    return f"({value_text(Value(*key), name)}, {name(entity)})"


def _membership(stated: Statement, arguments: list[str], name: Named) -> list[str]:
    """`dictionary, entity, key`, for which PROV-Dictionary has production [1], or a set where that can't hold it."""
    pairs = [a for a in stated.attributes if a.datatype == KEY_ENTITY_PAIR]
    if len(pairs) != 1 or len(stated.attributes) > 2 or stated.identifier is not None:
        return arguments
    key, entity = parse_pair(pairs[0].lexical)
    return [arguments[0], name(entity), value_text(Value(*key), name)]


def value_text(value: Value, name: Named) -> str:
    """A value as a PROV-N literal: `"text"`, `"texte"@fr`, `5`, `'ex:name'` or `"lexical" %% type`."""
    datatype, lexical, language = value
    if datatype == QUALIFIED_NAME:
        return f"'{name(lexical)}'"
    if datatype == INT and len(lexical) <= MAX_DIGITS and integer(lexical) and integer_type(lexical) == INT:
        return lexical
    quoted = f'"{lexical.translate(_STRING_ESCAPES)}"'
    if language:
        return f"{quoted}@{language}"
    return quoted if datatype == STRING else f"{quoted} %% {name(datatype)}"


def local_text(local: str) -> str | None:
    """The local part of a name with its escapes ([55] PN_CHARS_ESC), or None when PROV-N can't write it."""
    if "\\" in local:
        return None
    text = local if pn_local(local) else _to_escape(r"\\\g<0>", local)
    return text if not text or pn_local(text) else None


def percent_encoded(local: str) -> str:
    """The local part of a name as `local_text`, with what PROV-N can't write as percent-encoded UTF-8 (rule 30)."""
    text = local_text(local)
    if text is not None:
        return text
    # What is left are characters that may stand in a name, but not first.
    possible = not_in_local.sub(_quoted, local)
    return local_text(possible) or quote(possible[0], safe="") + _to_escape(r"\\\g<0>", possible[1:])


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
