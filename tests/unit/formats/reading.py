"""Short ways to read and write PROV-JSON in tests."""

from __future__ import annotations

import io
import json

from provstore.errors import BadInput
from provstore.formats.prov_json import PROV_JSON

EX = "http://example.org/"
PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAME = PROV + "QUALIFIED_NAME"
PREFIX = {"ex": EX}


def reading(text):
    """The Reading of a text, of bytes, or of what json.dumps makes a text of."""
    if not isinstance(text, str | bytes):
        text = json.dumps(text)
    return PROV_JSON.read(io.BytesIO(text.encode() if isinstance(text, str) else text), source="a.json")


def read(text):
    """The assertions."""
    return list(reading(text).assertions)


def statements(text):
    return [assertion.statement for assertion in read(text)]


def values(value_text, **prefixes):
    """The values that the JSON text of one attribute reads to, as (datatype, lexical form, language)."""
    prefix = json.dumps(PREFIX | prefixes)
    (one,) = statements(f'{{"prefix": {prefix}, "entity": {{"ex:e": {{"ex:a": {value_text}}}}}}}')
    return [tuple(value) for value in one.values(EX + "a")]


def refusal_of(chosen, data, source="a.json"):
    """The BadInput that reading `data` in a format raises, or None."""
    try:
        list(chosen.read(io.BytesIO(data), source=source).assertions)
    except BadInput as error:
        return error
    return None


def write(assertions, namespaces=None):
    """The document written, as text, and the losses."""
    out = io.BytesIO()
    losses = PROV_JSON.write(assertions, namespaces or {}, out)
    return out.getvalue().decode(), losses
