"""What readers answer: as of an entry, by label and digest, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.graph.checking import check
from provstore.graph.contract import Filter, Page
from provstore.graph.replay import Replay
from provstore.model.terms import PS
from tests.support.graphs import BYTES, Store
from tests.support.ledgers import (
    activity,
    document,
    entity,
    iri,
    used,
)


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    made = Store(f"{tmp_path}/store.db")
    yield made
    assert check(made.ledger, made.engine)[0] == []
    made.engine.close()
    made.ledger.close()


def test_pages_follow_the_sort_value_then_the_iri(store: Store) -> None:
    store.add(document("u", entity("c", size=10), entity("a", size=9), entity("b", size=10), entity("d")))
    for reader in (store.engine, Replay(store.ledger)):
        page = reader.nodes(Filter(), Page(PS + "size", limit=2))
        assert [node.iri for node in page.nodes] == [iri("a"), iri("b")]
        assert page.total == 4
        rest = reader.nodes(Filter(), Page(PS + "size", limit=2, after=("10", iri("b"))))
        assert [node.iri for node in rest.nodes] == [iri("c"), iri("d")]
        down = reader.nodes(Filter(), Page(PS + "size", descending=True))
        assert [node.iri for node in down.nodes] == [iri("b"), iri("c"), iri("a"), iri("d")]
        by_iri = reader.nodes(Filter(), Page(descending=True, limit=2, after=(iri("c"), iri("c"))))
        assert [node.iri for node in by_iri.nodes] == [iri("b"), iri("a")]


def test_nodes_are_found_by_label_and_by_the_beginning_of_a_digest(store: Store) -> None:
    store.add(document("u", entity("e", label="the label", digest=BYTES), entity("f", label="other")))
    for reader in (store.engine, Replay(store.ledger)):
        assert [node.iri for node in reader.nodes(Filter(label="the label")).nodes] == [iri("e")]
        assert [node.iri for node in reader.nodes(Filter(digest_prefix=BYTES[:20])).nodes] == [iri("e")]
        assert reader.nodes(Filter(digest_prefix="sha256:ac")).nodes == []


def test_a_run_that_is_read_again_has_its_new_values(store: Store) -> None:
    store.add(document("run", activity("a", status="running"), used("a", "d"), event_time=1))
    store.add(document("other", entity("d", label="data")))
    store.add(document("run", activity("a", status="finished"), used("a", "d"), used("a", "e"), event_time=2))
    assert [value.lexical for value in store.node("a").attributes[PS + "status"]] == ["finished"]
    assert store.edges("a") == {("used", "a", "d"), ("used", "a", "e")}
    assert Replay(store.ledger, as_of=1).nodes(Filter(iris=[iri("a")])).nodes[0].conflicts == ()
    (before,) = Replay(store.ledger, as_of=1).nodes(Filter(iris=[iri("a")])).nodes
    assert [value.lexical for value in before.attributes[PS + "status"]] == ["running"]
