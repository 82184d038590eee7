"""Every module of routes, one line each; a route without a row in its module's `ACCESS` is denied to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Final, Protocol, cast

from fastapi import APIRouter

from provstore.server.access import Rows

MODULES: Final = (
    "provstore.server.routes.health",
    "provstore.server.routes.documents",
    "provstore.server.routes.events",
    "provstore.server.routes.openlineage",
    "provstore.server.routes.mlflow",
    "provstore.server.routes.questions",
    "provstore.server.routes.templates",
    "provstore.server.routes.keeping",
    "provstore.server.routes.administration",
)


class Routes(Protocol):
    """What a module of routes has."""

    router: APIRouter
    ACCESS: Rows


def modules() -> Iterator[Routes]:
    """The modules, loaded."""
    for name in MODULES:
        yield cast(Routes, import_module(name))
