"""Writes the tables of docs/reference/http.md from routes and roles: python docs/http_reference.py"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from marked import with_tables

from provstore.server.roles import ACTIONS, ROLES
from provstore.server.routes import registry

TARGET = Path(__file__).resolve().parent / "reference" / "http.md"


def _routes() -> Iterator[str]:
    for module in registry.modules():
        for route in module.router.routes:
            for method in route.methods:
                path = route.path.replace(":path}", "}")
                yield f"| `{method} {path}` | {route.summary} | {module.ACCESS[f'{method} {route.path}']} |"


def _roles() -> Iterator[str]:
    for role, actions in ROLES.items():
        yield f"| {role} | " + " | ".join("yes" if one in actions else "" for one in ACTIONS if one != "open") + " |"


def text() -> str:
    """The page with its tables as they are now."""
    return with_tables(TARGET.read_text(encoding="utf-8"), {"routes": _routes(), "roles": _roles()})


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
