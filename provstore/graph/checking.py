"""Is the graph what the history says? Every difference is a finding. In: a history and an engine. Source: rule 23."""

from __future__ import annotations

from typing import Final, NamedTuple

from provstore.errors import Conflict, ProvstoreError
from provstore.graph.contract import Engine
from provstore.graph.current import status
from provstore.graph.history import History
from provstore.graph.sweeping import sweep

# Templates that an engine may have for faults that no comparison shows; columns: what, where.
_FAULTS: Final = ("lineage/dangling", "lineage/integrity")


class Finding(NamedTuple):
    """Something that is not as it should be: what, where, and `error` or `warning`."""

    what: str
    where: str
    severity: str = "error"


def check(history: History, engine: Engine) -> tuple[list[Finding], dict[str, int]]:
    """Everything that is wrong with the graph, and how much was compared; nothing is changed."""
    try:
        state = status(history, engine)
        findings = [
            Finding(str(what), str(where)) for template in _FAULTS for what, where in engine.run(template, {}).rows
        ]
        if state["lag"]:
            findings.append(Finding(f"the graph lacks {state['lag']} entries", "provstore graph catch-up", "warning"))
        found = sweep(history, engine, state["applied"])
    except Conflict as conflict:
        return [Finding(conflict.message, conflict.next_step or "")], {}
    except (ProvstoreError, ValueError, TypeError, LookupError) as damage:
        return [Finding(f"the graph cannot be read: {damage}", "provstore graph rebuild")], {}
    findings += [Finding("node is not what the ledger says", node.iri) for node in found.nodes]
    findings += [Finding("node has no statement", iri) for iri in found.gone_nodes]
    findings += [Finding("edge is not what the ledger says", edge.sid) for edge in found.edges]
    findings += [Finding("edge has no statement", key[3]) for key in found.gone_edges]
    findings += [Finding("node is not whole in the graph", iri or "a vertex without IRI") for iri in found.broken_nodes]
    findings += [Finding("edge is not whole in the graph", key[3]) for key in found.broken_edges]
    return findings, {"graph_nodes": found.compared_nodes, "graph_edges": found.compared_edges}
