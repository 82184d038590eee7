"""MLflow: its records come in from a SQLite database, a file store or a live server; documents go out.

One document per experiment, run, logged model, registered model, model version, stage and alias (mapping.py).
Identifiers: names.py. What of MLflow is not mapped (traces, prompts' texts, gateways, ...) is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from provstore.errors import BadInput
from provstore.importers import foreign_sqlite
from provstore.importers.contract import Findings, Request
from provstore.importers.mlflow import database, file_store
from provstore.importers.mlflow.artifacts import Artifacts
from provstore.importers.mlflow.mapping import VERSION, Mapping
from provstore.importers.mlflow.names import KIND
from provstore.importers.mlflow.records import Source
from provstore.importers.paths import Tree
from provstore.importers.statements import ps
from provstore.model.document import Document

_Record = TypeVar("_Record")
_Mapped = TypeVar("_Mapped")
_DATABASE = "mlflow.db"
_URL = ("http://", "https://")


class MlflowImporter:
    """Imports an MLflow store: a database file, a directory with one or with `mlruns/`, or a server's URL."""

    kind = KIND
    version = VERSION
    recovers = (
        "experiments", "runs of every status and life-cycle stage, nested ones", "parameters",
        "metric series with every point", "tags", "data set inputs with context", "logged models",
        "registered models, versions, stages, aliases", "artifacts with size and sha256", "user", "Git commit",
    )  # fmt: skip
    immutable = (ps("created"), ps("source_id"))

    def recognizes(self, path: str) -> bool:
        """True for an MLflow database, a directory that holds one or a file store, and any HTTP address."""
        if path.startswith(_URL):
            return True
        return database.is_store(_database_of(path)) or file_store.is_store(path)

    def documents(self, request: Request, findings: Findings) -> Iterator[Document]:
        """The documents: experiments, then runs, logged models and registered models, each by id or name.

        Raises: BadInput: no MLflow store, damaged or locked. BackendUnavailable: the server does not answer.
        """
        with _opened(request.path, findings) as source:
            mapping = Mapping(request, findings)
            yield from _mapped(source.experiments(), mapping.experiment, findings)
            total = source.count()
            for done, document in enumerate(_mapped(source.runs(), mapping.run, findings), start=1):
                yield document
                request.progress(done, total)
            yield from _mapped(source.logged_models(), mapping.logged_model, findings)
            for documents in _mapped(source.registered_models(), mapping.registered_model, findings):
                yield from documents


@contextmanager
def _opened(path: str, findings: Findings) -> Iterator[Source]:
    """The source that `path` names, open."""
    if path.startswith(_URL):
        from provstore.importers.mlflow.rest import Server

        yield Server(path, findings)
        return
    file = _database_of(path)
    findings.footprint.whole(file)
    findings.footprint.is_complete = True
    if Path(path).is_dir() and not foreign_sqlite.is_sqlite(file):
        yield file_store.FileStore(path, findings)
    else:
        with foreign_sqlite.reading(file, findings.footprint) as connection:
            artifacts = Artifacts(Tree(file.parent, findings), findings)
            yield database.Database(connection, str(file), artifacts, findings)


def _database_of(path: str) -> Path:
    """The database that a path means: itself, or `mlflow.db` in the directory."""
    return Path(path) / _DATABASE if Path(path).is_dir() else Path(path)


def _mapped(
    records: Iterable[_Record | BadInput], map_one: Callable[[_Record], _Mapped], findings: Findings
) -> Iterator[_Mapped]:
    """What `map_one` makes of each record; one that cannot be read is refused, and the rest goes on."""
    for record in records:
        if isinstance(record, BadInput):
            findings.refused.append(str(record))
        else:
            yield map_one(record)
