from __future__ import annotations

import importlib.util
import re
from dataclasses import fields

import pytest

from provstore import errors
from provstore.graph.contract import Node
from provstore.graph.labels import TYPE_LABELS
from provstore.graph.neo4j_rows import Names, node_properties
from provstore.graph.walk import TABLE
from provstore.importers.mlflow.names import Names as MlflowNames
from provstore.importers.openlineage.names import Names as OpenLineageNames
from provstore.importers.redaction import REDACTED, redact
from provstore.model.terms import PROV, PS
from provstore.reports.words import PHRASES
from provstore.server.settings import ServerSettings
from provstore.settings import Settings
from tests.docs.blocks import PAGES, ROOT

DOCS = ROOT / "docs"
RESULTS = ROOT / "benchmarks" / "results"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "by"),
    [
        ("cli", "cli_reference"),
        ("queries", "queries_reference"),
        ("http", "http_reference"),
        ("settings", "settings_reference"),
    ],
)
def test_a_reference_that_is_written_by_a_program_is_what_it_writes_now(written, by, monkeypatch):
    monkeypatch.syspath_prepend(DOCS)
    spec = importlib.util.spec_from_file_location(by, DOCS / f"{by}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert page(f"reference/{written}.md") == module.text(), f"run: python docs/{by}.py"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(path):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert missing == []


def test_every_error_is_in_the_table_of_exit_codes():
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", page("reference/exit-codes.md"), re.M)
    told = {(name, int(code)) for code, names in rows for name in re.findall(r"`([\w-]+)`", names)}
    kinds = (
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ProvstoreError)
    )
    raised = {(kind.code, kind.exit_code) for kind in kinds}
    assert told == raised


@pytest.mark.parametrize(("of", "section"), [(Settings, ""), (ServerSettings, "server_")])
def test_every_setting_is_on_the_page_with_its_variable(of, section):
    text = page("reference/settings.md")
    rows = [f"| `{one.name}` | `PROVSTORE_{section.upper()}{one.name.upper()}` |" for one in fields(of)]
    assert [row for row in rows if row not in text] == []


def test_every_word_of_the_redaction_page_redacts():
    names = re.search(r"<!-- names -->(.*?)<!-- /names -->", page("reference/redaction.md"), re.S)[1]
    for name in re.split(r",\s*", names.strip()):
        assert redact(name, "something") == (REDACTED, True), name


@pytest.mark.parametrize("name", ["author", "tokenizer", "max_tokens"])
def test_names_that_the_redaction_page_calls_harmless_are_kept(name):
    assert f"`{name}`" in page("reference/redaction.md")
    assert redact(name, "something") == ("something", False)


def test_every_rule_that_is_cited_is_on_the_page_of_rules():
    told = {int(number) for number in re.findall(r"^\*\*Rule (\d+)\. ", page("reference/rules.md"), re.M)}
    folders = ("provstore", "schema", "queries", "tests", "benchmarks", "deploy", "docs")
    texts = (
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql", ".cypher", ".gremlin", ".md", ".yaml"}
    )
    cited = {
        int(number)
        for text in texts
        for rules in re.findall(r"\brule (\d+)|\brules (\d+(?:(?:, | and | to )\d+)*)", text, re.I)
        for number in re.findall(r"\d+", " ".join(rules))
    }
    assert cited <= told


def test_the_lineage_page_has_every_step_of_the_walk():
    text = page("explanation/lineage-walk.md")
    table = re.findall(r"^\| (\w+)(?:, with `--(\w+)`)? \| (.*?) \| (\w+) \|$", text, re.M)
    told = {
        (state, relation, then, option or None)
        for state, option, relations, then in table
        for relation in re.findall(r"`(\w+)`", relations)
    }
    assert told == {(step.state, step.relation, step.then, step.option) for step in TABLE}


def test_the_lineage_page_has_the_words_of_trees():
    text = page("explanation/lineage-walk.md").partition("The tree's words")[2]
    for relations, upstream, downstream in re.findall(r"^\| (`.*?) \| (.*?) \| (.*?) \|$", text, re.M):
        words = [PHRASES[one] for one in re.findall(r"`(\w+)`", relations)]
        assert {forwards for forwards, _ in words} == set(upstream.split(", "))
        assert {backwards for _, backwards in words} == set(downstream.split(", "))


