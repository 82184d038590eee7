"""One question, one name: the file, the function, the verb and the method of the store are equal."""

from __future__ import annotations

from importlib import import_module

import pytest

from provstore.cli.verbs import MODULES

QUESTIONS = (
    "upstream",
    "downstream",
    "path",
    "show",
    "find",
    "history",
    "blame",
    "diff",
    "leakage",
    "ask",
    "segment",
    "summarize",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_one_name(question):
    from provstore.store import Store

    assert callable(getattr(import_module(f"provstore.questions.{question}"), question))
    assert MODULES[question] == question
    assert callable(getattr(Store, question))


@pytest.mark.parametrize("verb", sorted(MODULES))
def test_every_verb_of_the_table_exists_under_its_name_with_an_example(verb):
    command = import_module(f"provstore.cli.{MODULES[verb]}").command
    assert command.name == verb
    assert command.help
