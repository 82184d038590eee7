"""A graph of a newer schema or of another ledger is refused, and what it has already is not written again."""

from __future__ import annotations

import sqlite3

import pytest

from provstore.errors import Conflict
from provstore.graph.contract import Applied, States
from provstore.graph.current import is_projected, require_known_schema, require_same_ledger
from provstore.graph.sqlite import SqliteEngine

HELD = Applied("ledger", 5, "root")


def test_a_newer_schema_is_refused_and_this_one_and_older_ones_are_not():
    require_known_schema(0, 2, "a")
    require_known_schema(2, 2, "a")
    with pytest.raises(Conflict, match=r"schema 3.*up to 2") as refused:
        require_known_schema(3, 2, "a")
    assert refused.value.where == "a"


def test_a_file_whose_graph_is_of_a_newer_schema_is_left_as_it_is(tmp_path):
    path = tmp_path / "graph.db"
    with SqliteEngine(path) as engine:
        engine.migrate()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE graph SET version = 99")
    connection.close()
    before = path.read_bytes()
    with SqliteEngine(path) as engine, pytest.raises(Conflict, match="schema 99"):
        engine.migrate()
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("states", "held", "projected"),
    [
        (States(5), None, False),
        (States(6), HELD, False),
        (States(5), HELD, True),
        (States(4), HELD, True),
        (States(5, mend=True), HELD, False),
        (States(4, mend=True), HELD, True),
    ],
)
def test_states_are_projected_when_the_graph_is_as_far_unless_they_mend_what_it_holds(states, held, projected):
    assert is_projected(states, held) is projected


def test_states_of_another_ledger_are_refused():
    require_same_ledger(States(6, applied=Applied("ledger", 6, "x")), HELD)
    require_same_ledger(States(6, applied=Applied("other", 6, "x")), None)
    require_same_ledger(States(6), HELD)
    with pytest.raises(Conflict, match="belongs to ledger ledger, not to other"):
        require_same_ledger(States(6, applied=Applied("other", 6, "x")), HELD)
