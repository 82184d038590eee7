"""No format writes a lone surrogate, however large the document is."""

from __future__ import annotations

import io

import pytest

from provstore.errors import BadInput
from provstore.formats import spool
from provstore.formats.registry import FORMATS
from provstore.model.document import Assertion
from provstore.model.statement import statement
from tests.unit.formats.reading import EX, PROV, XSD

LONE = Assertion(None, statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "string", "\ud800", "")]))
every_format = pytest.mark.parametrize("chosen", FORMATS, ids=lambda one: one.name)


@every_format
def test_a_lone_surrogate_is_bad_input(chosen):
    with pytest.raises(BadInput, match="lone surrogate"):
        chosen.write([LONE], {}, io.BytesIO())


@every_format
def test_a_lone_surrogate_is_bad_input_in_a_document_that_is_kept_on_disk_meanwhile(chosen, monkeypatch):
    monkeypatch.setattr(spool, "_BUFFERED_BYTES", 1)
    with pytest.raises(BadInput, match="lone surrogate"):
        chosen.write([LONE], {}, io.BytesIO())
