"""The verbs of the command line, one line each: where the command lives, and what `--help` says of it.

The table lets `provstore --help` answer without importing any verb.
"""

from __future__ import annotations

from typing import Final

# Theme, then verb: (module below provstore.cli, short help).
VERBS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "Take records in": {
        "demo": ("demo", "Import real tracker records that come along, and show a lineage."),
        "import": ("import_", "Take in the records of another tracker (MLflow, OpenLineage, Neo4j)."),
        "importers": ("importers", "List the trackers that can be imported, and what is recovered."),
        "ingest": ("ingest", "Take in PROV documents (PROV-JSON, PROV-N, PROV-XML, RDF, JSON-LD)."),
    },
    "Ask": {
        "ask": ("ask", "Run a query template of queries/; alone, list them."),
        "blame": ("blame", "Who said an attribute's value, when, and what it replaced."),
        "diff": ("diff", "What differs between two artifacts or runs, and the earliest cause."),
        "downstream": ("downstream", "Everything that was made from this, or depends on it."),
        "find": ("find", "Elements by an expression over kinds, types and attributes."),
        "history": ("history", "The ledger entries that changed what is said of an element."),
        "leakage": ("leakage", "Whether test data went into a training (exit code 1 if so)."),
        "path": ("path", "A shortest derivation path between two elements."),
        "segment": ("segment", "How some entities came from others, and what else went the same way."),
        "show": ("show", "One element: attributes, statements about it, who said so."),
        "summarize": ("summarize", "What many runs or segments have in common, without a path that none has."),
        "upstream": ("upstream", "Everything that this was made from."),
        "validate": ("validate", "Whether PROV documents are valid by PROV-CONSTRAINTS, and why not."),
    },
    "Give out": {
        "compare": ("compare", "Whether two PROV documents are equal, equivalent or different."),
        "convert": ("convert", "Convert one PROV format into another, without a store."),
        "export": ("export", "Write everything, a document or a lineage in an open format."),
    },
    "Serve": {
        "serve": ("serve", "The HTTP service: documents and events in, answers out."),
        "token": ("token", "Tokens of the service: create, list, revoke."),
    },
    "Keep and prove": {
        "backup": ("backup", "Write a consistent copy of the store while it is in use."),
        "check": ("check", "Verify everything that can be verified."),
        "config": ("config", "Show the settings in force and where they come from."),
        "copy": ("copy", "Copy a whole ledger into another place, with the same Merkle root."),
        "documents": ("documents", "List what was taken in, by whom, and whether it is live."),
        "erase": ("erase", "Erase a document's content; its hashes stay in the log."),
        "graph": ("graph", "The projection: status, rebuild, catch-up, repair."),
        "prove": ("prove", "Inclusion and consistency proofs for a statement."),
        "retract": ("retract", "Take a document back; it stays in the log."),
        "verify": ("verify", "The ledger's head and tree; verify a proof or an earlier head."),
    },
}

MODULES: Final = {verb: module for theme in VERBS.values() for verb, (module, _) in theme.items()}
