"""Values of properties as PROV values: what Neo4j keeps by type, and what others wrote as text.

In: one value as the driver gives it, and what is known of its type. Out: a typed literal, or None where PROV has none.
Source: PROV-N section 3.7.3 (literals); Cypher manual, property types; rules 1 and 32.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from provstore.importers.neo4j.names import expand
from provstore.importers.statements import boolean, number
from provstore.model.statement import Attribute, Value, reference
from provstore.model.terms import DATE_TIME, INTERNATIONALIZED_STRING, QUALIFIED_NAME, STRING, XSD
from provstore.model.times import instant

# By the name of the driver's class, so that the driver is needed to read a graph only.
_BY_CLASS: Final = {"DateTime": DATE_TIME, "Date": XSD + "date", "Time": XSD + "time", "Duration": XSD + "duration"}
_LITERAL: Final = re.compile(
    r'(?:"""(?P<long>.*)"""|"(?P<short>(?:[^"\\]|\\.)*)")(?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*)|'
    r" %% (?P<datatype>\S+))",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def native(name: str, value: Any) -> Attribute | None:
    """The attribute of a value that is no text: number, truth value, time or bytes; None: PROV has no such value."""
    if isinstance(value, bool):
        return boolean(name, value)
    if isinstance(value, int | float):
        return number(name, value)
    if isinstance(value, bytes | bytearray):
        return Attribute(name, XSD + "base64Binary", b64encode(value).decode())
    datatype = _BY_CLASS.get(type(value).__name__)
    if datatype is None or not hasattr(value, "iso_format"):
        return None
    return moment(name, value.iso_format()) if datatype == DATE_TIME else Attribute(name, datatype, value.iso_format())


def moment(name: str, lexical: str) -> Attribute:
    """A time in UTC; text that cannot be read as one stays text (rule 32)."""
    found = instant(lexical)
    return Attribute(name, DATE_TIME, found.utc) if found else Attribute(name, STRING, lexical)


def literal(text: str, prefixes: Mapping[str, str]) -> Value | None:
    """The typed literal that `text` writes in PROV-N, such as `"12.5" %% xsd:decimal`; None: it is text."""
    match = _LITERAL.fullmatch(text)
    if match is None:
        return None
    content = match["long"] if match["long"] is not None else match["short"]
    lexical = _ESCAPED.sub(lambda one: _ESCAPES.get(one[1], one[1]), content)
    if match["language"]:
        return Value(INTERNATIONALIZED_STRING, lexical, match["language"])
    datatype = expand(match["datatype"], prefixes)
    return Value(datatype, lexical) if datatype else None


def declared(name: str, text: str, type_: Mapping[str, Any], prefixes: Mapping[str, str]) -> Attribute | None:
    """The attribute of a text whose type is kept beside it: `{"type": "xsd:decimal"}` or `{"lang": "de"}`."""
    if isinstance(type_.get("lang"), str):
        return Attribute(name, INTERNATIONALIZED_STRING, text, type_["lang"])
    datatype = expand(str(type_.get("type", "")), prefixes)
    if datatype == QUALIFIED_NAME:
        found = expand(text, prefixes)
        return reference(name, found) if found else None
    if datatype == DATE_TIME:
        return moment(name, text)
    return Attribute(name, datatype, text) if datatype else None


def merged_json(given: Any) -> dict[str, Any]:
    """The JSON objects of a text or a list of texts in one; the last that says something of a key is right.

    What is no JSON object says nothing.
    """
    found: dict[str, Any] = {}
    for text in given if isinstance(given, list) else [given]:
        try:
            value = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found |= value
    return found
