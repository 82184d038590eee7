"""The page of what is kept is what happens, and no format loses anything in silence."""

from __future__ import annotations

import pytest

from provstore.formats.registry import FORMATS
from tests.conformance.concepts import CONCEPTS
from tests.conformance.table import ALIKE, KEPT, PAGE, SERVERS, in_format, on_server, text


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda one: one.name)
@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda one: one.name)
def test_a_format_keeps_a_concept_or_says_what_it_loses(concept, chosen):
    in_format(concept, chosen)


def column(name: str) -> list[str]:
    """The cells of the page under that head."""
    lines = [line.strip("| ").split(" | ") for line in page().splitlines() if line.startswith("| ")]
    place = next(cells for cells in lines if cells[0] == "concept").index(name)
    return [cells[place] for cells in lines if cells[place] not in (name, "---")]


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_happens():
    last = len(SERVERS)
    lines = [line.rsplit(" | ", last)[0] + " |" if line.startswith("| ") else line for line in page().splitlines()]
    assert "\n".join(lines) + "\n" == text(), "run: make conformance"


def test_the_ledger_keeps_every_concept():
    assert column("ledger") == [KEPT] * len(CONCEPTS)


@pytest.mark.servers
@pytest.mark.parametrize("name", SERVERS)
def test_every_engine_holds_the_same_graph(name):
    assert column(f"graph ({name})") == on_server(name) == [ALIKE] * len(CONCEPTS)


def test_concepts_have_names_of_their_own():
    names = [(concept.theme, concept.name) for concept in CONCEPTS]
    assert len(set(names)) == len(names)
