"""Query text lives in queries/ and schema/, never in Python."""

from __future__ import annotations

import re

import pytest

from tests.architecture.figures import PACKAGE, modules, strings

QUERY = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|VIEW)"
    r"|ALTER\s+TABLE|DROP\s+TABLE|MATCH\s*\(|MERGE\s*\(|g\.V\()",
    re.IGNORECASE | re.DOTALL,
)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_python_holds_no_query_text(path):
    assert [(line, text[:60]) for line, text in strings(path) if QUERY.search(text)] == []


def test_the_pattern_knows_query_text_when_it_sees_it():
    assert QUERY.search("select a from b")
    assert QUERY.search("MATCH (n:Element) RETURN n")
    assert not QUERY.search("nothing was selected; choose from these")
