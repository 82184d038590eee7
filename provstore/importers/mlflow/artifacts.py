"""Artifact files of a store on this machine: from the places that MLflow recorded to files in the imported tree.

In: artifact URIs as recorded, which may be relative, absolute from before the store was moved, or another system's.
Out: paths, sizes and digests of the files, or a count of what is not there. No link is followed and nothing outside
the tree is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from provstore.errors import BadInput, printable
from provstore.importers.contract import Findings
from provstore.importers.mlflow.records import Artifact
from provstore.importers.paths import Tree

# Where `mlflow server` keeps what it calls `mlflow-artifacts:/`, beside the database that it was started with.
_SERVED: Final = ("mlartifacts", "artifacts", "mlruns", "")
# Every place of artifacts ends in `<experiment>/<run>/artifacts`; by that end it is found when the store was moved.
_LEAST_SEGMENTS: Final = 3
_LOCAL: Final = ("", "file")


class Artifacts:
    """The artifact files of one store.

    Args: tree: the directory of the store, the only place where files are read.
    """

    def __init__(self, tree: Tree, findings: Findings) -> None:
        self._tree, self._findings = tree, findings
        # Looking whether a directory exists is no reason to count what is in it.
        self._probe = tree.uncounted()

    def below(self, uri: str | None, *, expected: bool = False) -> tuple[Artifact, ...]:
        """The files below an artifact directory; none when it is not here.

        Args: uri: as recorded. expected: a missing directory is counted (a run may have logged no artifact at all).
        """
        if not uri:
            return ()
        directory = self._directory(uri)
        if directory is not None:
            return tuple(self._listed(directory))
        if expected:
            self._findings.skip("artifact directory that is not there", uri)
        return ()

    def in_tree(self, directory: str, *, expected: bool = False) -> tuple[Artifact, ...]:
        """The files below a directory of the tree; none when it is not here (`expected`: as in `below`)."""
        if self._is_directory(directory):
            return tuple(self._listed(directory))
        if expected:
            self._findings.skip("artifact directory that is not there", directory)
        return ()

    def source_digest(self, source: str | None, before_ms: int | None) -> str | None:
        """The SHA-256 of the file that a data set was read from, or None.

        Args: source: MLflow's JSON. before_ms: when the run ended; a file changed later is not what the run read.
        """
        path = self._source_path(source)
        if path is None:
            return None
        try:
            with self._tree.open(path) as stream:
                changed_ms = os.fstat(stream.fileno()).st_mtime_ns // 1_000_000
        except BadInput:
            self._findings.skip("source file of a data set that is not there", path)
            return None
        if before_ms is None or changed_ms > before_ms:
            self._findings.skip("source file of a data set that changed after the run", path)
            return None
        return self._tree.digest(path).sha256

    def _listed(self, directory: str) -> Iterator[Artifact]:
        skip = len(directory) + 1 if directory else 0
        for found in self._tree.files(directory):
            digested = self._tree.digest(found.path)
            yield Artifact(found.path[skip:], digested.size, digested.sha256)

    def _directory(self, uri: str) -> str | None:
        """The directory in the tree that `uri` means, or None."""
        parts = _split(uri)
        if parts is None or parts.scheme not in (*_LOCAL, "mlflow-artifacts"):
            self._findings.skip("artifacts in another system", f"{parts.scheme}:" if parts else uri)
            return None
        path = unquote(parts.path) if parts.scheme else uri
        segments = [segment for segment in path.split("/") if segment not in ("", ".")]
        if len(segments) < _LEAST_SEGMENTS:
            return None
        if parts.scheme == "mlflow-artifacts":
            candidates = ["/".join([root, *segments]).lstrip("/") for root in _SERVED]
        elif path.startswith("/"):
            candidates = ["/".join(segments[i:]) for i in range(len(segments) - _LEAST_SEGMENTS + 1)]
        else:
            candidates = ["/".join(segments)]
        return next((candidate for candidate in candidates if self._is_directory(candidate)), None)

    def _is_directory(self, path: str) -> bool:
        try:
            self._probe.listing(path)
        except BadInput:
            return False
        return True

    def _source_path(self, source: str | None) -> str | None:
        """The path in the tree of a local source, or None when the source is something else."""
        try:
            uri = json.loads(source or "null")["uri"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        parts = _split(uri) if isinstance(uri, str) else None
        if parts is None or parts.scheme not in _LOCAL:
            return None
        path = unquote(parts.path) if parts.scheme else uri
        if not path.startswith("/"):
            return path
        root = os.path.abspath(self._tree.root)
        return path[len(root) + 1 :] if path.startswith(root + "/") else None


def _split(uri: str) -> SplitResult | None:
    """The parts of what was recorded as a URI; None when it is none, or no Unicode."""
    try:
        return urlsplit(uri) if printable(uri) == uri else None
    except ValueError:
        return None
