"""Where the graph lies when the ledger is on a server, and that it is only a cache."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest

from provstore.errors import BackendUnavailable
from provstore.store import Store
from provstore.store.graph_home import graph_location
from tests.support.databases import database
from tests.support.ledgers import document, entity, iri, used

pytestmark = pytest.mark.servers


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with database() as found:
        yield found


def test_the_graph_of_a_ledger_on_a_server_lies_in_the_users_cache_for_the_owner_only(empty, tmp_path):
    with empty.ledger() as ledger:
        path = tmp_path / "cache" / "provstore" / f"{ledger.ledger_id}.graph"
        assert graph_location(ledger, empty.settings) == str(path)
        assert graph_location(ledger, replace(empty.settings, graph="bolt://h")) == "bolt://h"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_each_cache_catches_up_with_what_others_wrote_and_may_be_deleted(empty, tmp_path, monkeypatch):
    with Store.open(settings=empty.settings) as store:
        assert store._append([document("u", entity("a"), used("r", "a"))])[1]
        own = store.engine.path
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another machine"))
        with Store.open(settings=empty.settings) as other:
            assert other.engine.path != own
            assert other.upstream(iri("r")).iris() == {iri("r"), iri("a")}
            other.append([document("v", used("r", "b"))])
        assert store.upstream(iri("r")).iris() == {iri("r"), iri("a"), iri("b")}
    own.unlink()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Store.open(settings=empty.settings) as again:
        assert again.upstream(iri("r")).iris() == {iri("r"), iri("a"), iri("b")}
        assert again.check()["ok"]


def test_a_cache_that_cannot_be_written_is_said_with_what_to_do(empty, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(BackendUnavailable, match="user's cache") as caught:
        Store.open(settings=empty.settings)
    assert "--graph" in str(caught.value)
