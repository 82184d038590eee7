"""Every query template answers what an oracle in plain Python answers (rule 24), on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provstore.graph.contract import Engine
from provstore.graph.projector import catch_up
from provstore.model.names import Prefixes
from provstore.questions.ask import all_templates, ask
from provstore.questions.result import Truncated
from tests.contract.test_engine_contract import ENGINES
from tests.oracle import templates
from tests.oracle.ledger import OracleLedger
from tests.oracle.small import say, short
from tests.oracle.terms import PROV, PS, activity, entity, generated, iri, relation, text, used
from tests.oracle.view import View, view_of
from tests.support.histories import OracleHistory
from tests.support.template_cases import (
    APART,
    TAKES,
    answer,
    by_view_key,
    differs,
    expected,
    ledgers,
    parameters,
    plain,
    told_alike,
    typed,
)

# A server takes a second for a graph.
FEW = {"embedded": 40}
FEWER = 5


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of each kind, emptied for each graph."""
    with ENGINES[request.param]() as made:
        made.migrate()
        yield made


def some(engine: Engine) -> settings:
    """How many graphs an engine is tried with; on servers a failure is told as it was found."""
    phases = (Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if engine.capabilities.name in FEW else []))
    examples = FEW.get(engine.capabilities.name, FEWER)
    return settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=[HealthCheck.too_slow])


def filled(engine: Engine, ledger: OracleLedger) -> View:
    engine.drop()
    catch_up(OracleHistory(ledger), engine)
    return view_of(ledger)


def test_there_are_at_least_25_questions_and_the_oracle_answers_each_but_path():
    assert len(TAKES) >= 25
    assert TAKES.keys() - templates.ANSWERS.keys() == {"path"}


def test_an_engine_has_every_template_with_the_same_header(engine: Engine) -> None:
    def headers(language: str) -> dict[str, Any]:
        return {one.question: (one.place, one.parameters, one.columns) for one in all_templates(language)}

    assert headers(engine.capabilities.templates) == headers("sql")


@pytest.mark.parametrize("language", ["sql", "cypher", "gremlin"])
def test_a_question_has_the_name_of_its_file(language: str) -> None:
    assert [one.place.rpartition("/")[2] for one in all_templates(language)] == [
        one.question for one in all_templates(language)
    ]


def test_every_template_answers_as_the_oracle_does(engine: Engine) -> None:
    @some(engine)
    @given(ledgers(), st.data())
    def compare(ledger: OracleLedger, data: Any) -> None:
        view = filled(engine, ledger)
        for template in all_templates(engine.capabilities.templates):
            if template.question not in APART:
                question = template.question
                asked = parameters(data.draw, question, view)
                found = told_alike(engine, question, plain(answer(engine, question, asked)))
                wanted = told_alike(engine, question, by_view_key(engine, question, expected(view, question, asked)))
                assert typed(found) == typed(wanted) or differs(engine, question, asked, view), (question, asked)

    compare()


def test_path_is_one_of_the_shortest_and_every_step_of_it_is_an_edge(engine: Engine) -> None:
    @some(engine)
    @given(ledgers(), st.data())
    def compare(ledger: OracleLedger, data: Any) -> None:
        view = filled(engine, ledger)
        edges = {(e.source, e.relation, e.target) for e in view.edges}
        for _ in range(5):
            asked = parameters(data.draw, "path", view)
            rows = sorted(answer(engine, "path", asked))
            length = templates.path_length(view, **asked)
            assert len(rows) == (0 if length is None else length + 1), asked
            assert [step for step, _, _ in rows] == list(range(len(rows)))
            assert {type(step) for step, _, _ in rows} <= {int}
            assert rows == [] or (rows[0][1:] == (None, asked["start"]) and rows[-1][2] == asked["goal"])
            assert {(a[2], b[1], b[2]) for a, b in pairwise(rows)} <= edges

    compare()


def test_conflicts_are_the_elements_of_which_sources_say_different_things(engine: Engine) -> None:
    ledger = OracleLedger()
    of_a1 = [text(PS + "param.lr", "1"), text(PS + "status", "failed")]
    say(ledger, activity("a1", *of_a1), activity("a2", text(PS + "status", "failed")))
    say(ledger, activity("a1", text(PS + "param.lr", "2"), text(PS + "status", "finished")))
    view = filled(engine, ledger)
    rows = answer(engine, "conflicts", {})
    assert [row[:2] for row in rows] == templates.conflicts(view) == [(iri("a1"), None)]
    assert rows[0][2] == f'["{PS}param.lr","{PS}status"]'


