"""MLflow's records as the importer's three sources (database, file store, REST) hand them to the mapping.

Texts are as MLflow keeps them; times are milliseconds since 1970; None means that the source does not say.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from provstore.errors import BadInput

# As the file store and the SQL table of logged models number them (service.proto).
RUN_STATUSES: Final = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
MODEL_STATUSES: Final = {0: "UNSPECIFIED", 1: "PENDING", 2: "READY", 3: "FAILED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment; `lifecycle_stage` is `active` or `deleted`."""

    id: str
    name: str
    lifecycle_stage: str
    artifact_location: str | None
    created_ms: int | None
    updated_ms: int | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Every point of one metric of one run as columns, ordered by (step, time, value): int64, int64, float64."""

    name: str
    steps: array[int]
    times_ms: array[int]
    values: array[float]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file: its path below the artifact directory, its size in bytes, and its SHA-256 when the bytes are there."""

    path: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInput:
    """A data set that a run took in. `digest` is MLflow's own; `sha256` that of the source file's bytes, if known."""

    name: str
    digest: str
    source_type: str | None
    source: str | None
    schema: str | None
    profile: str | None
    tags: Mapping[str, str]
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """A logged model that a run put out, and at which step."""

    model_id: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run with all that belongs to it; `user`, `source_name`, `entry_point`, `commit` are tags in newer versions."""

    id: str
    experiment_id: str
    name: str | None
    status: str
    lifecycle_stage: str
    started_ms: int | None
    ended_ms: int | None
    deleted_ms: int | None
    artifact_uri: str | None
    user: str | None = None
    source_name: str | None = None
    entry_point: str | None = None
    commit: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    series: tuple[Series, ...] = ()
    datasets: tuple[DatasetInput, ...] = ()
    model_inputs: tuple[str, ...] = ()
    model_outputs: tuple[ModelOutput, ...] = ()
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelMetric:
    """A metric value of a logged model, logged by a run on a data set (or None). `digest`: the data set's, if known."""

    name: str
    step: int
    time_ms: int
    value: float
    run_id: str | None
    dataset: str | None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedModel:
    """A logged model (MLflow 3); `metrics` ordered so that the last one of a name and data set is the latest."""

    id: str
    experiment_id: str
    name: str
    status: str
    lifecycle_stage: str
    model_type: str | None
    source_run_id: str | None
    created_ms: int | None
    updated_ms: int | None
    artifact_location: str | None
    status_message: str | None
    params: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: tuple[ModelMetric, ...]
    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A version of a registered model. `source` says what was registered: `models:/m-...` or a place of artifacts."""

    version: str
    stage: str | None
    status: str | None
    source: str | None
    run_id: str | None
    model_id: str | None
    description: str | None
    user: str | None
    created_ms: int | None
    updated_ms: int | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """A registered model, its aliases (alias to version) and its versions in order.

    `workspace` is "" for the default one.
    """

    name: str
    workspace: str
    description: str | None
    created_ms: int | None
    updated_ms: int | None
    tags: Mapping[str, str]
    aliases: Mapping[str, str]
    versions: tuple[ModelVersion, ...]


class Source(Protocol):
    """Where records come from. A record that cannot be read comes as the BadInput that says why; the rest goes on."""

    def count(self) -> int | None:
        """How many runs there are, or None when nobody knows before the end."""
        ...

    def experiments(self) -> Iterator[Experiment | BadInput]:
        """All experiments, deleted ones included."""
        ...

    def runs(self) -> Iterator[Run | BadInput]:
        """All runs, deleted ones included; one at a time in memory."""
        ...

    def logged_models(self) -> Iterator[LoggedModel | BadInput]:
        """All logged models, deleted ones included where the source still has them."""
        ...

    def registered_models(self) -> Iterator[RegisteredModel | BadInput]:
        """All registered models with their versions."""
        ...
