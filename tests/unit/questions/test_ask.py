"""Ask: templates are found by their headers, parameters are typed and bound, lineage templates equal the questions."""

from __future__ import annotations

import pytest

from provstore import resources
from provstore.errors import Ambiguous, NotFound, UsageError
from provstore.questions.ask import all_templates, ask, templates, with_elements
from provstore.questions.downstream import downstream
from provstore.questions.upstream import upstream
from tests.support.ledgers import activity, associated, document, entity, generated, iri, name, relation, used
from tests.support.stories import World

TEMPLATES = all_templates("sql")


@pytest.fixture
def engine(tmp_path):
    world = World(tmp_path, "engine")
    digest = "sha256:" + "ab" * 32
    world.tell(
        document("a", used("train", "data"), generated("model", "train"), associated("train", "ann", "script"),
                 entity("data", digest=digest), entity("copy", digest=digest), entity("model", type=name("ps:Model"))),
        document("b", entity("model", size=1), activity("alone", start="2026-01-01T00:00:00Z")),
        document("c", entity("model", size=2), relation("actedOnBehalfOf", "ann", "boss")),
    )  # fmt: skip
    yield world.reader(), world
    world.close()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.question)
def test_a_template_returns_the_columns_that_its_header_says(engine, template):
    reader, world = engine
    given = {one.name: "ex:model" for one in template.parameters if one.default is None}
    answer = ask(reader, world.prefixes, template.question, given)
    assert answer.columns == template.columns
    assert template.answers.endswith(".")


def test_the_list_names_every_template_once_with_its_parameters(engine):
    listed = {row[0]: row for row in templates(engine[0]).rows}
    assert len(listed) == len(TEMPLATES)
    assert listed["upstream"][1].startswith("start: iri, agents: integer 0..1 = 0")


@pytest.mark.parametrize("options", [{}, {"agents": True}, {"agents": True, "parents": True}])
@pytest.mark.parametrize("start", ["ex:model", "ex:train", "ex:data", "ex:script", "ex:copy", "ex:boss"])
def test_the_lineage_templates_equal_the_questions(engine, start, options):
    reader, world = engine
    typed = {name: "1" for name in options} | {"start": start}
    for question in (upstream, downstream):
        if question is downstream and start == "ex:boss":
            typed["agents"] = "1"
        rows = ask(reader, world.prefixes, question.__name__, typed).rows
        assert {row[0] for row in rows} == question(reader, world.prefixes, start, **options).iris()


def test_the_audit_templates_find_what_they_say(engine):
    reader, world = engine

    def first(question, **given):
        return [row[0] for row in ask(reader, world.prefixes, question, given).rows]

    assert first("conflicts") == [iri("model")]
    assert first("copies") == ["sha256:" + "ab" * 32]
    assert first("copies", least="3") == []
    assert set(first("undescribed")) == {iri(one) for one in ("train", "ann", "script", "boss")}
    assert first("types") == ["urn:provstore:terms#Model"]
    assert first("unattributed") == [iri("alone")]


def test_a_question_or_parameter_that_is_none_names_what_there_is(engine):
    reader, world = engine
    with pytest.raises(NotFound) as caught:
        ask(reader, world.prefixes, "conflict")
    assert "conflicts" in caught.value.next_step
    for given, message in (
        ({}, "needs start"),
        ({"start": "ex:model", "depth": "1"}, "no parameter depth"),
        ({"start": "ex:model", "agents": "yes"}, "expected agents: integer 0..1"),
        ({"start": "ex:model", "agents": "2"}, "expected agents: integer 0..1"),
    ):
        with pytest.raises(UsageError, match=message):
            ask(reader, world.prefixes, "upstream", given)


def test_a_parameter_is_a_value_and_no_query_text(engine):
    reader, world = engine
    assert ask(reader, world.prefixes, "upstream", {"start": "x'; DROP TABLE node; --"}).rows == ()
    assert ask(reader, world.prefixes, "types").rows != ()


