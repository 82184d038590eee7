"""A Neo4j graph as a person or another process reaches it, and documents to project into it."""

from __future__ import annotations

from contextlib import contextmanager

import neo4j

from provstore.graph.neo4j import Neo4jEngine
from provstore.model.statement import Value
from provstore.model.terms import DOUBLE
from tests.support import servers
from tests.support.ledgers import EXAMPLE, activity, agent, associated, document, entity, generated, name, used


@contextmanager
def by_hand(name="neo4j"):
    """A session of the driver's own, as a person would have one."""
    found = servers.server(name)
    with neo4j.GraphDatabase.driver(found.url, auth=("neo4j", found.password)) as driver, driver.session() as session:
        yield session


def values(session, query, **parameters):
    return session.run(query, parameters).values()


@contextmanager
def neo4j_again(**given):
    """Another engine on the same graph, as another process has it."""
    found = servers.server("neo4j")
    with Neo4jEngine(found.url, user="neo4j", password=found.password, **given) as again:
        yield again


def story(runs=3):
    """Documents of a few runs, each with a model, a person and numbers."""
    for number in range(runs):
        run, model = f"run{number}", f"model{number}"
        yield document(
            f"unit/{number}",
            entity("data", type=name("ps:Dataset"), label="the data"),
            activity(run, {"ps:metric.accuracy": Value(DOUBLE, f"0.{number}")}, start="2026-01-01T01:00:00+01:00"),
            entity(model, type=name("ps:Model"), digest=f"sha256:{number:064x}"),
            agent("ann", type=name("prov:Person")),
            used(run, "data", role="training"),
            generated(model, run),
            associated(run, "ann"),
            namespaces={None: {"ex": EXAMPLE}},
        )  # fmt: skip
