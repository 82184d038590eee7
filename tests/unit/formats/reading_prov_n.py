"""Short ways to read and write PROV-N in tests."""

from __future__ import annotations

import io

from provstore.formats.prov_n import PROV_N
from tests.unit.formats.reading import EX


def document(*lines):
    """A document with the prefix ex and these lines."""
    return "\n".join(["document", f"prefix ex <{EX}>", *lines, "endDocument"])


def reading(text):
    """The Reading of a text or of bytes."""
    return PROV_N.read(io.BytesIO(text.encode() if isinstance(text, str) else text), source="a.provn")


def read(text):
    """The assertions."""
    return list(reading(text).assertions)


def statement_of(line):
    """The statement of one line."""
    (one,) = read(document(line))
    return one.statement


def value_of(text):
    """The value that a literal reads to, as (datatype, lexical form, language)."""
    (one,) = statement_of(f"entity(ex:e, [ex:a={text}])").values(EX + "a")
    return tuple(one)


def warnings_of(text):
    found = reading(text)
    list(found.assertions)
    return found.warnings


def write(assertions, namespaces=None):
    """The document written, as text, and the losses."""
    out = io.BytesIO()
    losses = PROV_N.write(assertions, namespaces or {}, out)
    return out.getvalue().decode(), losses
