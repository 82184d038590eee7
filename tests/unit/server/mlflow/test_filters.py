"""Filters and pages: what is not understood is refused, and pages follow each other."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.server.mlflow import searching
from provstore.server.mlflow.filters import parse
from provstore.server.mlflow.requests import Arguments
from tests.support.mlflow_runs import our_dataset, our_run


@pytest.mark.parametrize(
    "text",
    [
        "metrics.rmse ~ 1",
        "metrics.rmse = 'a'",
        "metrics.rmse LIKE '1%'",
        "params.lr < '1'",
        "params.lr = 1",
        "params.lr = 'a' OR params.lr = 'b'",
        "params.lr = 'a' params.lr = 'b'",
        "color = 'red'",
        "colors.a = 'red'",
        "run_id IN ()",
        "run_id IN ('a'",
        "params.lr = 'a",
        "params.lr =",
        "params.lr",
        "dataset.color = 'x'",
        "AND",
        "params.lr IS 'x'",
        "(params.lr = 'a')",
        " AND ".join(["params.lr = 'a'"] * 1_001),
    ],
)
def test_what_is_not_understood_is_refused(text):
    run = our_run("1", datasets=(our_dataset("a", "b"),))
    with pytest.raises(BadInput) as refused:
        searching.page([run], Arguments({"filter": text}), searching.RUNS)
    assert refused.value.where == "filter"


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="abc.'`\"()=<>!, ANDIOT1%_\\", max_size=30))
def test_any_text_is_either_understood_or_refused(text):
    with suppress(BadInput):
        parse(text, searching.RUNS)


def test_pages_follow_each_other_and_know_their_search():
    runs = [our_run(str(n), started_ms=n) for n in range(5)]
    asked = {"max_results": 2, "filter": "start_time >= 1"}
    first, token = searching.page(runs, Arguments(asked), searching.RUNS)
    second, end = searching.page(runs, Arguments(asked | {"page_token": token["next_page_token"]}), searching.RUNS)
    assert [one.id for one in (*first, *second)] == ["4", "3", "2", "1"]
    assert end == {}
    with pytest.raises(BadInput):
        searching.page(runs, Arguments({"max_results": 2, "page_token": token["next_page_token"]}), searching.RUNS)


def matches(pattern, value, sign="LIKE"):
    """Whether a run with that tag is found."""
    run = our_run("1", tags={"t": value})
    found, _ = searching.page([run], Arguments({"filter": f"tags.t {sign} '{pattern}'"}), searching.RUNS)
    return bool(found)


@settings(max_examples=300, deadline=None)
@given(pattern=st.text("ab%_", max_size=6), value=st.text("abA\n", max_size=6))
def test_like_means_what_it_means_to_sqlite(pattern, value):
    with sqlite3.connect(":memory:") as database:
        for sign, sensitive in (("LIKE", 1), ("ILIKE", 0)):
            database.execute(f"PRAGMA case_sensitive_like = {sensitive}")
            assert matches(pattern, value, sign) == bool(
                database.execute("SELECT ? LIKE ?", (value, pattern)).fetchone()[0]
            )


def test_a_pattern_of_many_parts_is_looked_for_in_a_long_text():
    """As one expression with backtracking it would not be answered before the sun is cold."""
    assert not matches("%a" * 30 + "%b", "a" * 5_000)
    assert matches("%a" * 30 + "%b", "a" * 5_000 + "b")