LIMITED = [one.question for one in TEMPLATES if any(parameter.name == "limit" for parameter in one.parameters)]


@pytest.mark.parametrize("question", LIMITED)
def test_a_template_says_whether_its_limit_cut_the_answer(engine, question):
    reader, world = engine
    world.tell(
        document("e", *(used(run, thing) for run in ("early", "late") for thing in ("in0", "in1", "in2")),
                 activity("early", start="2026-01-01T00:00:00Z"), activity("late", start="2026-01-02T00:00:00Z"),
                 activity("idle"), generated("out0", "early"), generated("out1", "early"),
                 used("approval", "in0"), used("approval", "in1"),
                 activity("approval", type=name("ps:Approval"), start="2026-01-03T00:00:00Z"),
                 *(entity(f"held{one}", digest="sha256:" + "cd" * 32) for one in "ab"), entity("out0", size=1)),
        document("f", entity("out0", size=2)),
    )  # fmt: skip
    reader = world.reader()
    every = ask(reader, world.prefixes, question)
    assert len(every.rows) >= 2
    assert every.truncated is None
    whole = ask(reader, world.prefixes, question, {"limit": str(len(every.rows))})
    assert (whole.rows, whole.truncated) == (every.rows, None)
    cut = ask(reader, world.prefixes, question, {"limit": "1"})
    assert cut.rows == every.rows[:1]
    assert cut.as_json()["truncated"] == {"reason": "limit", "limit": 1, "remaining": None}
    assert cut.parameters["limit"] == 1


def test_an_empty_name_names_no_element(engine):
    _, world = engine
    world.tell(document("g", entity("unlabelled", {"prov:label": ""})))
    reader = world.reader()
    for question, given in (
        ("upstream", {"start": ""}),
        ("siblings", {"members": ""}),
        ("siblings", {"members": []}),
        ("siblings", {"members": ["ex:model", ""]}),
    ):
        with pytest.raises(UsageError, match=r"found (none|an empty one)"):
            with_elements(reader, world.prefixes, question, given)
    with pytest.raises(UsageError, match="found an empty one"):
        upstream(reader, world.prefixes, "")


def test_a_fragment_is_no_template():
    fragments = {path.stem for path in resources.directory("queries/find").glob("*.sql")}
    assert not fragments & {template.question for template in TEMPLATES}


def test_an_element_is_named_by_digest_or_label_as_everywhere(engine):
    reader, world = engine
    labels = [entity(one, {"prov:label": label}) for one, label in (("data", "the data"), ("x", "twin"), ("y", "twin"))]
    world.tell(document("d", *labels))
    reader = world.reader()

    def first(question, **given):
        named = with_elements(reader, world.prefixes, question, given)
        return {row[0] for row in ask(reader, world.prefixes, question, named).rows}

    assert iri("model") in first("downstream", start="the data")
    assert first("downstream", start="the data") == first("downstream", start="ex:data")
    with pytest.raises(Ambiguous, match="2 entities"):
        first("downstream", start="sha256:" + "ab" * 4)
    with pytest.raises(Ambiguous, match="several elements"):
        first("upstream", start="twin")
    assert first("frontier", elements=["the data"], inward="1") == first("frontier", elements=["ex:data"], inward="1")
    holders = first("frontier", elements="sha256:" + "ab" * 32, inward="1")
    assert holders == first("frontier", elements="ex:data ex:copy", inward="1") != set()
    for question, parameter in (("upstream", "start"), ("impact", "start"), ("frontier", "elements"), ("path", "goal")):
        with pytest.raises(NotFound, match="nothing of this name") as caught:
            first(question, **{"start": "ex:model"} | {parameter: "ex:mode"})
        assert "ex:model" in caught.value.next_step
    with pytest.raises(UsageError, match="lone surrogate"):
        first("upstream", start="\ud800")
