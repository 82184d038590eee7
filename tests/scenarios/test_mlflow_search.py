"""Filters and orders mean what MLflow's own search means by them: its utilities are asked the same."""

from __future__ import annotations

import math

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

from provstore.server.mlflow import searching
from provstore.server.mlflow.requests import Arguments
from tests.support.mlflow_runs import our_dataset, our_run, our_series

KEYS = ("rmse", "model type", "a.b", "lr")
TEXTS = ("svm", "SVM", "a_b", "axb", "100%", "", "it's", 'x"y')
NUMBERS = (0.5, -1.0, 2.0, 1e-07, math.nan, math.inf)
TIMES = (1_000, 2_000, 3_000)


def maybe(keys, values):
    return st.dictionaries(st.sampled_from(keys), values, max_size=3)


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
            ended = draw(st.sampled_from(("", ",")))
            return f"run_id {draw(st.sampled_from(('IN', 'NOT IN')))} ({listed}{ended})"
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
