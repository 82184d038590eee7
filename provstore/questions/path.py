"""The question `path`. Source: rule 22."""

from __future__ import annotations

from provstore.graph.contract import Reader
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri, options
from provstore.questions.paths import graph_of_path, nodes_on, shortest
from provstore.questions.resolve import resolve
from provstore.questions.result import Graph


def path(
    reader: Reader,
    prefixes: Prefixes,
    a: str,
    b: str,
    *,
    agents: bool = False,
    parents: bool = False,
    as_of: int | None = None,
) -> Graph | None:
    """A shortest derivation path from `a` back to `b`, always the same one, or None when there is none.

    Args: a, b: as in `resolve`; of a digest, any entity. agents, parents: as in `upstream`; a `b` that is only an agent
    implies `agents`. as_of: the sequence that `reader` is as of.
    Raises: NotFound, Ambiguous: a name means nothing, or several things.
    """
    starts, goals = resolve(reader, prefixes, a), resolve(reader, prefixes, b)
    to_agents = any(node.kinds == ("agent",) for node in nodes_by_iri(reader, goals).values())
    chosen = options(agents=agents or to_agents, parents=parents)
    found, reached = shortest(reader, starts, goals, chosen)
    if found is None:
        return None
    order = nodes_on(found)
    hidden = reached.hidden & set(order)
    parameters = {"a": a, "b": b, "agents": "agents" in chosen, "parents": parents}
    return graph_of_path(reader, prefixes, "path", parameters, found.edges, order, hidden, as_of)
