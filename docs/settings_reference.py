"""Writes the tables of docs/reference/settings.md from the settings' classes: python docs/settings_reference.py"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from marked import with_tables

from provstore.server.settings import ServerSettings
from provstore.settings import Settings

TARGET = Path(__file__).resolve().parent / "reference" / "settings.md"
# Of each setting its unit, and what it is for; a setting without a line here stops the program.
_OF_A_STORE = {
    "store": ("", "where the ledger is: a file, or `postgresql://user@host/database` (`--store`)"),
    "graph": ("", "where the graph is: a file or a server's URL; empty: in the store itself (`--graph`)"),
    "space": ("", "the space that documents are put into (`--space`)"),
    "actor": ("", "who acts; empty: user@host (`--actor`)"),
    "busy_timeout_s": ("seconds", "how long a writer waits for others"),
    "graph_user": ("", "user of the graph's server"),
    "graph_password": ("", "password of the graph's server"),
    "store_password": ("", "password of the ledger's server"),
    "validate": ("", "`off`, `warn` or `refuse`; empty: off for `ingest`, warn for `import` (`--validate`)"),
}
_OF_THE_SERVICE = {
    "host": ("", "the address it listens on (`--host`)"),
    "port": ("", "0: any free port (`--port`)"),
    "tls_certificate": ("", "PEM file (`--tls-certificate`)"),
    "tls_key": ("", "PEM file (`--tls-key`)"),
    "insecure": ("", "listen on another address than this machine's own without TLS (`--insecure`)"),
    "allowed_hosts": ("", "host names that requests may be sent to, `*` for any; empty: this machine's and `host`"),
    "cors_origins": ("", "web origins that may ask"),
    "database": ("", "file of tokens and access log; empty: beside the store"),
    "mlflow_artifacts": ("", "directory of MLflow's artifacts; empty: they are refused"),
    "max_body_bytes": ("bytes", "of a request"),
    "max_stream_bytes": ("bytes", "of a request whose lines are taken one by one"),
    "max_records": ("records", "of a request"),
    "requests_per_minute": ("a minute", "requests of a token"),
    "failures_per_minute": ("a minute", "refused requests of an address without a valid token"),
    "heavy_queries": ("questions", "that walk or read much, answered at once"),
    "query_timeout_s": ("seconds", "that a question may take"),
    "max_depth": ("edges", "away from the start, in a lineage; 64 when not asked"),
    "max_nodes": ("nodes", "of a lineage"),
    "max_edges": ("edges", "of a lineage"),
    "max_page": ("elements", "of a page"),
    "max_waiting": ("writes", "that wait"),
    "max_artifact_bytes": ("bytes", "of one MLflow artifact"),
    "stop_timeout_s": ("seconds", "for requests to end when it stops"),
    "oidc_issuer": ("", "the OpenID Connect issuer; empty: off"),
    "oidc_audience": ("", "whom a token of the issuer must be for"),
    "oidc_keys": ("", "file of the issuer's keys (JWK set)"),
    "oidc_algorithms": ("", "signatures that are trusted"),
}


def _rows(of: type[Any], section: str, meant: dict[str, tuple[str, str]]) -> Iterator[str]:
    for one in fields(of):
        shown = ", ".join(one.default) if isinstance(one.default, tuple) else str(one.default)
        if isinstance(one.default, bool):
            shown = shown.lower()
        variable = "_".join(filter(None, ("PROVSTORE", section, one.name))).upper()
        unit, meaning = meant[one.name]
        yield f"| `{one.name}` | `{variable}` | {f'`{shown}`' if shown else ''} | {unit} | {meaning} |"


def text() -> str:
    """The page with its tables as they are now."""
    tables = {"store": _rows(Settings, "", _OF_A_STORE), "server": _rows(ServerSettings, "server", _OF_THE_SERVICE)}
    return with_tables(TARGET.read_text(encoding="utf-8"), tables)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
