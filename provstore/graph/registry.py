"""The graph engines, one line each: the scheme of a location, and the class that opens it."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from provstore.errors import UsageError
from provstore.graph.contract import Engine

# A location without a scheme is a path.
ENGINES: Final = {
    "": "provstore.graph.sqlite:SqliteEngine",
}


def open_engine(location: str) -> Engine:
    """The engine at `location`: a path, or a URL whose scheme is one of `ENGINES`; its schema is brought up to date.

    Raises: UsageError: no engine has that scheme. Conflict: the graph is of a newer version. BackendUnavailable.
    """
    scheme, separator, _ = location.partition("://")
    name = ENGINES.get(scheme if separator else "")
    if name is None:
        known = ", ".join(f"{one}://" for one in sorted(ENGINES) if one)
        raise UsageError(
            f"no graph engine is known for {location!r}", next_step=f"Give a path{', or ' + known if known else ''}."
        )
    module, _, attribute = name.partition(":")
    engine = cast(Engine, getattr(import_module(module), attribute)(location))
    engine.migrate()
    return engine
