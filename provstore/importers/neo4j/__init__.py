"""Neo4j: provenance that other programs wrote into a database comes in; one PROV document of all of it goes out.

In: nodes and relationships in one of the known layouts, or in one that a mapping file declares (layouts.py). Out: one
snapshot of the database. What no layout maps is counted. Read through transactions that may only read (link.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from provstore.errors import UsageError
from provstore.importers.contract import Findings, Request
from provstore.importers.neo4j import detection, layouts
from provstore.importers.neo4j.mapping import Mapping
from provstore.importers.neo4j.names import KIND, Names
from provstore.importers.statements import PREFIXES
from provstore.model.document import Document, Header

if TYPE_CHECKING:
    from provstore.importers.neo4j.link import Graph

VERSION: Final = "1.0"
_SCHEMES: Final = tuple(f"{name}{tls}://" for name in ("bolt", "neo4j") for tls in ("", "+s", "+ssc"))
_REPORT_EVERY: Final = 1_000


class Neo4jImporter:
    """Imports the provenance in a Neo4j database, named `bolt://host:port[/database]` or `neo4j://...`."""

    kind = KIND
    version = VERSION
    recovers = (
        "graphs of prov2neo, yProv, prov-db-connector", "graphs of PROV's own words (ProvDB)",
        "any graph by a mapping file", "elements, relations with third arguments and times", "bundles",
        "typed literals", "every other property by its name",
    )  # fmt: skip
    # The unit holds the id of the database, which tells two of them apart.
    immutable: tuple[str, ...] = ()
    takes_mapping = True

    def recognizes(self, path: str) -> bool:
        """True for a location of a Neo4j server; none is asked."""
        return path.startswith(_SCHEMES)

    def documents(self, request: Request, findings: Findings) -> Iterator[Document]:
        """One document: all provenance in the database.

        Raises: BadInput: no such database, or a layout that is not known. BackendUnavailable: the server is away.
        Denied: it refuses the user. UsageError: no location, no such layout, or the extra `neo4j` is missing.
        """
        named = layouts.named(request.mapping) if request.mapping else None
        with _opened(request.path) as graph:
            layout = named or detection.detect(graph)
            findings.layout = layout.name
            yield _document(graph, layout, request, findings)


def _opened(path: str) -> Graph:
    try:
        from provstore.importers.neo4j.link import Graph
    except ModuleNotFoundError as error:
        raise UsageError(
            f"this importer needs the package {error.name}", next_step="pip install 'provstore[neo4j]'"
        ) from error
    return Graph(path)


def _document(graph: Graph, layout: layouts.Layout, request: Request, findings: Findings) -> Document:
    database_id, database = next(graph.rows("database"))
    names = Names(request.scope)
    mapping = Mapping(layout, names, findings)
    _read(graph, layout, mapping, request)
    mapping.tell()
    return Document(
        Header(
            unit=names.unit(database, database_id),
            event_time=request.read_at,
            space=request.space,
            namespaces={None: {**PREFIXES, KIND: names.namespace, **mapping.prefixes}},
            source=request.path,
            format=layout.name,
            importer=KIND,
            importer_version=VERSION,
            actor=request.actor,
        ),
        mapping.assertions(),
    )


def _read(graph: Graph, layout: layouts.Layout, mapping: Mapping, request: Request) -> None:
    """Bundles first, since they say where a statement belongs."""
    identifiers: dict[str, Any] = {"identifiers": list(layout.identifiers)}
    if layout.prefixes_label:
        for (found,) in graph.rows("prefixes", label=layout.prefixes_label):
            mapping.declare(found)
    if layout.bundles:
        asked = {"relationship": layout.bundles.relationship, "where": dict(layout.bundles.where)}
        for member, bundle in graph.rows("members", **asked, **identifiers):
            mapping.member(member, bundle)
    total = next(graph.rows("count"))[0]
    for done, (identifier, labels, properties) in enumerate(graph.rows("nodes", **identifiers), start=1):
        mapping.node(identifier, labels, properties)
        if done % _REPORT_EVERY == 0:
            request.progress(done, total)
    for relationship, first, second, properties in graph.rows("relationships", **identifiers):
        mapping.relationship(relationship, first, second, properties)
