"""The table of losses that formats force: each has its clause, and the page of the formats shows all of it."""

from __future__ import annotations

import re
from pathlib import Path

from provstore.formats.losses import FORCED, Losses
from provstore.formats.registry import FORMATS
from provstore.model.statement import statement
from tests.unit.formats.reading import EX, PROV

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "formats.md"
ENTITY = statement(PROV + "Entity", EX + "e", [])


def test_the_page_of_the_formats_has_every_row_of_the_table():
    rows = re.findall(r"^\| (.+?) \| (.+?) \| ((?:`[\w-]+`(?:, )?)+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    told = {(what, clause, tuple(re.findall(r"`([\w-]+)`", formats))) for what, clause, formats in rows}
    assert set(FORCED) <= told
    assert len({one.what for one in FORCED}) == len(FORCED)


def test_every_row_names_formats_that_there_are():
    names = {one.name for one in FORMATS}
    assert all(set(one.formats) <= names for one in FORCED)


def test_a_loss_carries_its_clause_its_count_and_its_first_example():
    losses = Losses()
    losses.add(FORCED[0].what, ENTITY)
    losses.add(FORCED[0].what, statement(PROV + "Entity", EX + "f", []), 2)
    (loss,) = losses.found()
    assert (loss.count, loss.example, loss.clause) == (3, f"entity {EX}e", FORCED[0].clause)
    assert str(loss) == f"{FORCED[0].what} (3), such as entity {EX}e [{FORCED[0].clause}]"


def test_what_no_clause_forces_has_none():
    losses = Losses()
    losses.add("something else", ENTITY)
    assert losses.found()[0].clause == ""
