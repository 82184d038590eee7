"""Whatever is typed as a parameter of a query template is a value: the answer is that of a value, nothing changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provstore.errors import NotFound, UsageError
from provstore.graph.contract import Engine
from provstore.graph.projector import catch_up
from provstore.graph.sqlite import SqliteEngine
from provstore.model.names import Prefixes
from provstore.questions.ask import Parameter, Template, all_templates, ask
from tests.contract.test_engine_contract import ENGINES
from tests.oracle import templates
from tests.oracle.ledger import OracleLedger
from tests.oracle.small import say
from tests.oracle.terms import PROV, PS, activity, digest, entity, generated, iri, qualified, relation, text, used
from tests.oracle.view import View, view_of
from tests.support.histories import OracleHistory, graph_of

CORPUS: list[str] = json.loads((Path(__file__).parents[1] / "data" / "injection" / "strings.json").read_text("ascii"))
UNKNOWN = "urn:nothing:at:all"
# How many of the strings each engine is given: a server takes some milliseconds for each.
EVERY = {"embedded": 1}
MANY = 40
LEDGER = OracleLedger()
say(
    LEDGER,
    entity(
        "raw", text(PROV + "label", "customers"), digest("sha256:" + "a" * 64), qualified(PROV + "type", PS + "Dataset")
    ),
    entity("copy", digest("sha256:" + "a" * 64)),
    entity("model", text(PROV + "label", "churn%_'"), qualified(PROV + "type", PS + "Model")),
    activity("train", text(PS + "status", "finished")),
    used("train", "raw"),
    generated("model", "train"),
    relation("wasAssociatedWith", "train", "ada", "script"),
    relation("wasDerivedFrom", "report", "model", "evaluate", "g1", "u1"),
)
FITTING = {
    "integer": "1",
    "number": "1",
    "string": "",
    "attribute": PS + "status",
    "iri": iri("raw"),
    "iris": iri("raw"),
}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param]() as made:
        made.migrate()
        made.drop()
        catch_up(OracleHistory(LEDGER), made)
        yield made


@pytest.fixture(scope="module")
def view() -> View:
    return view_of(LEDGER)


def fitting(template: Template) -> dict[str, str]:
    """Parameters that are in order."""
    return {
        one.name: FITTING[one.type] if one.low is None else str(max(1, one.low))
        for one in template.parameters
        if one.default is None
    }


def typed(engine: Engine, template: Template, name: str, value: str) -> Any:
    """The rows that the template gives, or the refusal."""
    try:
        return ask(engine, Prefixes(), template.question, fitting(template) | {name: value}).rows
    except UsageError as refused:
        return refused


def is_as_expected(found: Any, parameter: Parameter, value: str, nothing: Any, view: View) -> bool:
    """Text that cannot be sent is refused; a number is refused or in range; any other text means just itself."""
    if isinstance(found, UsageError):
        return not_text(value) or parameter.type == "integer"
    if parameter.type == "integer":
        return parameter.low <= int(value) <= parameter.high  # type: ignore[operator]
    if parameter.type == "string":
        return sorted(found, key=str) == sorted(templates.find(view, **{parameter.name: value}), key=str)
    return found == nothing or value == parameter.default == ""


def not_text(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def test_the_corpus_has_at_least_300_strings():
    assert len(set(CORPUS)) >= 300


def test_a_parameter_of_a_template_is_only_ever_a_value(engine: Engine, view: View) -> None:
    before = graph_of(engine)
    for template in all_templates(engine.capabilities.templates):
        for parameter in template.parameters:
            nothing = typed(engine, template, parameter.name, UNKNOWN)
            for value in CORPUS[:: EVERY.get(engine.capabilities.name, MANY)]:
                found = typed(engine, template, parameter.name, value)
                assert is_as_expected(found, parameter, value, nothing, view), (template.question, parameter, value)
    assert graph_of(engine) == before


def test_a_question_or_a_parameter_of_any_name_is_refused(engine: Engine) -> None:
    for value in CORPUS:
        with pytest.raises(NotFound):
            ask(engine, Prefixes(), value, {})
        with pytest.raises(UsageError):
            ask(engine, Prefixes(), "upstream", {"start": iri("raw"), value: "x"})


def test_no_template_reads_or_writes_anything_but_the_graph(tmp_path: Path) -> None:
    tables = {"node", "edge", "relation", "scope", "step", "digest", "json_each"}
    touched: set[tuple[int, str]] = set()

    def authorizer(action: int, first: str | None, *_: str | None) -> int:
        touched.add((action, first or ""))
        return sqlite3.SQLITE_OK

    with SqliteEngine(tmp_path / "graph.db") as engine:
        engine.migrate()
        engine.run("audit/types", {})  # SQLite declares `json_each` at its first use
        engine._connection.set_authorizer(authorizer)
        for template in all_templates("sql"):
            ask(engine, Prefixes(), template.question, fitting(template))
        engine._connection.set_authorizer(None)
    # The pragma is the engine's own, which makes the connection read-only meanwhile; the others are of reading.
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    other = {one for one in touched if one[0] not in allowed}
    assert other == {(sqlite3.SQLITE_PRAGMA, "query_only")}
    # Parts of a template whose rows are only counted have their own names.
    assert {name for action, name in touched if action == sqlite3.SQLITE_READ} - {"element", "stated"} == tables
