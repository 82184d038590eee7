"""Builds MLflow's records from their fields: one way for the three sources, which differ in the names of some fields.

In: the fields of a record, and what a source keeps elsewhere (tags, parameters, files). Out: the record; the fields
that nobody asked for are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from provstore.importers.contract import Findings
from provstore.importers.mlflow.fields import Fields
from provstore.importers.mlflow.records import (
    Artifact,
    DatasetInput,
    Experiment,
    LoggedModel,
    ModelMetric,
    ModelVersion,
    RegisteredModel,
)

DEFAULT_WORKSPACE: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """How a source names the fields that sources name differently.

    `created`, `updated`: of registered models and their versions; `model_created`, `model_updated`: of logged models.
    `dataset`: what the fields of a data set begin with.
    """

    created: str = "creation_timestamp"
    updated: str = "last_updated_timestamp"
    model_created: str = "creation_timestamp"
    model_updated: str = "last_updated_timestamp"
    dataset: str = ""


DATABASE: Final = FieldNames(
    created="creation_time",
    updated="last_updated_time",
    model_created="creation_timestamp_ms",
    model_updated="last_updated_timestamp_ms",
    dataset="dataset_",
)
FILE_STORE: Final = FieldNames()
REST: Final = FieldNames(model_created="creation_timestamp_ms", model_updated="last_updated_timestamp_ms")


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the records of one source."""

    names: FieldNames
    findings: Findings

    def experiment(self, fields: Fields, identifier: str, tags: Mapping[str, str]) -> Experiment:
        """An experiment, whose id was read before."""
        fields.drop("workspace")
        made = Experiment(
            id=identifier,
            name=fields.text("name") or identifier,
            lifecycle_stage=fields.text("lifecycle_stage") or "active",
            artifact_location=fields.text("artifact_location"),
            created_ms=fields.integer("creation_time"),
            updated_ms=fields.integer("last_update_time"),
            tags=tags,
        )
        fields.count_rest(self.findings)
        return made

    def dataset(
        self, fields: Fields, tags: Mapping[str, str], digest_of: Callable[[str | None], str | None]
    ) -> DatasetInput:
        """A data set that a run took in. Args: digest_of: the SHA-256 of the bytes of its source, if they are there."""
        prefix = self.names.dataset
        source = fields.text(f"{prefix}source")
        made = DatasetInput(
            name=fields.required("name"),
            digest=fields.required("digest"),
            source_type=fields.text(f"{prefix}source_type"),
            source=source,
            schema=fields.text(f"{prefix}schema"),
            profile=fields.text(f"{prefix}profile"),
            tags=tags,
            sha256=digest_of(source),
        )
        fields.count_rest(self.findings)
        return made

    def logged_model(
        self,
        fields: Fields,
        identifier: str,
        *,
        status: str,
        location: str | None,
        params: Mapping[str, str],
        tags: Mapping[str, str],
        metrics: tuple[ModelMetric, ...],
        artifacts: tuple[Artifact, ...],
    ) -> LoggedModel:
        """A logged model, whose id, status and place of artifacts were read before."""
        made = LoggedModel(
            id=identifier,
            experiment_id=fields.required("experiment_id"),
            name=fields.text("name") or identifier,
            status=status,
            lifecycle_stage=fields.text("lifecycle_stage") or "active",
            model_type=fields.text("model_type"),
            source_run_id=fields.text("source_run_id"),
            created_ms=fields.integer(self.names.model_created),
            updated_ms=fields.integer(self.names.model_updated),
            artifact_location=location,
            status_message=fields.text("status_message"),
            params=params,
            tags=tags,
            metrics=metrics,
            artifacts=artifacts,
        )
        fields.count_rest(self.findings)
        return made

    def registered_model(
        self, fields: Fields, *, tags: Mapping[str, str], aliases: Mapping[str, str], versions: tuple[ModelVersion, ...]
    ) -> RegisteredModel:
        """A registered model with its versions."""
        workspace = fields.text("workspace") or DEFAULT_WORKSPACE
        made = RegisteredModel(
            name=fields.required("name"),
            workspace="" if workspace == DEFAULT_WORKSPACE else workspace,
            description=fields.text("description"),
            created_ms=fields.integer(self.names.created),
            updated_ms=fields.integer(self.names.updated),
            tags=tags,
            aliases=aliases,
            versions=versions,
        )
        fields.count_rest(self.findings)
        return made

    def version(self, fields: Fields, tags: Mapping[str, str]) -> ModelVersion:
        """A version of a registered model, whose name and workspace are those of the model."""
        fields.drop("name", "workspace", "run_link", "status_message")
        made = ModelVersion(
            version=fields.required("version"),
            stage=fields.text("current_stage"),
            status=fields.text("status"),
            source=fields.text("source"),
            run_id=fields.text("run_id"),
            model_id=fields.text("model_id"),
            description=fields.text("description"),
            user=fields.text("user_id"),
            created_ms=fields.integer(self.names.created),
            updated_ms=fields.integer(self.names.updated),
            tags=tags,
        )
        fields.count_rest(self.findings)
        return made
