"""What a model version was made from: a logged model, a directory of a run, or a run of which no more is known.

In: the version's record. Out: statements about it. Source: docs/reference/identifiers.md.
"""

from __future__ import annotations

from typing import Final

from provstore.importers.contract import Findings
from provstore.importers.mlflow.facts import term
from provstore.importers.mlflow.names import Names
from provstore.importers.mlflow.origins import directory_of, logged_model_of
from provstore.importers.mlflow.records import ModelVersion
from provstore.importers.statements import Statements, label, text, typed
from provstore.model.terms import PROV

# What MLflow writes over the fields of a deleted version.
OVERWRITTEN: Final = "REDACTED-"


class Origins:
    """Says what versions were made from. `made_by`: of each logged model that was mapped, the run that made it."""

    def __init__(self, names: Names, findings: Findings) -> None:
        self._names, self._findings = names, findings
        self.made_by: dict[str, str | None] = {}

    def of(self, said: Statements, version: str, record: ModelVersion, source: str | None) -> None:
        """Adds to `said` what the version was made from; its run, too, where that made neither model nor directory."""
        model_id, directory = record.model_id or logged_model_of(source), directory_of(source)
        run_id = record.run_id if record.run_id and not record.run_id.startswith(OVERWRITTEN) else None
        known: str | None = None
        if model_id:
            said.relate("wasDerivedFrom", version, self._names.logged_model(model_id))
            if run_id and model_id not in self.made_by:
                self._findings.skip("model version.run_id", run_id)
            known = self.made_by.get(model_id, run_id)
        elif directory:
            known, path = directory
            made = said.entity(
                self._names.artifact(known, path), [typed(PROV + "Collection"), label(path), text(term("path"), path)]
            )
            said.relate("wasGeneratedBy", made, self._names.run(known))
            said.relate("wasDerivedFrom", version, made)
        if run_id and run_id != known:
            said.relate("wasGeneratedBy", version, self._names.run(run_id))
