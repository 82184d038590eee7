"""provstore: a provenance and metadata store for machine learning, exactly W3C PROV.

    importers, formats -> model -> ledger -> graph -> questions -> reports

Records come in as documents, the ledger keeps them, the graph is a view of it, questions are answered from the graph.

    import provstore

    with provstore.open("x.db") as store:
        store.import_records("mlflow.db")
        print(provstore.render(store.upstream("mlflow:model/churn/3"), "tree"))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from provstore.store import Store

__version__ = "0.1.0"
__all__ = ["ProvstoreError", "Store", "__version__", "copy", "open", "render"]


def open(location: str | Path | None = None, *, create: bool = True, **flags: Any) -> Store:
    """Opens the provenance store at `location` (default: the setting `store`, `./provstore.db`).

    Args: create: make it when it is missing. flags: settings by name, such as `space`, `actor`, `graph`.
    Raises: UsageError: a flag is no setting. NotFound, BadInput, BackendUnavailable, Conflict: as `Store.open`.
    """
    from provstore.settings import load
    from provstore.store import Store

    return Store.open(location, create=create, settings=load(flags))


def __getattr__(name: str) -> Any:
    """The public names that cost an import are loaded when they are asked for."""
    if name in ("Store", "copy"):
        from provstore import store

        return getattr(store, name)
    if name == "render":
        from provstore.reports.registry import render

        return render
    if name == "ProvstoreError":
        from provstore.errors import ProvstoreError

        return ProvstoreError
    raise AttributeError(f"module 'provstore' has no attribute {name!r}")
