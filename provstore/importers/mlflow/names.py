"""Identifiers of imported MLflow things: a contract, frozen by a test (rule 31, docs/reference/identifiers.md).

In: MLflow's ids and names. Out: IRIs `urn:provstore:mlflow:[scope/]<what>/<id>` and units `mlflow:[scope/]<what>/<id>`.
"""

from __future__ import annotations

from typing import Final

from provstore.errors import UsageError
from provstore.model.names import segment

KIND: Final = "mlflow"
NAMESPACE: Final = "urn:provstore:mlflow:"
# With one of these as scope, `model/run/1` might be run 1 there or version 1 of the model `run`.
_WHATS: Final = frozenset(
    {
        "experiment", "run", "record", "series", "artifact", "dataset", "logged-model", "model", "alias", "stage",
        "user", "code",
    }
)  # fmt: skip


class Names:
    """The names of one import. Args: scope: rule 31; "" for none.

    Raises: UsageError: the scope is one of the words that identifiers begin with.
    """

    def __init__(self, scope: str) -> None:
        if scope in _WHATS:
            raise UsageError(f"{scope!r} cannot be a scope", next_step="Choose none of: " + ", ".join(sorted(_WHATS)))
        self._scope = f"{segment(scope)}/" if scope else ""

    def unit(self, iri: str) -> str:
        """The unit whose main element is `iri`."""
        return f"{KIND}:{iri.removeprefix(NAMESPACE)}"

    def experiment(self, identifier: str) -> str:
        """An experiment."""
        return self._iri("experiment", identifier)

    def run(self, identifier: str) -> str:
        """A run."""
        return self._iri("run", identifier)

    def record(self, run: str) -> str:
        """What MLflow keeps about a run, as a thing that can be deleted."""
        return self._iri("record", run)

    def series(self, run: str, metric: str) -> str:
        """The series of one metric of a run (rule 17)."""
        return self._iri("series", run, metric)

    def artifact(self, owner: str, path: str) -> str:
        """A file or directory that a run or a logged model keeps; each part of its path is a segment."""
        return self._iri("artifact", owner, *path.split("/"))

    def dataset(self, name: str, digest: str) -> str:
        """A data set by name and MLflow's own digest: the same data in two experiments is one data set."""
        return self._iri("dataset", name, digest)

    def logged_model(self, identifier: str) -> str:
        """A logged model of MLflow 3."""
        return self._iri("logged-model", identifier)

    def model(self, workspace: str, name: str) -> str:
        """A registered model; `workspace` is "" for the default one."""
        return self._iri("model", *filter(None, (workspace, name)))

    def version(self, workspace: str, name: str, version: str) -> str:
        """A version of a registered model."""
        return f"{self.model(workspace, name)}/{segment(version)}"

    def alias(self, workspace: str, name: str, alias: str) -> str:
        """An alias of a registered model."""
        return self._iri("alias", *filter(None, (workspace, name)), alias)

    def stage(self, workspace: str, name: str, version: str) -> str:
        """What is said about the stage of a version: a unit of its own, not an element."""
        return self._iri("stage", *filter(None, (workspace, name)), version)

    def user(self, name: str) -> str:
        """A user."""
        return self._iri("user", name)

    def code(self, commit: str) -> str:
        """The code of one Git commit."""
        return self._iri("code", commit)

    def _iri(self, what: str, *identifier: str) -> str:
        return f"{NAMESPACE}{self._scope}{what}/{'/'.join(map(segment, identifier))}"
