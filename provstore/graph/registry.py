"""The graph engines, one line each: the scheme of a location, and the class that opens it."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from importlib import import_module
from typing import Any, Final, cast

from provstore.errors import BackendUnavailable, UsageError
from provstore.graph.contract import Engine
from provstore.private_files import Removable
from provstore.settings import Settings

# A location without a scheme is a path. Other engines are servers, and each one's module is named as its extra is.
ENGINES: Final = {
    "": "provstore.graph.sqlite:SqliteEngine",
    **dict.fromkeys(
        ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"), "provstore.graph.neo4j:Neo4jEngine"
    ),
    **dict.fromkeys(("gremlin", "janusgraph"), "provstore.graph.gremlin:GremlinEngine"),
}


def open_engine(location: str, settings: Settings | None = None) -> Engine:
    """The engine at `location`: a path, or a URL whose scheme is one of `ENGINES`; its schema is brought up to date.

    A server that is away is no error here: it is told by what asks for it (docs/explanation/which-engine.md).
    Args: settings: user and password of a server.
    Raises: UsageError: no engine has that scheme, its extra is missing, or the URL holds credentials. Conflict: the
    graph is of a newer version. BackendUnavailable: a file cannot be read. Denied: a server refuses the credentials.
    """
    scheme, separator, rest = location.partition("://")
    if not separator:
        return _file(location)
    if "@" in rest.partition("/")[0]:
        raise UsageError(
            f"a {scheme}:// location holds no user and no password, since locations are shown",
            next_step="Set PROVSTORE_GRAPH_USER and PROVSTORE_GRAPH_PASSWORD.",
        )
    name = ENGINES.get(scheme)
    if name is None:
        known = ", ".join(f"{one}://" for one in sorted(ENGINES) if one)
        raise UsageError(f"no graph engine is known for {location!r}", next_step=f"Give a path, or one of {known}.")
    given = settings or Settings()
    engine = cast(Engine, _class(name)(location, user=given.graph_user, password=given.graph_password))
    with ExitStack() as undo:
        undo.enter_context(engine)
        with suppress(BackendUnavailable):
            engine.migrate()
        undo.pop_all()
    return engine


def _file(location: str) -> Engine:
    with ExitStack() as undo:
        engine = cast(Engine, _class(ENGINES[""])(location))
        if isinstance(engine, Removable):
            undo.callback(engine.remove_if_unused)
        undo.enter_context(engine)
        engine.migrate()
        undo.pop_all()
    return engine


def _class(name: str) -> Any:
    module, _, attribute = name.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        extra = module.rpartition(".")[2]
        raise UsageError(
            f"this graph engine needs the package {error.name}", next_step=f"pip install 'provstore[{extra}]'"
        ) from error