def test_an_element_that_mentions_itself_is_mentioned_twice(engine: Engine) -> None:
    ledger = OracleLedger()
    say(ledger, relation("wasInformedBy", "a1", "a1"), used("a1", "e1"))
    filled(engine, ledger)
    assert answer(engine, "undescribed", {}) == [(iri("a1"), 3), (iri("e1"), 1)]


def test_an_answer_that_a_limit_cut_says_so(engine: Engine) -> None:
    ledger = OracleLedger()
    say(ledger, *(used("a", one) for one in ("e1", "e2", "e3")))
    filled(engine, ledger)
    for limit, cut in ((2, True), (3, False)):
        found = ask(engine, Prefixes(), "inputs_without_origin", {"limit": limit})
        assert [row[0] for row in found.rows] == [iri("e1"), iri("e2"), iri("e3")][:limit]
        assert (found.truncated == Truncated("limit", limit, None)) == cut


def test_long_iris_and_labels_are_told_whole(engine: Engine) -> None:
    """Longer than an index takes them, and alike for as long as one does."""
    ledger = OracleLedger()
    names = [f"{'l' * 3000}{one}" for one in "abc"]
    labels = [f"{'x' * 3000}{one}" for one in "PQQ"]
    named = [entity(name, text(PROV + "label", label)) for name, label in zip(names, labels, strict=True)]
    say(
        ledger,
        *named,
        used("run", names[0]),
        used("run", names[1]),
        generated("model", "run"),
        generated("report", "run"),
    )
    view = filled(engine, ledger)
    for question, asked in (
        *((question, {"start": iri(names[1])}) for question in ("upstream", "downstream", "impact", "recall")),
        *((question, {"start": iri("model")}) for question in ("upstream", "downstream")),
        ("shared", {"a": iri("model"), "b": iri("report")}),
        ("diff_elements", {"a": iri(names[2]), "b": iri("model")}),
        ("leakage", {"train": iri("model"), "test": iri(names[0])}),
        ("frontier", {"elements": [iri(names[0]), iri("run")], "inward": 1}),
        ("direct_paths", {"sources": [iri(names[0])], "destinations": [iri("model")]}),
        ("similar_paths", {"sources": [iri(names[0])], "destinations": [iri("model")]}),
        *((question, {}) for question in ("inputs_without_origin", "find")),
        ("find", {"text": "Q"}),
        ("find", {"text": "x" * 2500}),
    ):
        found = answer(engine, question, asked)
        assert plain(found) == expected(view, question, asked), question
        assert found != []
    steps = answer(engine, "path", {"start": iri("model"), "goal": iri(names[1])})
    assert steps[-1] == (2, "used", iri(names[1]))


def test_what_only_seemed_to_hold_a_text_takes_no_place_below_the_limit(engine: Engine) -> None:
    ledger = OracleLedger()
    say(ledger, *(entity(f"e{n}", text(PROV + "label", "x" * 3000 + ("Q" if n in (6, 8) else "P"))) for n in range(10)))
    filled(engine, ledger)
    for limit, found in ((1, ["e6"]), (2, ["e6", "e8"])):
        table = ask(engine, Prefixes(), "find", {"text": "Q", "limit": limit})
        assert [row[0] for row in table.rows] == list(map(iri, found))
        assert (table.truncated is None) == (limit == 2)


def test_a_text_that_an_engine_cut_says_so(engine: Engine) -> None:
    ledger = OracleLedger()
    say(ledger, entity("e", text(PS + "note", "n" * 3000)), entity("f", text(PS + "note", "n")))
    filled(engine, ledger)
    table = ask(engine, Prefixes(), "show", {"element": iri("e")})
    whole = any(str(row[2]).endswith("n" * 3000) for row in table.rows)
    assert whole or table.truncated == Truncated("length", 1000, None)
    assert ask(engine, Prefixes(), "show", {"element": iri("f")}).truncated is None


