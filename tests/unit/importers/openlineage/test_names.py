"""The identifiers are stored for good: this table may grow, its lines never change (rule 31)."""

import pytest

from provstore.errors import UsageError
from provstore.importers.openlineage.names import Names

BASE = "urn:provstore:openlineage:"

FROZEN = [
    ("run", ("F69A6E9B-9BAC-3C9A-9CF6-EACB70ECC9A9",), "run/f69a6e9b-9bac-3c9a-9cf6-eacb70ecc9a9"),
    ("run", ("Not-A-UUID",), "run/Not-A-UUID"),
    ("job", ("food_delivery", "dbt.orders"), "job/food_delivery/dbt.orders"),
    ("dataset", ("s3://bucket", "/raw/a b.csv"), "dataset/s3%3A%2F%2Fbucket/%2Fraw%2Fa%20b.csv"),
    ("version", ("a", "d", "sha256:00ff"), "dataset/a/d/sha256%3A00ff"),
    ("written", ("a", "d", "Run 1"), "dataset/a/d/run/Run%201"),
    ("producer", ("https://example.org/x",), "producer/https%3A%2F%2Fexample.org%2Fx"),
    ("engine", ("Airflow", "2.5.0"), "engine/Airflow/2.5.0"),
    ("owner", ("team:data",), "owner/team%3Adata"),
    ("code", ("git@example.org:r.git", "4b1f"), "code/git%40example.org%3Ar.git/4b1f"),
    ("code", ("sha256:00ff",), "code/sha256%3A00ff"),
]


@pytest.mark.parametrize(("what", "arguments", "local"), FROZEN)
def test_identifiers_are_frozen(what, arguments, local):
    assert getattr(Names(), what)(*arguments) == BASE + local


@pytest.mark.parametrize(("what", "arguments", "local"), FROZEN)
def test_a_scope_stands_before_what_it_is(what, arguments, local):
    assert getattr(Names("team a"), what)(*arguments) == f"{BASE}team%20a/{local}"


def test_the_unit_of_a_thing_is_its_prefixed_name():
    assert Names("s").unit(Names("s").run("r")) == "openlineage:s/run/r"


def test_a_scope_that_looks_like_an_identifier_is_refused():
    with pytest.raises(UsageError, match="scope"):
        Names("dataset")
