"""Artifacts: bytes under the operator's directory, named by their SHA-256; what has them, and by which path, is stored.

A path that a client names is only ever looked up among what was stored, and never opened (docs/decisions/0024).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from provstore.errors import BackendUnavailable, BadInput, NotFound
from provstore.importers.mlflow.records import Artifact
from provstore.server.mlflow import adding, models
from provstore.server.mlflow.experiments import ROOT
from provstore.server.mlflow.problems import NotSupported
from provstore.server.mlflow.requests import Arguments
from provstore.server.mlflow.tracking import Tracking

_PLACE: Final = re.compile(r"(?P<root>.+?/(?P<owner>[^/]+)/artifacts)(?:/(?P<path>.*))?", re.S)
# Control characters, what stands for bytes that are no UTF-8, and what Windows takes for a drive or a separator.
_BAD: Final = re.compile(r"[\x00-\x1f\\\ufffd]|^[A-Za-z]:")
_MAX_PATH: Final = 1_000
_MODEL: Final = "m-"
_FAN_OUT: Final = 2


class Place(NamedTuple):
    """What a path of artifacts means: whose it is, and the path below its artifacts, "" for all of them."""

    owner: str
    path: str
    files: tuple[Artifact, ...]


class Bytes:
    """The operator's directory. Args: root: its path; "" where no bytes are kept."""

    def __init__(self, root: str) -> None:
        self._root = root

    def receive(self) -> Incoming:
        """A place for bytes that come in. Raises: NotSupported: no bytes are kept; BackendUnavailable."""
        return Incoming(self._directory())

    def path(self, digest: str) -> Path:
        """Where the bytes with that SHA-256 are. Raises: NotSupported; NotFound: they are not here."""
        path = self._directory() / digest[:_FAN_OUT] / digest
        if not path.is_file():
            raise NotFound("these bytes are not kept here", where=digest)
        return path

    def _directory(self) -> Path:
        if not self._root:
            raise NotSupported(
                "this service keeps no artifacts",
                next_step="Its operator can set server.mlflow_artifacts to a directory.",
            )
        return Path(self._root)


class Incoming:
    """Bytes that come in, written to a file of their own until all are there; a context manager that removes it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._digest, self.size = sha256(), 0
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._handle, self._name = tempfile.mkstemp(prefix=".incoming-", dir=directory)
        except OSError as error:
            raise _failed(error) from error

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)
        Path(self._name).unlink(missing_ok=True)

    def add(self, part: bytes) -> None:
        """Writes the next bytes. Raises: BackendUnavailable: the disk refuses."""
        self.size += len(part)
        self._digest.update(part)
        rest = memoryview(part)
        try:
            # A disk that is nearly full takes a part of it.
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError as error:
            raise _failed(error) from error

    def keep(self) -> str:
        """Makes the bytes durable under their SHA-256, which is returned. Raises: BackendUnavailable."""
        digest = self._digest.hexdigest()
        folder = self._directory / digest[:_FAN_OUT]
        try:
            os.fsync(self._handle)
            folder.mkdir(mode=0o700, exist_ok=True)
            # A link, so that the name appears with all bytes; bytes that are there already are the same.
            if not (folder / digest).exists():
                os.replace(self._name, folder / digest)
            for one in (folder, self._directory):
                _sync(one)
        except OSError as error:
            raise _failed(error) from error
        return digest


def place(tracking: Tracking, written: str) -> Place:
    """What a path means, such as `<experiment>/<run>/artifacts/<path>`.

    Raises: BadInput: no path of files. NotFound: no run or model of the caller keeps its artifacts there.
    """
    match = _PLACE.fullmatch(written.rstrip("/"))
    if match is None:
        raise NotFound("no run or model keeps its artifacts there", where=written[:200])
    path = match["path"] or ""
    if path:
        require_path(path)
    owner = match["owner"]
    record = models.found(tracking, owner) if owner.startswith(_MODEL) else adding.found(tracking, owner)
    uri = getattr(record, "artifact_location", None) or getattr(record, "artifact_uri", None)
    if uri is None or uri.removeprefix(ROOT).strip("/") != match["root"]:
        raise NotFound("no run or model keeps its artifacts there", where=written[:200])
    return Place(owner, path, record.artifacts)


def require_path(path: str) -> None:
    """Raises: BadInput: it is no plain path of a file, or would not be one for who decodes it again."""
    if len(path) > _MAX_PATH or not (_is_plain(path) and _is_plain(_decoded(path))):
        raise BadInput("Invalid path: names with slashes between them are expected", where=path[:200])


def _is_plain(path: str) -> bool:
    return not _BAD.search(path) and not any(one in ("", ".", "..") for one in path.split("/"))


def _decoded(path: str) -> str:
    """The path without any percent-encoding, however often it was encoded."""
    while (once := unquote(path)) != path:
        path = once
    return path


def stored(tracking: Tracking, where: Place, digest: str, size: int) -> None:
    """Writes that a run or a model has a file."""
    file = Artifact(where.path, size, digest)
    if where.owner.startswith(_MODEL):
        models.with_file(tracking, where.owner, file)
    else:
        adding.add(tracking, where.owner, adding.Added(artifacts=(file,)))


def digest_of(where: Place) -> str:
    """The SHA-256 of the file that is meant. Raises: NotFound."""
    for one in where.files:
        if one.path == where.path and one.sha256:
            return one.sha256
    raise NotFound("No such artifact", where=where.path)


def list_below(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`mlflow-artifacts/artifacts`: names below a path."""
    where = place(tracking, given.required("path"))
    prefix = f"{where.path}/" if where.path else ""
    return {"files": [{**one, "path": one["path"].removeprefix(prefix)} for one in _listed(where.files, where.path)]}


def list_of_run(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`artifacts/list`: paths below the artifacts of a run."""
    record = adding.found(tracking, given.run_id())
    return {"root_uri": record.artifact_uri or "", "files": _listed(record.artifacts, _path(given, "path"))}


def list_of_model(tracking: Tracking, given: Arguments) -> dict[str, Any]:
    """`logged-models/{model_id}/artifacts/directories`: paths below the artifacts of a logged model."""
    record = models.found(tracking, given.required("model_id"))
    files = _listed(record.artifacts, _path(given, "artifact_directory_path"))
    return {"root_uri": record.artifact_location or "", "files": files}


def _path(given: Arguments, name: str) -> str:
    path = (given.text(name) or "").rstrip("/")
    if path:
        require_path(path)
    return path


def _listed(files: Iterable[Artifact], path: str) -> list[dict[str, Any]]:
    """The files and directories right below a path, each once; their paths from the root of all."""
    prefix = f"{path}/" if path else ""
    found: dict[str, dict[str, Any]] = {}
    for one in files:
        if one.path.startswith(prefix):
            name, is_dir, _ = one.path.removeprefix(prefix).partition("/")
            whole = prefix + name
            size = {} if is_dir or one.size is None else {"file_size": one.size}
            found[whole] = {"path": whole, "is_dir": bool(is_dir), **size}
    return [found[whole] for whole in sorted(found)]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(error: OSError) -> BackendUnavailable:
    return BackendUnavailable(f"the directory of artifacts cannot be written: {error.strerror}")