def test_the_identifiers_page_names_things_as_the_importers_do():
    mlflow, openlineage = MlflowNames(""), OpenLineageNames()
    named = {
        mlflow.experiment("EXPERIMENT_ID"),
        mlflow.run("RUN_ID"),
        mlflow.record("RUN_ID"),
        mlflow.series("RUN_ID", "METRIC"),
        mlflow.artifact("OWNER_ID", "PATH"),
        mlflow.dataset("NAME", "DIGEST"),
        mlflow.logged_model("MODEL_ID"),
        mlflow.model("", "NAME"),
        mlflow.version("", "NAME", "VERSION"),
        mlflow.alias("", "NAME", "ALIAS"),
        mlflow.user("NAME"),
        mlflow.code("COMMIT"),
        openlineage.run("RUN_ID"),
        openlineage.job("NAMESPACE", "NAME"),
        openlineage.dataset("NAMESPACE", "NAME"),
        openlineage.version("NAMESPACE", "NAME", "VERSION"),
        openlineage.written("NAMESPACE", "NAME", "RUN_ID"),
        openlineage.producer("URI"),
        openlineage.engine("NAME", "VERSION"),
        openlineage.owner("NAME"),
        openlineage.code("URL"),
    }
    told = re.findall(
        r"^\| .*? \| `((?:mlflow|openlineage):[^`\[]*)(?:\[.*?\])?` \|$", page("reference/identifiers.md"), re.M
    )
    assert {"urn:provstore:" + one for one in told} - named <= {"urn:provstore:mlflow:model/churn/3"}
    assert named <= {"urn:provstore:" + one for one in told}


def test_the_neo4j_page_has_every_label_and_property():
    text = page("reference/neo4j.md")
    for prefix, namespace in (("ps", PS), ("prov", PROV)):
        told = re.findall(r"`(\w+)`", re.search(rf"<!-- {prefix} -->(.*?)<!-- /{prefix} -->", text, re.S)[1])
        labelled = {
            iri: label for iri, label in TYPE_LABELS.items() if iri.startswith(namespace) and label != "Software"
        }
        assert {namespace + name: name for name in told} == labelled
    whole = Node(
        "urn:a", ("entity",), True, ("urn:t",), "a", "2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z",
        ("md5:00", "sha256:00"), conflicts=("urn:x",), spaces=("s",),
    )  # fmt: skip
    assert {name for name in node_properties(whole, Names()) if f"`{name}`" not in text} == {"several_digests"}


def test_the_figures_of_the_engines_are_those_of_the_results():
    text = page("explanation/which-engine.md")
    rows = re.findall(r"^\| (.*?) \| \[results\]\(\.\./\.\./(.*?)\) \|$", text, re.M)
    assert {path for _, path in rows} == {str(one.relative_to(ROOT)) for one in RESULTS.glob("engines_*.md")}
    for row, path in rows:
        result = (ROOT / path).read_text(encoding="utf-8")
        _, statements, projection, ours, by_hand, rate, upstream, times = row.split(" | ")
        assert f"ledger of {statements} statements" in result
        assert re.search(
            rf"^\| load \| provstore \| [\d,]+ \| {projection.removesuffix(' s')} \| {ours} \|$", result, re.M
        )
        assert re.search(rf"^\| load \| by hand \| [\d,]+ \| [\d.,]+ \| {by_hand} \|$", result, re.M)
        measured = float(re.search(r"^\| upstream \| provstore \| 7,001 \| ([\d.]+) \|", result, re.M)[1])
        ratios = [
            float(re.search(rf"^\* {what}.*?: ([\d.]+)", result, re.M)[1]) for what in ("rate of", "times the time")
        ]
        assert [rounded(upstream.removesuffix(" s")), rounded(rate), rounded(times)] == [measured, *ratios]


def rounded(told):
    """Equal to a number that the page may have rounded to as many places as it shows."""
    return pytest.approx(float(told), abs=0.51 * 10 ** -len(told.partition(".")[2]))
