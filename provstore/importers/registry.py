"""The importers, one line each, and those that other packages register under `provstore.importers`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from provstore.errors import BadInput, UsageError
from provstore.importers.contract import Importer

IMPORTERS = {
    "mlflow": "provstore.importers.mlflow:MlflowImporter",
    "neo4j": "provstore.importers.neo4j:Neo4jImporter",
    "openlineage": "provstore.importers.openlineage:OpenLineageImporter",
}


def kinds() -> dict[str, str]:
    """Every known kind and the import string of its class, ours first."""
    # The standard library's reader of metadata costs more to load than most of provstore; only imports need it.
    from importlib.metadata import entry_points

    outside = {point.name: point.value for point in entry_points(group="provstore.importers")}
    return IMPORTERS | {kind: value for kind, value in outside.items() if kind not in IMPORTERS}


def load(kind: str) -> Importer:
    """The importer of that kind. Raises: UsageError: there is none."""
    try:
        module, _, name = kinds()[kind].partition(":")
    except KeyError:
        raise UsageError(f"there is no importer {kind!r}", next_step="Known kinds: " + ", ".join(kinds())) from None
    importer: Importer = getattr(import_module(module), name)()
    return importer


def find_out(path: str) -> Importer:
    """The one importer that recognizes `path`.

    Raises: BadInput: none does, or several do.
    """
    if "://" not in path and not Path(path).exists():
        raise BadInput("there is no such file or directory", where=path, next_step="Check the path.")
    found = [importer for importer in map(load, kinds()) if importer.recognizes(path)]
    if len(found) == 1:
        return found[0]
    said = "no importer recognizes this" if not found else "several importers recognize this"
    raise BadInput(
        said,
        where=path,
        next_step="Name the kind: provstore import KIND PATH, one of " + ", ".join(kinds()),
    )
