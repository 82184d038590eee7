"""Pictures and pages of a segment tell of each node why it is there, and what the colours mean."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from provstore.model.names import Prefixes
from provstore.questions.segment import segment
from provstore.questions.segmenting.parts import WHY
from provstore.questions.upstream import upstream
from provstore.reports.reasons import REASONS
from provstore.reports.registry import render
from tests.oracle_segment.examples import pipeline
from tests.support.ledgers import EXAMPLE
from tests.support.readers import MemoryReader, edge

NAMES = {"U": "used", "G": "wasGeneratedBy", "S": "wasAssociatedWith"}
PREFIXES = Prefixes({"ex": EXAMPLE})


@pytest.fixture
def reader():
    return MemoryReader([edge(NAMES[letter], source, target) for letter, source, target in sorted(pipeline())])


def drawn(text):
    """By node, the reasons that its bands are of."""
    svg = ElementTree.fromstring(text)
    spoken = {}
    for group in svg.findall(".//{*}g"):
        title = group.find("{*}title")
        bands = [rect.get("class") for rect in group.findall("{*}rect") if rect.get("class", "").startswith("why ")]
        if title is not None and bands:
            name = re.search(r"/(\w+)(;|$)", title.text.split(" ")[1])[1]
            spoken[name] = ([band.removeprefix("why ") for band in bands], title.text)
    return spoken


def test_every_reason_has_words():
    assert tuple(REASONS) == WHY


def test_a_drawn_node_has_a_band_for_each_reason_and_says_them(reader):
    answer = segment(reader, PREFIXES, ["ex:r1"], ["ex:w2"])
    bands = drawn(render(answer, "svg"))
    assert {name: tuple(reasons) for name, (reasons, _) in bands.items()} == {
        iri.removeprefix(EXAMPLE): why for iri, why in answer.why.items()
    }
    assert "c2, on a path as long as one that ends at a source" in bands["m1"][1]


def test_the_legend_has_the_reasons_that_there_are_and_no_other(reader):
    answer = segment(reader, PREFIXES, ["ex:r1"], ["ex:w2"])
    for text in (render(answer, "svg"), render(answer, "html")):
        said = set(re.findall(r"(src|dst|c[1-5]): ", text))
        assert said == {"src", "dst", "c1", "c2", "c3", "c4"}
        assert "c2: on a path as long as one that ends at a source" in text


def test_the_page_tells_the_reasons_beside_each_node(reader):
    page = render(segment(reader, PREFIXES, ["ex:r1"], ["ex:w2"]), "html")
    assert "src, c1, c2" in page


def test_a_lineage_has_no_reasons(reader):
    answer = upstream(reader, PREFIXES, "ex:w2")
    for rendering in ("svg", "html"):
        assert 'class="why' not in render(answer, rendering)
