"""The page of what is kept is what happens, and no format loses anything in silence."""

from __future__ import annotations

import pytest

from provstore.formats.registry import FORMATS
from tests.conformance.concepts import CONCEPTS
from tests.conformance.table import KEPT, PAGE, in_format, text


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda one: one.name)
@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda one: one.name)
def test_a_format_keeps_a_concept_or_says_what_it_loses(concept, chosen):
    in_format(concept, chosen)


def test_the_page_is_what_happens():
    assert PAGE.read_text(encoding="utf-8") == text(), "run: make conformance"


def test_the_ledger_keeps_every_concept():
    lines = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    column = next(cells for cells in lines if cells[0] == "| concept").index("ledger")
    kept = [cells[column] for cells in lines if cells[column] not in ("ledger", "---")]
    assert kept == [KEPT] * len(CONCEPTS)


def test_concepts_have_names_of_their_own():
    names = [(concept.theme, concept.name) for concept in CONCEPTS]
    assert len(set(names)) == len(names)
