"""Which engine a location means, and that no credentials get into what is shown."""

from __future__ import annotations

import sys

import pytest

from provstore.errors import UsageError
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.registry import ENGINES, open_engine
from provstore.graph.sqlite import SqliteEngine


def test_a_location_without_a_scheme_is_a_file(tmp_path):
    with open_engine(str(tmp_path / "a@b.db")) as engine:
        assert isinstance(engine, SqliteEngine)


@pytest.mark.parametrize("scheme", [*filter(None, ENGINES), "unknown"])
def test_credentials_in_a_location_are_refused_and_not_repeated(scheme):
    with pytest.raises(UsageError) as refused:
        open_engine(f"{scheme}://ann:hunter2@host:7687/db")
    assert "hunter2" not in str(refused.value)
    assert "PROVSTORE_GRAPH_PASSWORD" in str(refused.value)


def test_an_unknown_scheme_is_told_the_known_ones():
    with pytest.raises(UsageError, match="neo4j://"):
        open_engine("frob://host")


def test_a_missing_driver_is_told_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "neo4j", None)
    for name in [name for name in sys.modules if name.startswith("provstore.graph.neo4j")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UsageError, match=r"pip install 'provstore\[neo4j\]'"):
        open_engine("neo4j://host")


@pytest.mark.parametrize(
    "location",
    ["neo4j://", "neo4j://host/a/b", "bolt://host?x=1", "bolt://host:port"]
    + [
        f"{scheme}://{rest}"
        for scheme in filter(None, ENGINES)
        for rest in ("[::1", "[::1:1", "::1]", "", "h:0", "[::1]:0", "h:65536", "h:-1", "h:x")
    ],
)
def test_what_is_no_location_of_a_server_is_a_usage_error(location):
    with pytest.raises(UsageError):
        open_engine(location)


def test_an_address_of_ipv6_keeps_its_brackets():
    with GremlinEngine("gremlin://[::1]:46565/gtx") as engine:
        assert engine._link.address.url == "ws://[::1]:46565/gremlin"
        assert str(engine._link.address) == "[::1]:46565/gtx"
