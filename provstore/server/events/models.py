"""The events as JSON: what a request may hold. A field that is not here is refused, never dropped.

`schema/events/batch-1.json` is written from these classes; what may change in it says `schema/events/VERSIONING.md`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, FailFast, Field, model_validator

SCHEMA_ID: Final = "urn:provstore:schema:events:batch:1"
Scalar = str | bool | int | float
# A list ends at its first bad member: an error of each would be a thousand times as large as the request.
_ONE_ERROR: Final = FailFast()
Text = Annotated[str, Field(min_length=1, max_length=1_048_576)]
Name = Annotated[str, Field(min_length=1, max_length=1_000)]
Digest = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_/-]*:[0-9A-Fa-f]{8,128}$", examples=["sha256:" + "ab" * 32])
]
# JSON has no such numbers, so they are words, spelled as in XML Schema.
Number = float | Literal["NaN", "INF", "-INF"]
Step = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Status = Literal["running", "finished", "failed", "killed", "unknown"]
Kind = Literal[
    "dataset", "model", "feature-set", "code", "environment", "configuration", "log", "report", "metric", "artifact"
]


class Part(BaseModel):
    """What all parts of an event share: no other fields, no silent conversion, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Point(Part):
    """One point of a metric (rule 17)."""

    metric: Name
    value: Number
    step: Step = 0
    time: Text = Field(description="When it was measured.")
    context: Name | None = Field(None, description="Such as train or test; part of the metric's key.")


class Agent(Part):
    """Who is responsible."""

    name: Name
    kind: Literal["person", "software", "organization"] = "person"
    on_behalf_of: Name | None = Field(None, description="The organization that answers for it.")


class Code(Part):
    """The revision of the code that ran."""

    commit: Name
    repository: Text | None = None
    path: Text | None = None
    dirty: bool | None = Field(None, description="True when the files were not those of the commit.")
    diff: Digest | None = Field(None, description="Of the difference from the commit.")


class Environment(Part):
    """What it ran in; equal environments are one."""

    python: Text | None = None
    platform: Text | None = None
    hardware: Text | None = None
    image: Text | None = Field(None, description="A container image, by digest if it is known.")
    packages: dict[Name, Text] = Field({}, description="Name and version of each.")


class Reference(Part):
    """Another thing, by its `id` in these events, by its full `iri`, or by the digest of its bytes; and what is known
    of it."""

    id: Name | None = None
    iri: Name | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*$")
    digest: Digest | None = None
    role: Name | None = Field(None, description="What it was there for, such as train or test.")
    name: Text | None = None
    kind: Kind | None = None
    path: Text | None = None
    size: int | None = Field(None, ge=0, lt=2**63, description="Bytes.")

    @model_validator(mode="after")
    def _is_named(self) -> Reference:
        if (self.id is not None) + (self.iri is not None) > 1 or not (self.id or self.iri or self.digest):
            raise ValueError("name it by id, by iri, or by digest alone")
        return self


Referring = Annotated[Name | Reference, Field(description="An id, or an object that names the thing and tells of it.")]


class _Event(Part):
    id: Name = Field(description="Its own, within the space.")
    time: Text = Field(description="When this became so; the newest says what holds (rule 10).")
    name: Text | None = None
    tags: dict[Name, Scalar] = {}
    attributes: dict[Name, Scalar] = Field({}, description="Anything else, as ps:NAME.")
    agent: Agent | None = None


class Activity(_Event):
    """What runs and transformations share."""

    start: Text | None = None
    end: Text | None = None
    status: Status | None = None
    parameters: dict[Name, Scalar] = {}
    inputs: Annotated[list[Referring], _ONE_ERROR] = []
    outputs: Annotated[list[Referring], _ONE_ERROR] = []
    code: Code | None = None
    environment: Environment | None = None
    parent: Name | None = Field(None, description="The id of the run or transformation that it is part of.")
    informed_by: Annotated[list[Name], _ONE_ERROR] = Field(
        [], description="Ids of runs and transformations that it waited for."
    )


class RunEvent(Activity):
    """What is known of a run: all at once, or a part; parts of one id fold into one run."""

    type: Literal["run"]
    experiment: Name | None = None
    metrics: dict[Name, Number] = Field({}, description="Values that hold for the run as a whole.")
    points: Annotated[list[Point], _ONE_ERROR] = Field(
        [], description="Measurements over time; the last one is the metric's value."
    )


class TransformationEvent(Activity):
    """What is known of a step that is no run of an experiment: a query, a copy, a cleaning, a deployment."""

    type: Literal["transformation"]


class ArtifactEvent(_Event):
    """What is known of one version of an artifact."""

    type: Literal["artifact"]
    kind: Kind = "artifact"
    digests: Annotated[list[Digest], _ONE_ERROR] = []
    path: Text | None = None
    size: int | None = Field(None, ge=0, lt=2**63, description="Bytes.")
    version: Name | None = None
    version_of: Name | None = Field(None, description="The id of the thing across its versions.")
    revision_of: Referring | None = Field(None, description="The version before this one.")
    derived_from: Annotated[list[Referring], _ONE_ERROR] = []
    members: Annotated[list[Referring], _ONE_ERROR] = Field([], description="What it is a collection of.")
    generated_by: Name | None = Field(None, description="The id of the run or transformation that made it.")


Event = Annotated[RunEvent | TransformationEvent | ArtifactEvent, Field(discriminator="type")]
EXAMPLE: Final[dict[str, Any]] = {
    "events": [
        {
            "type": "run",
            "id": "train-42",
            "time": "2026-11-21T10:00:00Z",
            "status": "finished",
            "parameters": {"lr": 0.1},
            "metrics": {"accuracy": 0.93},
            "inputs": [{"id": "raw.csv", "digest": "sha256:" + "ab" * 32, "role": "train"}],
            "outputs": ["churn-3"],
            "agent": {"name": "ann"},
        }
    ]
}


class Batch(Part):
    """Events that are stored together or not at all."""

    model_config = ConfigDict(title="provstore events, version 1", json_schema_extra={"examples": [EXAMPLE]})

    events: Annotated[list[Event], _ONE_ERROR] = Field(min_length=1)


_PARTS: Final = (
    Batch, RunEvent, TransformationEvent, ArtifactEvent, Reference, Environment, Code, Agent, Point
)  # fmt: skip
# All names of fields, to find the one that was meant.
FIELDS: Final = tuple(sorted({name for part in _PARTS for name in part.model_fields}))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a batch, with its versioned `$id`."""
    schema = Batch.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}
