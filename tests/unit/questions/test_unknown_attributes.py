"""An attribute that an expression names and no element has is told, with the nearest name of those that there are."""

from __future__ import annotations

import pytest

from provstore.questions.find import find
from provstore.questions.segment import segment
from provstore.questions.summarize import summarize
from tests.support.ledgers import activity, document, entity, generated, name, used
from tests.support.stories import World


@pytest.fixture
def told(world: World) -> World:
    run = activity("run", type=name("ps:Run"), command="train.py", **{"metric.accuracy": 0.9, "param.lr": "0.1"})
    given = document(
        "u", run, entity("data", label="d"), entity("model"), used("run", "data"), generated("model", "run")
    )
    world.tell(given)
    return world


@pytest.mark.parametrize(
    ("expression", "notes"),
    [
        ("comand = x", ("no element has attribute 'comand'; did you mean 'command'?",)),
        ("accuracy > 0.5", ("no element has attribute 'accuracy'; did you mean 'metric.accuracy'?",)),
        ("lr = 0.1", ("no element has attribute 'lr'; did you mean 'param.lr'?",)),
        ("quite_other = 1", ("no element has attribute 'quite_other'",)),
        ("missing comand", ("no element has attribute 'comand'; did you mean 'command'?",)),
        (
            "not (comand = x or label = d) and metric.acuracy in (1, 2)",
            (
                "no element has attribute 'comand'; did you mean 'command'?",
                "no element has attribute 'metric.acuracy'; did you mean 'metric.accuracy'?",
            ),
        ),
        ("comand = x or comand = y", ("no element has attribute 'comand'; did you mean 'command'?",)),
        ("command = other", ()),
        ("command = other and label = d", ()),
        ("status = failed or exists digest or start > 2026-01-01", ()),  # words of the language
        ("kind = entity and not relation = used", ()),
        (None, ()),
    ],
)
def test_find_tells_what_no_element_has(told: World, expression, notes):
    answer = told.ask(find, expression)
    assert answer.notes == notes
    assert answer.as_json().get("notes", []) == list(notes)


def test_what_one_element_of_many_has_is_known(world: World):
    many = [entity(f"e{number}", label="same") for number in range(30)]
    world.tell(document("u", *many, entity("zz", rare="1")))
    for expression in ("rare = 2", "label = same and not rare = 1"):
        assert world.ask(find, expression, limit=3).notes == ()


def test_segments_and_summaries_tell_it_too(told: World):
    expected = "no element has attribute 'comand'; did you mean 'command'?"
    for mode in ("pre", "post"):
        asked = {"src": ["ex:data"], "dst": ["ex:model"], "mode": mode}
        assert expected in told.ask(segment, exclude=["comand = x"], **asked).notes
        assert told.ask(segment, exclude=["command = x"], **asked).notes == ()
    assert expected in told.ask(summarize, runs="comand = x").notes
    assert expected not in told.ask(summarize, runs="command = train.py").notes
