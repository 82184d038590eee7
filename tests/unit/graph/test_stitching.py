"""Rule 21: stitches of documents small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provstore.graph.checking import check
from provstore.graph.projector import catch_up
from provstore.graph.stitching import BOILERPLATE, stitching_digest
from provstore.ledger.contract import Retraction
from tests.support.graphs import BYTES, CONTENT, Store
from tests.support.ledgers import (
    document,
    entity,
    generated,
    used,
)


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    made = Store(f"{tmp_path}/store.db")
    yield made
    assert check(made.ledger, made.engine)[0] == []
    made.engine.close()
    made.ledger.close()


def test_lineage_walks_through_bytes_that_two_trackers_recorded(store: Store) -> None:
    store.add(document("dvc", generated("raw", "fetch"), used("fetch", "url"), entity("raw", digest=BYTES)))
    store.add(document("mlflow", used("run", "input"), entity("input", digest=BYTES), generated("model", "run")))
    assert store.reached("model") == {
        "model": 0, "run": 1, "input": 2, CONTENT: 3, "raw": 4, "fetch": 5, "url": 6,
    }  # fmt: skip
    assert store.edges("input") == {("alternateOf", "input", CONTENT), ("sameBytes", "input", CONTENT)}
    # `raw` is no dead end: it was made by an activity that used something.
    assert store.edges("raw") == {("alternateOf", "raw", CONTENT), ("wasGeneratedBy", "raw", "fetch")}


def test_a_copy_is_not_where_the_bytes_come_from(store: Store) -> None:
    store.add(
        document("u", entity("original", digest=BYTES), entity("copy", digest=BYTES)),
        document("v", used("cp", "original"), generated("copy", "cp")),
    )
    assert store.edges(CONTENT) == {("bytesOf", CONTENT, "original")}


def test_what_becomes_no_dead_end_loses_its_stitch(store: Store) -> None:
    store.add(document("u", entity("e", digest=BYTES)), document("w", generated("e", "a")))
    assert ("sameBytes", "e", CONTENT) in store.edges("e")
    store.add(document("v", used("a", "x")))
    assert ("sameBytes", "e", CONTENT) not in store.edges("e")


def test_spaces_are_stitched_apart(store: Store) -> None:
    store.add(
        document("u", entity("e", digest=BYTES), space="one"), document("u", entity("f", digest=BYTES), space="two")
    )
    assert store.reached("e") == {"e": 0, f"urn:provstore:content:one:{BYTES}": 1}


def test_bytes_of_more_than_a_hundred_entities_are_boilerplate(store: Store) -> None:
    store.add(*(document(f"u{n}", entity(f"e{n:03}", digest=BYTES)) for n in range(100)))
    assert len(store.edges(CONTENT)) == 100
    last = store.add(document("u100", entity("e100", digest=BYTES)))
    assert store.edges(CONTENT) == set()
    assert store.node(CONTENT).types == (BOILERPLATE,)
    assert ("alternateOf", "e100", CONTENT) in store.edges("e100")
    store.ledger.append([Retraction(last, "test")])
    catch_up(store.ledger, store.engine)
    assert len(store.edges(CONTENT)) == 100


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:abc",
        "sha256:" + "AB" * 32,
        "md5:" + "zz" * 16,
        "crc32:12345678",
        "plain",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_only_whole_digests_of_some_bytes_stitch(digest: str) -> None:
    assert stitching_digest(digest) is None
