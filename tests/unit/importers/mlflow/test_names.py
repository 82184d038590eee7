"""The identifiers of imported things are a contract: this table is frozen (docs/reference/identifiers.md, rule 31)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import UsageError
from provstore.importers.mlflow.names import NAMESPACE, Names

FROZEN = {
    "experiment": ("experiment", "12"),
    "run": ("run", "1cb3"),
    "record": ("record", "1cb3"),
    "series/1cb3/train%2Floss": ("series", "1cb3", "train/loss"),
    "artifact/1cb3/reports/with%20space.txt": ("artifact", "1cb3", "reports/with space.txt"),
    "dataset/customers/3f2a9c01": ("dataset", "customers", "3f2a9c01"),
    "logged-model/m-1": ("logged_model", "m-1"),
    "model/churn": ("model", "", "churn"),
    "model/odd%20name%20%C3%BC": ("model", "", "odd name ü"),
    "model/team/churn": ("model", "team", "churn"),
    "model/churn/3": ("version", "", "churn", "3"),
    "alias/churn/champion": ("alias", "", "churn", "champion"),
    "stage/churn/3": ("stage", "", "churn", "3"),
    "user/ada": ("user", "ada"),
    "code/5d5be1": ("code", "5d5be1"),
}


def made(names, function, *arguments):
    return getattr(names, function)(*arguments)


def test_the_identifiers_are_those_that_others_rely_on():
    assert NAMESPACE == "urn:provstore:mlflow:"
    for local, call in FROZEN.items():
        expected = local if "/" in local else f"{local}/{call[1]}"
        assert made(Names(""), *call) == NAMESPACE + expected


def test_a_scope_stands_before_what_it_is():
    assert Names("team a").run("1cb3") == "urn:provstore:mlflow:team%20a/run/1cb3"
    assert Names("team a").version("", "churn", "3") == "urn:provstore:mlflow:team%20a/model/churn/3"


@pytest.mark.parametrize("what", sorted({local.partition("/")[0] for local in FROZEN}))
def test_a_scope_that_makes_one_thing_look_like_another_is_refused(what):
    # `model/run/1`: run 1 of the scope `model`, or version 1 of the model `run`?
    with pytest.raises(UsageError, match="cannot be a scope"):
        Names(what)


def test_the_unit_is_the_prefixed_name():
    names = Names("")
    assert names.unit(names.run("1cb3")) == "mlflow:run/1cb3"


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=2, max_size=2, unique=True))
def test_different_data_sets_have_different_identifiers(two):
    first, second = (Names("").dataset(*one) for one in two)
    assert first != second
