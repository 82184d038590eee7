"""Query texts in Gremlin become traversals step by step; what is not known is refused at its place."""

from __future__ import annotations

import re

import pytest
from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import Column, Order, P, Scope, T, TextP

from provstore import resources
from provstore.errors import UsageError
from provstore.graph.gremlin_keys import source
from provstore.graph.gremlin_text import translate
from provstore.questions.ask import all_templates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("g.V().project('a').by('iri')", source().V().project("a").by("iri")),
        (
            "g.V().has('iri', start).repeat(__.in('used').dedup()).project('a').by(T_)".replace("T_", "id"),
            source().V().has("iri", "urn:x").repeat(__.in_("used").dedup()).project("a").by(T.id),
        ),
        (
            "g.V().has('n', gt(1)).has('t', startingWith('a')).has('k', within('b', 'c'))."
            "project('n').by(count(local))",
            source().V().has("n", P.gt(1)).has("t", TextP.starting_with("a")).has("k", P.within("b", "c"))
            .project("n").by(__.count(Scope.local)),
        ),
        (
            "g.inject(1, -2.5, null, true).order().by(values, desc).project('a', 'b').by(select(keys)).by(values('x'))",
            source().inject(1, -2.5, None, True).order().by(Column.values, Order.desc).project("a", "b")
            .by(__.select(Column.keys)).by(__.values("x")),
        ),
        (
            "// a comment\ng . V ( ) . // another\n as('x') .project('it''s')".replace("''", "\\'"),
            source().V().as_("x").project("it's"),
        ),
    ],
)  # fmt: skip
def test_a_text_is_the_traversal_that_the_driver_makes_of_the_same_calls(text, expected):
    assert translate(text, {"start": "urn:x"}).traversal.bytecode == expected.bytecode


def test_the_columns_are_those_of_the_last_projection():
    query = translate("g.V().project('a').by('x').project('b', 'c').by('a').by('a').limit(limit)", {"limit": 3})
    assert query.columns == ("b", "c")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("h.V()", "line 1, column 1", "the source `g`"),
        ("g.addV('x')", "line 1, column 3", "one of E, V, inject"),
        ("g.V().\n  drop()", "line 2, column 3", "'drop' is no step"),
        ("g.V().property('a', 'b')", "line 1, column 7", "'property' is no step"),
        ("g.V().map{it.get()}", "line 1, column 10", "found '{'"),
        ('g.V().has("a")', "line 1, column 11", "found '\"'"),
        ("g.V().has('a', x)", "line 1, column 16", "'x' is no parameter"),
        ("g.V().where(in('used'))", "line 1, column 13", "write __.in"),
        ("g.V().has('a', 'b'", "line 1, column 19", "`,` or `)`"),
        ("g.V().has('a', ,)", "line 1, column 16", "a value, a predicate or a traversal"),
        ("g.V().has('a\n')", "line 1, column 11", 'found "\'"'),
        ("g.V().has('\\q')", "line 1, column 11", "escape"),
        ("g.V().limit(99999999999)", "line 1, column 13", "larger than a console takes"),
        ("g.V().count() g.V()", "line 1, column 15", "or the end"),
        ("g.V()." + "where(" * 50, "line 1, column 205", "nested more than 32 deep"),
        ("g.V().values('x')", None, "must end in project"),
        ("", "line 1, column 1", "found the end"),
    ],
)
def test_what_is_not_known_is_refused_at_its_place(text, place, said):
    with pytest.raises(UsageError) as caught:
        translate(text, {})
    assert said in caught.value.message
    assert place in (caught.value.where, None)


@pytest.mark.parametrize(("text", "known"), [("g.V().drop()", "groupCount"), ("g.V().has('a', ge(1))", "gte"),
                                             ("g.V().order().by(a, up)", "desc")])  # fmt: skip
def test_who_names_a_step_or_word_that_is_not_known_is_told_those_that_are(text, known):
    with pytest.raises(UsageError) as caught:
        translate(text, {"a": "a"})
    assert known in re.findall(r"\w+", caught.value.next_step)


@pytest.mark.parametrize("template", all_templates("gremlin"), ids=lambda one: one.question)
def test_every_template_has_the_columns_that_its_header_names(template):
    text = resources.text(f"queries/{template.place}.gremlin")
    bound = {parameter.name: parameter.name for parameter in template.parameters}
    assert translate(text, bound).columns == template.columns


def test_the_templates_are_those_of_the_embedded_engine():
    assert {one.question: one.columns for one in all_templates("gremlin")} == {
        one.question: one.columns for one in all_templates("sql")
    }
