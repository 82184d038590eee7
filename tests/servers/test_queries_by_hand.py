"""The pages of questions by hand: each query, as it stands there, has on real servers the answer under it."""

from __future__ import annotations

import re
import shutil
from typing import NamedTuple

import neo4j
import pytest
from gremlin_python.driver.client import Client

import provstore
from tests.docs.blocks import ROOT
from tests.support import servers
from tests.support.engines import gremlin_engine, neo4j_settings

pytestmark = pytest.mark.servers
HOWTO = ROOT / "docs" / "howto"
DEMO = ROOT / "provstore" / "demo"
_QUESTION = re.compile(
    r"(?P<before>[^\n]*)\n\n```(?:cypher|groovy)\n(?P<query>(?:(?!```)[^\n]*\n)+)```\n\n"
    r"\|(?P<columns>[^\n]*)\|\n\|[ |-]*\|\n(?P<rows>(?:\|[^\n]*\|\n)+)"
)


class Question(NamedTuple):
    """A query of a page, the line before it, and the table under it."""

    before: str
    query: str
    columns: list[str]
    rows: list[list[str]]


def questions(page):
    text = (HOWTO / page).read_text(encoding="utf-8")
    found = [
        Question(
            one["before"],
            one["query"],
            cells(one["columns"]),
            [cells(row[1:-1]) for row in one["rows"].splitlines()],
        )
        for one in _QUESTION.finditer(text)
    ]
    assert len(found) == text.count("```cypher") + text.count("```groovy"), "a query has no answer under it"
    return found


def cells(row):
    return [cell.strip() for cell in row.split("|")]


def shown(value):
    return "" if value is None else str(value)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The ledger of the demo, as `provstore demo` makes it."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with provstore.open(path) as store:
        store.import_records(DEMO / "mlflow.db")
        store.import_records(DEMO / "openlineage.ndjson")
    return path


def project(ledger, folder, **settings):
    """Puts the demo's graph into the server that the settings name."""
    shutil.copy(ledger, folder / "demo.db")
    with provstore.open(folder / "demo.db", **settings) as store:
        store.graph("rebuild")


def test_ten_questions_in_cypher(demo, tmp_path):
    asked = questions("query-by-hand-neo4j.md")
    assert len(asked) == 10
    with neo4j_settings() as given:
        project(demo, tmp_path, **given)
        found = servers.server("neo4j")
        with (
            neo4j.GraphDatabase.driver(found.url, auth=("neo4j", found.password)) as driver,
            driver.session() as session,
        ):
            for one in asked:
                result = session.run(one.query)
                columns = list(result.keys())
                assert (columns, [[*map(shown, row)] for row in result.values()]) == (one.columns, one.rows), one.query


@pytest.mark.parametrize(("name", "other"), [("gremlin", "JanusGraph"), ("janusgraph", "TinkerGraph")])
def test_ten_questions_in_gremlin(name, other, demo, tmp_path):
    asked = [one for one in questions("query-by-hand-gremlin.md") if f"On {other}" not in one.before]
    assert len(asked) == 10
    with gremlin_engine(name):
        url = f"{servers.server(name).url}/g"
        project(demo, tmp_path, graph=url)
        client = Client(re.sub(r"^\w+://([^/]*)/.*", r"ws://\1/gremlin", url), "g")
        try:
            for one in asked:
                answer = client.submit(one.query).all().result()
                rows = [[shown(row[column]) for column in one.columns] for row in answer]
                assert rows == one.rows, one.query
                assert all(set(row) == set(one.columns) for row in answer), one.query
        finally:
            client.close()
