"""What JanusGraph's storage lost of a graph is found by `check`, and mended by `repair` from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

import provstore
from provstore.errors import BackendUnavailable
from provstore.graph.checking import check
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.projector import catch_up, rebuild, repair
from tests.support.engines import gremlin_settings
from tests.support.histories import graph_of
from tests.support.janusgraph_losses import Losses
from tests.support.ledgers import document, entity, iri, used

pytestmark = pytest.mark.servers
RUN, MODEL, DATA, HUB = iri("run3"), iri("model3"), iri("data3"), iri("ann")
LOST: dict[str, Callable[[Losses], None]] = {
    "a vertex whose index entry and neighbours stay": lambda losses: losses.vertex(MODEL),
    "two vertices that an edge joins": lambda losses: (losses.vertex(MODEL), losses.vertex(RUN))[0],
    "a vertex that many edges enter": lambda losses: losses.vertex(HUB),
    "the index entry of a vertex": lambda losses: losses.index_entry(MODEL),
    "the property that is read": lambda losses: losses.relation(MODEL, "exact"),
    "a property that only people and indexes read": lambda losses: losses.relation(DATA, "prov_label"),
    "the property that identifies a vertex": lambda losses: losses.relation(MODEL, "iri"),
    "the mark that a vertex exists": lambda losses: losses.relation(MODEL, "~T$VertexExists"),
    "the label of a vertex": lambda losses: losses.relation(MODEL, "~T$vertexlabel", "OUT"),
    "the end of an edge where it begins": lambda losses: losses.relation(RUN, "used", "OUT"),
    "the end of an edge where it leads to": lambda losses: losses.relation(HUB, "wasAssociatedWith", "IN"),
    "both ends of an edge": lambda losses: (
        losses.relation(MODEL, "wasGeneratedBy", "OUT"), losses.relation(RUN, "wasGeneratedBy", "IN")
    )[0],
    "the text of an edge": lambda losses: losses.edge_property(RUN, "used", "exact"),
    "what identifies an edge": lambda losses: losses.edge_property(RUN, "used", "eid"),
    "a property of an edge that only people read": lambda losses: losses.edge_property(RUN, "used", "sid"),
    "one end each of two edges that enter a node": lambda losses: (
        losses.relation(iri("run1"), "wasAssociatedWith", "OUT"), losses.half(HUB, "wasAssociatedWith", iri("run2"))
    )[0],
    "the index entry of an edge": lambda losses: losses.edge_index_entries(RUN, "used"),
}  # fmt: skip


@pytest.fixture
def location() -> Iterator[str]:
    with gremlin_settings("janusgraph") as given:
        yield given["graph"]


@pytest.mark.parametrize("what", LOST)
def test_what_the_storage_lost_is_found_and_mended(what: str, location: str, store: provstore.Store) -> None:
    with GremlinEngine(location) as engine, Losses(location) as losses:
        catch_up(store.ledger, engine)
        assert check(store.ledger, engine)[0] == []
        LOST[what](losses)
        assert check(store.ledger, engine)[0] != []
        assert repair(store.ledger, engine) > 0
        assert check(store.ledger, engine)[0] == []
        assert graph_of(engine) == graph_of(store.engine)
        # What is written from now on meets nothing that is left over.
        store.append([document("unit/more", entity("model3", label="another"), entity("data3", label="another"))])
        store.append([document("unit/3", entity("model3"))])
        catch_up(store.ledger, engine)
        assert check(store.ledger, engine)[0] == []
        assert graph_of(engine) == graph_of(store.engine)


MET = [
    "a vertex whose index entry and neighbours stay", "the property that is read",
    "the property that identifies a vertex", "the mark that a vertex exists",
]  # fmt: skip


@pytest.mark.parametrize("what", MET)
def test_writers_get_past_what_is_lost_at_the_latest_when_they_try_again(
    what: str, location: str, store: provstore.Store
) -> None:
    with GremlinEngine(location) as engine, Losses(location) as losses:
        catch_up(store.ledger, engine)
        LOST[what](losses)
        store.append([document("unit/3", entity("model3", label="another"), used("run3", "model3"))])
        with suppress(BackendUnavailable):
            catch_up(store.ledger, engine)
        catch_up(store.ledger, engine)
        repair(store.ledger, engine)
        assert check(store.ledger, engine)[0] == []
        LOST[what](losses)
        with suppress(BackendUnavailable):
            rebuild(store.ledger, engine)
        catch_up(store.ledger, engine)
        assert check(store.ledger, engine)[0] == []
        assert graph_of(engine) == graph_of(store.engine)


def test_where_nothing_was_lost_nothing_is_mended(location: str, store: provstore.Store) -> None:
    with GremlinEngine(location) as engine:
        catch_up(store.ledger, engine)
        assert repair(store.ledger, engine) == 0