# The pipeline of docs/explanation/segments.md, worked by hand; activity: (agent, used, generated).
PIPELINE = {
    "sp": ("alice", "r1", "d1 v1"),
    "t1": ("alice", "d1 m1 s1", "w1 l1"),
    "u2": ("alice", "m1", "m2"),
    "t2": ("alice", "d1 m2 s1", "w2 l2"),
    "u3": ("bob", "s1", "s3"),
    "t3": ("bob", "d1 m1 s3", "w3 l3"),
}
C1, C2, C3, C4 = "direct_paths", "similar_paths", "siblings", "agents"
EXAMPLES_OF_SEGMENTS = {
    ("r1", "w2"): {C1: "r1 sp d1 t2 w2", C2: "r1 m1 sp u2 d1 m2 t2 w2", C3: "d1 v1 m2 w2 l2", C4: "alice"},
    ("d1", "w2"): {C1: "d1 t2 w2", C2: "d1 m2 s1 t2 w2", C3: "w2 l2", C4: "alice"},
    ("m1", "w2"): {C1: "m1 u2 m2 t2 w2", C2: "r1 m1 sp u2 d1 m2 t2 w2", C3: "d1 v1 m2 w2 l2", C4: "alice"},
    ("r1", "l3"): {C1: "r1 sp d1 t3 l3", C2: "r1 s1 sp u3 d1 s3 t3 l3", C3: "d1 v1 s3 w3 l3", C4: "alice bob"},
    ("r1", "w2 l3"): {
        C1: "r1 sp d1 t2 t3 w2 l3",
        C2: "r1 m1 s1 sp u2 u3 d1 m2 s3 t2 t3 w2 l3",
        C3: "d1 v1 m2 s3 w2 l2 w3 l3",
        C4: "alice bob",
    },
}


@pytest.fixture
def pipeline(engine: Engine) -> Engine:
    ledger = OracleLedger()
    for run, (who, inputs, outputs) in PIPELINE.items():
        say(ledger, relation("wasAssociatedWith", run, who))
        say(ledger, *(used(run, one) for one in inputs.split()), *(generated(one, run) for one in outputs.split()))
    filled(engine, ledger)
    return engine


@pytest.mark.parametrize(("ends", "parts"), EXAMPLES_OF_SEGMENTS.items(), ids=" to ".join)
def test_the_parts_of_a_segment_are_those_of_the_worked_examples(
    pipeline: Engine, ends: tuple[str, str], parts: dict[str, str]
) -> None:
    def found(part: str, **given: set[str]) -> set[str]:
        named = {name: [iri(one) for one in sorted(several)] for name, several in given.items()}
        return short(row[0] for row in answer(pipeline, part, named))

    sources, destinations = (set(end.split()) for end in ends)
    direct = found(C1, sources=sources, destinations=destinations)
    similar = found(C2, sources=sources, destinations=destinations)
    beside = found(C3, members=direct | similar)
    people = found(C4, members=direct | similar | beside)
    assert {C1: direct, C2: similar, C3: beside, C4: people} == {
        name: set(text.split()) for name, text in parts.items()
    }


def test_an_expansion_goes_back_over_so_many_activities(pipeline: Engine) -> None:
    near, far = (answer(pipeline, "expansion", {"members": [iri("w2")], "steps": steps}) for steps in (1, 2))
    assert short(row[0] for row in near) == {"t2", "d1", "m2", "s1"}
    assert short(row[0] for row in far) == {"t2", "d1", "m2", "s1", "sp", "u2", "r1", "m1"}


def test_similarity_does_not_pass_over_what_lies_in_two_levels(engine: Engine) -> None:
    """`y` lies one activity behind `d` and two: it is like `x` and like `z`, and these are not like each other."""
    ledger = OracleLedger()
    say(ledger, generated("d", "a1"), *(used("a1", one) for one in "xyw"), generated("w", "a2"))
    say(ledger, used("a2", "y"), used("a2", "z"))
    filled(engine, ledger)
    expected_of = {
        "x": {"d", "a1", "x", "y", "w"},
        "z": {"d", "a1", "w", "a2", "y", "z"},
        "y": set("dxywz") | {"a1", "a2"},
    }
    for source, similar in expected_of.items():
        rows = answer(engine, "similar_paths", {"sources": [iri(source)], "destinations": [iri("d")]})
        assert short(row[0] for row in rows) == similar
