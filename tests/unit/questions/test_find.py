"""Find: pages that together are the whole answer, in order, whatever the sort; cursors that belong to one question."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from provstore.errors import UsageError
from provstore.graph.expressions import WORDS
from provstore.questions.find import SORT_WORDS, find
from tests.support.ledgers import activity, agent, associated, document, entity, iri, name, used
from tests.support.stories import World


def told(world: World) -> None:
    runs = [
        activity(
            f"run{number:02}",
            start=f"2026-01-{1 + number:02}T00:00:00Z",
            type=name("ps:Run"),
            label=f"run {number % 3}",
            **{"metric.acc": number / 10},
        )
        for number in range(12)
    ]
    world.tell(
        document("runs", *runs, entity("data"), used("run03", "data")),
        document("who", associated("run04", "ann"), agent("ann", label="Ann Example")),
    )


def pages(world: World, expression, **options):
    cursor, found = None, []
    while True:
        page = world.ask(find, expression, cursor=cursor, **options)
        found += [node.iri for node in page.nodes]
        cursor = page.next
        if cursor is None:
            return found, page


def test_an_expression_finds_what_it_says(world: World):
    told(world)
    answer = world.ask(find, "type = ps:Run and metric.acc >= 0.9 and start < 2026-01-12")
    assert [node.iri for node in answer.nodes] == [iri("run09"), iri("run10")]
    assert (answer.total, answer.next) == (2, None)
    assert [node["qname"] for node in answer.as_json()["nodes"]] == ["ex:run09", "ex:run10"]


def test_relations_and_agents_can_be_asked_for(world: World):
    told(world)
    assert [node.iri for node in world.ask(find, "relation = used").nodes] == [iri("run03")]
    for typed in ("ex:ann", '"Ann Example"', "ann"):
        wanted = [iri("run04")] if typed != "ann" else []
        assert [node.iri for node in world.ask(find, f"agent = {typed}").nodes] == wanted
    assert [node.iri for node in world.ask(find, "agent ~ ANN and iri ~ run04").nodes] == [iri("run04")]


def test_without_an_expression_everything_is_found(world: World):
    told(world)
    assert world.ask(find).total == 14


@pytest.mark.parametrize(
    "sort", [None, "iri", "-iri", "label", "-label", "start", "-start", "-metric.acc", "ps:metric.acc", *SORT_WORDS]
)
def test_pages_together_are_the_whole_answer_in_order(world: World, sort):
    told(world)
    whole, _ = pages(world, None, sort=sort)
    for limit in (1, 5, 14):
        found, last = pages(world, None, sort=sort, limit=limit)
        assert found == whole
        assert last.total == 14
    assert len(set(whole)) == 14


def test_numbers_sort_as_numbers_and_what_has_no_value_comes_last(world: World):
    told(world)
    found, _ = pages(world, None, sort="-metric.acc", limit=4)
    assert found[:3] == [iri("run11"), iri("run10"), iri("run09")]
    assert set(found[12:]) == {iri("ann"), iri("data")}


def test_a_cursor_belongs_to_its_question(world: World):
    told(world)
    cursor = world.ask(find, "type = ps:Run", limit=2).next
    for other in ({"expression": "kind = activity"}, {"expression": "type = ps:Run", "sort": "label"}):
        with pytest.raises(UsageError, match="another question"):
            world.ask(find, other["expression"], sort=other.get("sort"), limit=2, cursor=cursor)
    with pytest.raises(UsageError, match="another question"):
        world.ask(find, "type = ps:Run", limit=2, cursor=cursor, as_of=1)


@pytest.mark.parametrize("cursor", ["x", "%%%", "e30", base64.b64encode(b"[1,2,3]").decode(), "W10", "bnVsbA", "é"])
def test_what_is_no_cursor_is_refused(world: World, cursor):
    with pytest.raises(UsageError, match="cursor"):
        world.ask(find, None, cursor=cursor)


def test_a_cursor_with_what_is_no_character_inside_is_refused(world: World):
    told(world)
    cursor = world.ask(find, "type = ps:Run", limit=2).next
    binding, value, _ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps([binding, value, "\ud800"]).encode()).decode()
    with pytest.raises(UsageError, match="cursor"):
        world.ask(find, "type = ps:Run", limit=2, cursor=forged)


def test_a_cursor_with_other_types_inside_is_refused(world: World):
    told(world)
    bound = json.loads(base64.urlsafe_b64decode(world.ask(find, None, limit=1).next + "=="))[0]
    forged = base64.urlsafe_b64encode(json.dumps([bound, 1, 2]).encode()).decode()
    with pytest.raises(UsageError, match="cursor"):
        world.ask(find, None, cursor=forged)


def test_a_sort_that_is_none_names_what_is_expected(world: World):
    for sort in ("relation", "-agent", "space", "-", "nope:x"):
        with pytest.raises(UsageError, match="expected"):
            world.ask(find, None, sort=sort)


def test_page_message_and_code_agree_on_what_can_be_sorted_by(world: World):
    page = (Path(__file__).parents[3] / "docs" / "reference" / "expressions.md").read_text()
    names = page.partition("\n## Names\n")[2].partition("\n## ")[0]
    told = {name for row in names.splitlines() for name in re.findall(r"`(\w+)`", row.partition(" | ")[0])} - {"NAME"}
    excepted = set(re.findall(r"`(\w+)`", re.search(r"other than (.*?), `--sort", page)[1]))
    assert told == set(WORDS)
    assert set(SORT_WORDS) == told - excepted
    with pytest.raises(UsageError, match=f"expected {', '.join(SORT_WORDS)} or an attribute"):
        world.ask(find, None, sort="agent")
