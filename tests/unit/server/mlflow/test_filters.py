"""Filters and orders mean what MLflow's own search means by them: its utilities are asked the same."""

from __future__ import annotations

import math
from array import array
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlflow.entities import (
    Dataset,
    InputTag,
    Metric,
    Param,
    RunData,
    RunInfo,
    RunInputs,
    RunTag,
)  # fmt: skip
from mlflow.entities import (
    DatasetInput as TheirInput,
)
from mlflow.entities import (
    Run as TheirRun,
)
from mlflow.utils.search_utils import SearchUtils

from provstore.errors import BadInput
from provstore.importers.mlflow.records import DatasetInput, Run, Series
from provstore.server.mlflow import searching
from provstore.server.mlflow.filters import parse
from provstore.server.mlflow.requests import Arguments

KEYS = ("rmse", "model type", "a.b", "lr")
TEXTS = ("svm", "SVM", "a_b", "axb", "100%", "", "it's", 'x"y')
NUMBERS = (0.5, -1.0, 2.0, 1e-07, math.nan, math.inf)
TIMES = (1_000, 2_000, 3_000)


def maybe(keys, values):
    return st.dictionaries(st.sampled_from(keys), values, max_size=3)


def our_run(identifier, **fields):
    told = {
        "experiment_id": "1", "name": None, "status": "FINISHED", "lifecycle_stage": "active", "started_ms": 0,
        "ended_ms": None, "deleted_ms": None, "artifact_uri": "x:/",
    }  # fmt: skip
    return Run(id=identifier, **(told | fields))


def our_dataset(name, digest):
    tags = {"mlflow.data.context": name}
    return DatasetInput(name=name, digest=digest, source_type=None, source=None, schema=None, profile=None, tags=tags)


def our_series(name, value):
    return Series(name=name, steps=array("q", [0]), times_ms=array("q", [0]), values=array("d", [value]))


def their_run(identifier, *, name, status, user, started_ms, ended_ms, metrics, params, tags, data):
    return TheirRun(
        RunInfo(identifier, "1", user, status, started_ms, ended_ms, "active", "x:/", run_name=name),
        RunData(
            [Metric(key, value, 0, 0) for key, value in metrics.items()],
            [Param(*pair) for pair in params.items()],
            [RunTag(*pair) for pair in tags.items()],
        ),
        RunInputs([TheirInput(Dataset(n, d, "x", "x"), [InputTag("mlflow.data.context", n)]) for n, d in data]),
    )


@st.composite
def runs(draw):
    """Runs as ours and as MLflow's."""
    ours, theirs = [], []
    for number in range(draw(st.integers(0, 6))):
        identifier = f"{number:032x}"
        metrics = draw(maybe(KEYS, st.sampled_from(NUMBERS)))
        data = draw(st.lists(st.tuples(st.sampled_from(("train", "test")), st.sampled_from(("d1", "d2"))), max_size=2))
        same = {
            "name": draw(st.sampled_from(TEXTS)),
            "user": draw(st.sampled_from(TEXTS)),
            "status": draw(st.sampled_from(("FINISHED", "FAILED"))),
            "started_ms": draw(st.sampled_from(TIMES)),
            "ended_ms": draw(st.none() | st.sampled_from(TIMES)),
            "params": draw(maybe(KEYS, st.sampled_from(TEXTS))),
            "tags": draw(maybe(KEYS, st.sampled_from(TEXTS))),
        }
        series = tuple(our_series(name, value) for name, value in metrics.items())
        datasets = tuple(our_dataset(*pair) for pair in data)
        ours.append(our_run(identifier, **same, series=series, datasets=datasets))
        theirs.append(their_run(identifier, **same, metrics=metrics, data=data))
    return ours, theirs


def spelled(key):
    plain = [key] if key.replace(".", "").isalpha() else []
    return st.sampled_from([f"`{key}`", f'"{key}"', *plain])


@st.composite
def comparisons(draw):
    entity = draw(st.sampled_from(("metric", "param", "tag", "text", "number", "dataset", "id", "null")))
    key = draw(st.sampled_from(KEYS))
    text = "'" + draw(st.sampled_from([one for one in TEXTS if "'" not in one])) + "'"
    order = draw(st.sampled_from(("=", "!=", "<", "<=", ">", ">=")))
    equality = draw(st.sampled_from(("=", "!=", "LIKE", "ILIKE", "like")))
    match entity:
        case "metric":
            name = draw(st.sampled_from(("metrics", "metric")))
            number = draw(st.sampled_from(("0.5", "-1", "2.0", "1e-07", "-1.0")))
            return f"{name}.{draw(spelled(key))} {order} {number}"
        case "param" | "tag":
            return f"{draw(st.sampled_from((entity, entity + 's')))}.{draw(spelled(key))} {equality} {text}"
        case "null":
            what = draw(st.sampled_from(("params", "tags")))
            return f"{what}.{draw(spelled(key))} {draw(st.sampled_from(('IS NULL', 'IS NOT NULL')))}"
        case "number":
            name = draw(st.sampled_from(("start_time", "attributes.start_time", "end_time", "attribute.created")))
            return f"{name} {order} {draw(st.sampled_from(TIMES))}"
        case "dataset":
            name = draw(st.sampled_from(("dataset.name", "datasets.context", "dataset.digest")))
            return f"{name} {equality} {draw(st.sampled_from(('train', 'd1', 'd%')))!r}"
        case "id":
            listed = ", ".join(
                f"'{number:032x}'" for number in draw(st.lists(st.integers(0, 6), min_size=1, max_size=3))
            )
            return f"run_id {draw(st.sampled_from(('IN', 'NOT IN')))} ({listed})"
    name = draw(st.sampled_from(("run_name", "attributes.`run name`", "status", "user_id", "attr.status")))
    return f"{name} {equality} {text}"


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(
            ("metrics.rmse", "params.`model type`", "tag.lr", "attributes.end_time", "start_time", "run_id")
        ),
        st.sampled_from(("", " ASC", " DESC")),
    ).map("".join),
    max_size=2,
)


@settings(max_examples=300, deadline=None)
@given(both=runs(), clauses=st.lists(comparisons(), min_size=1, max_size=3), order=ORDERS)
def test_a_search_finds_what_mlflow_finds_in_its_order(both, clauses, order):
    ours, theirs = both
    text = " AND ".join(clauses)
    expected = SearchUtils.sort(SearchUtils.filter(theirs, text), order)
    found, _ = searching.page(ours, Arguments({"filter": text, "order_by": order}), searching.RUNS)
    assert [one.id for one in found] == [one.info.run_id for one in expected]


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
