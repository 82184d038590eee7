"""Writes the tables of docs/reference/http.md from routes, roles and settings: python docs/http_reference.py"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from provstore.server.roles import ACTIONS, ROLES
from provstore.server.routes import registry
from provstore.server.settings import ServerSettings

TARGET = Path(__file__).resolve().parent / "reference" / "http.md"
# In `provstore.server.settings` the docstring says what each is for; here in a table.
_MEANING = {
    "host": "where it listens",
    "port": "0: any free port",
    "tls_certificate": "PEM file",
    "tls_key": "PEM file",
    "insecure": "listen on another address than this machine's own without TLS",
    "allowed_hosts": "names that requests may be sent to, `*` for any; none: this machine's and `host`",
    "cors_origins": "web origins that may ask",
    "database": "file of tokens and access log; none: beside the store",
    "max_body_bytes": "of a request",
    "max_stream_bytes": "of a request whose lines are taken one by one",
    "max_records": "records of a request",
    "requests_per_minute": "of a token",
    "failures_per_minute": "of an address without a valid token",
    "heavy_queries": "at once",
    "query_timeout_s": "seconds that a question may take",
    "max_depth": "edges away from the start, in a lineage; 64 when not asked",
    "max_nodes": "of a lineage",
    "max_edges": "of a lineage",
    "max_page": "elements of a page",
    "mlflow_artifacts": "directory of MLflow's artifacts; none: they are refused",
    "max_waiting": "writes that wait",
    "max_artifact_bytes": "of one artifact",
    "stop_timeout_s": "seconds for requests to end when it stops",
    "oidc_issuer": "OpenID Connect; none: off",
    "oidc_audience": "that a token must be for",
    "oidc_keys": "file of the issuer's keys (JWK set)",
    "oidc_algorithms": "that are trusted",
}


def _routes() -> Iterator[str]:
    for module in registry.modules():
        for route in module.router.routes:
            for method in route.methods:
                path = route.path.replace(":path}", "}")
                yield f"| `{method} {path}` | {route.summary} | {module.ACCESS[f'{method} {route.path}']} |"


def _roles() -> Iterator[str]:
    for role, actions in ROLES.items():
        yield f"| {role} | " + " | ".join("yes" if one in actions else "" for one in ACTIONS if one != "open") + " |"


def _settings() -> Iterator[str]:
    for one in fields(ServerSettings):
        shown = ", ".join(one.default) if isinstance(one.default, tuple) else str(one.default)
        yield f"| `{one.name}` | {f'`{shown}`' if shown else ''} | {_MEANING[one.name]} |"


def text() -> str:
    """The page with its tables as they are now."""
    page = TARGET.read_text(encoding="utf-8")
    for name, rows in (("routes", _routes()), ("roles", _roles()), ("settings", _settings())):
        table = "\n".join(rows)
        page = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->", f"<!-- {name} -->\n{table}\n<!-- /{name} -->", page, flags=re.S
        )
    return page


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
