"""The ledgers, one line each: the scheme of a location, and the class that opens it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final, cast

from provstore.errors import UsageError
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.settings import Settings, load

# A location without a scheme is a path. The others are servers, and each one's module is named as its extra is.
LEDGERS: Final = {
    "": "provstore.ledger.sqlite:SqliteLedger",
    **dict.fromkeys(("postgresql", "postgres"), "provstore.ledger.postgres:PostgresLedger"),
}


def is_server(location: str | Path) -> bool:
    """True for the URL of a database server, False for a path."""
    return "://" in str(location)


def open_ledger(location: str | Path, *, create: bool = True, settings: Settings | None = None) -> DatabaseLedger:
    """The ledger at `location`: a path, or a URL whose scheme is one of `LEDGERS`; `create`: made if missing.

    Raises: UsageError: no ledger has that scheme, or its extra is missing. Besides, as the class that opens it.
    """
    scheme = str(location).partition("://")[0] if is_server(location) else ""
    name = LEDGERS.get(scheme)
    if name is None:
        known = ", ".join(f"{one}://" for one in LEDGERS if one)
        raise UsageError(f"no ledger is known for {scheme}://", next_step=f"Give a path, or one of {known}.")
    module, _, attribute = name.partition(":")
    try:
        opens = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        extra = module.rpartition(".")[2]
        raise UsageError(
            f"this ledger needs the package {error.name}", next_step=f"pip install 'provstore[{extra}]'"
        ) from error
    return cast(DatabaseLedger, opens(location, create=create, settings=settings or load()))
