"""What an event becomes: one document of mode `event`, whose unit is the run or the artifact, so that parts fold.

    run, transformation   Activity; parameters, metrics, status, tags on it; parent: wasInformedBy of type ps:partOf
    points                one series per metric and context, with this event's points as a chunk (rule 17)
    input, output         used and wasGeneratedBy, with their role
    code                  Entity, used, and the plan of the association
    environment           Entity by its content, used
    agent                 wasAssociatedWith, or wasAttributedTo of an artifact; on whose behalf: actedOnBehalfOf
    artifact              Entity; specializationOf the thing across versions, wasDerivedFrom, hadMember

Source: docs/reference/identifiers.md; rules 7, 10, 17, 22.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from provstore.errors import BadInput
from provstore.importers.statements import PREFIXES, Statements, boolean, label, number, ps, text, typed
from provstore.importers.strict_json import canonical
from provstore.model import series
from provstore.model.document import Document, Header
from provstore.model.statement import Attribute, reference
from provstore.model.terms import PROV, PS, ROLE
from provstore.model.times import instant
from provstore.server.events.models import (
    Activity,
    Agent,
    ArtifactEvent,
    Code,
    Environment,
    Point,
    Reference,
    RunEvent,
    Scalar,
    TransformationEvent,
)
from provstore.server.events.names import KIND, NAMESPACE, iri, unit

VERSION: Final = "1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES: Final = {
    "dataset": "Dataset", "model": "Model", "feature-set": "FeatureSet", "code": "Code", "environment": "Environment",
    "configuration": "Configuration", "log": "Log", "report": "Report", "metric": "Metric", "artifact": "Artifact",
}  # fmt: skip
_AGENTS: Final = {"person": "Person", "software": "SoftwareAgent", "organization": "Organization"}
_WORDS: Final = {"NaN": math.nan, "INF": math.inf, "-INF": -math.inf}
AnyEvent = RunEvent | TransformationEvent | ArtifactEvent


def document_of(event: AnyEvent, *, space: str, actor: str, where: str, key: str | None) -> Document:
    """The document of one event.

    Args: where: its place in the request, for errors. key: idempotency key, None for none.
    Raises: BadInput: a time that is none.
    """
    saying = _Saying(where)
    main = saying.artifact(event) if isinstance(event, ArtifactEvent) else saying.activity(event)
    header = Header(
        unit=unit(main),
        mode="event",
        event_time=saying.moment("time", event.time) or "",
        space=space,
        namespaces={None: {**PREFIXES, KIND: NAMESPACE}},
        format="provstore-events",
        importer=KIND,
        importer_version=VERSION,
        actor=actor,
        idempotency_key=key,
    )
    return Document(header, saying.said.assertions(), tuple(saying.chunks))


class _Saying:
    """The statements of one event. `chunks`: its metric columns."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.said = Statements()
        self.chunks: list[bytes] = []

    def activity(self, event: RunEvent | TransformationEvent) -> str:
        """A run or a transformation, with what it used and made."""
        run = iri("run", event.id)
        start, end = self.moment("start", event.start), self.moment("end", event.end)
        self.said.activity(run, self._activity_attributes(event), start=start, end=end)
        for one in event.inputs:
            self.said.relate("used", run, self.thing(one), attributes=_role(one))
        for one in event.outputs:
            self.said.relate("wasGeneratedBy", self.thing(one), run, attributes=_role(one))
        if event.environment:
            self.said.relate("used", run, self._environment(event.environment), attributes=[text(ROLE, "environment")])
        self._responsible(run, event.agent, event.code)
        self._others(run, event)
        if isinstance(event, RunEvent):
            self._series(run, event)
        return run

    def artifact(self, event: ArtifactEvent) -> str:
        """One version of an artifact."""
        made = self.said.entity(iri("artifact", event.id), self._artifact_attributes(event))
        if event.version_of:
            whole = self.said.entity(iri("artifact", event.version_of))
            self.said.relate("specializationOf", made, whole)
        if event.revision_of:
            revision = [typed(PROV + "Revision")]
            self.said.relate("wasDerivedFrom", made, self.thing(event.revision_of), attributes=revision)
        for one in event.derived_from:
            self.said.relate("wasDerivedFrom", made, self.thing(one), attributes=_role(one))
        for one in event.members:
            self.said.relate("hadMember", made, self.thing(one))
        if event.generated_by:
            self.said.relate("wasGeneratedBy", made, iri("run", event.generated_by))
        if event.agent:
            self.said.relate("wasAttributedTo", made, self._agent(event.agent))
        return made

    def thing(self, given: str | Reference) -> str:
        """The IRI of an artifact that is referred to; what is told of it is said."""
        if isinstance(given, str):
            return self.said.entity(iri("artifact", given))
        attributes = [*_texts(path=given.path), *([label(given.name)] if given.name else [])]
        if given.kind:
            attributes.append(typed(PS + _TYPES[given.kind]))
        if given.digest:
            attributes.append(text(ps("digest"), given.digest.lower()))
        if given.size is not None:
            attributes.append(number(ps("size"), given.size))
        return self.said.entity(given.iri or iri("artifact", given.id or str(given.digest).lower()), attributes)

    def moment(self, name: str, written: str | None) -> str | None:
        """UTC text, None for none. Raises: BadInput: it is no time."""
        if written is None:
            return None
        found = instant(written)
        if found is None:
            raise BadInput(
                f"expected a time, found {written[:40]!r}", where=f"{self._where}/{name}",
                next_step="Write it as 2026-11-21T10:00:00Z.",
            )  # fmt: skip
        return found.utc

    def _activity_attributes(self, event: RunEvent | TransformationEvent) -> Iterable[Attribute]:
        yield typed(PS + ("Run" if isinstance(event, RunEvent) else "Transformation"))
        yield text(ps("source_id"), event.id)
        yield from [label(event.name)] if event.name else []
        yield from _texts(status=event.status)
        yield from _family("param", event.parameters)
        yield from _family("tag", event.tags)
        yield from (_scalar(ps(name), value) for name, value in event.attributes.items())
        if isinstance(event, RunEvent):
            yield from (number(ps(f"metric.{name}"), _number(value)) for name, value in event.metrics.items())
            if event.experiment:
                experiment = iri("experiment", event.experiment)
                self.said.entity(experiment, [typed(PS + "Experiment"), label(event.experiment)])
                yield reference(ps("experiment"), experiment)
        if event.parent:
            yield reference(ps("partOf"), iri("run", event.parent))

    def _artifact_attributes(self, event: ArtifactEvent) -> Iterable[Attribute]:
        yield typed(PS + _TYPES[event.kind])
        yield from [typed(PROV + "Collection")] if event.members else []
        yield text(ps("source_id"), event.id)
        yield from [label(event.name)] if event.name else []
        yield from (text(ps("digest"), digest.lower()) for digest in event.digests)
        yield from _texts(path=event.path, version=event.version)
        yield from [number(ps("size"), event.size)] if event.size is not None else []
        yield from _family("tag", event.tags)
        yield from (_scalar(ps(name), value) for name, value in event.attributes.items())

    def _others(self, run: str, event: Activity) -> None:
        if event.parent:
            self.said.relate("wasInformedBy", run, iri("run", event.parent), attributes=[typed(PS + "partOf")])
        for other in event.informed_by:
            self.said.relate("wasInformedBy", run, iri("run", other))

    def _responsible(self, run: str, agent: Agent | None, code: Code | None) -> None:
        who = self._agent(agent) if agent else None
        plan = self._code(code) if code else None
        if plan:
            self.said.relate("used", run, plan, attributes=[text(ROLE, "code")])
        if who or plan:
            self.said.relate("wasAssociatedWith", run, who, plan)

    def _agent(self, given: Agent) -> str:
        who = self.said.agent(iri("agent", given.name), [typed(PROV + _AGENTS[given.kind]), label(given.name)])
        if given.on_behalf_of:
            organization = [typed(PROV + "Organization"), label(given.on_behalf_of)]
            self.said.relate("actedOnBehalfOf", who, self.said.agent(iri("agent", given.on_behalf_of), organization))
        return who

    def _code(self, given: Code) -> str:
        attributes = [
            typed(PROV + "Plan"), typed(PS + "Code"), label(f"commit {given.commit[:12]}"),
            *_texts(commit=given.commit, repository=given.repository, path=given.path, diff=given.diff),
        ]  # fmt: skip
        # Files that are not those of the commit are another thing.
        changed = [given.diff.lower()] if given.diff else ["dirty"] if given.dirty else []
        if given.dirty is not None:
            attributes.append(boolean(ps("dirty"), given.dirty))
        return self.said.entity(iri("code", given.commit, *changed), attributes)

    def _environment(self, given: Environment) -> str:
        told = given.model_dump(exclude_none=True)
        digest = sha256(canonical(told).encode()).hexdigest()
        packages = {f"package.{name}": version for name, version in given.packages.items()}
        attributes = [
            typed(PS + "Environment"),
            *_texts(**{k: v for k, v in told.items() if k != "packages"}, **packages),
        ]
        return self.said.entity(iri("environment", digest), attributes)

    def _series(self, run: str, event: RunEvent) -> None:
        of: dict[tuple[str, str | None], list[tuple[int, Point]]] = defaultdict(list)
        for place, point in enumerate(event.points):
            of[point.metric, point.context].append((place, point))
        for (metric, context), points in of.items():
            chunk = series.encode(
                [point.step for _, point in points], [self._milliseconds(*one) for one in points],
                [_number(point.value) for _, point in points],
            )  # fmt: skip
            self.chunks.append(chunk)
            named = [metric, context] if context else [metric]
            made = self.said.entity(
                iri("series", event.id, *named),
                [
                    typed(PS + "MetricSeries"),
                    label("@".join(named)),
                    *_texts(metric_name=metric, context=context),
                    text(ps("chunk"), f"sha256:{sha256(chunk).hexdigest()}"),
                ],
            )
            self.said.relate("wasGeneratedBy", made, run)

    def _milliseconds(self, place: int, point: Point) -> int:
        written = self.moment(f"points/{place}/time", point.time) or ""
        moment = datetime.fromisoformat(written)
        return round((moment - _EPOCH).total_seconds() * 1_000)


def _number(given: float | str) -> float:
    return _WORDS[given] if isinstance(given, str) else float(given)


def _scalar(name: str, value: Scalar) -> Attribute:
    if isinstance(value, bool):
        return boolean(name, value)
    return text(name, value) if isinstance(value, str) else number(name, value)


def _family(prefix: str, values: Mapping[str, Scalar]) -> Iterable[Attribute]:
    return (_scalar(ps(f"{prefix}.{name}"), value) for name, value in values.items())


def _texts(**values: str | None) -> list[Attribute]:
    return [text(ps(name), value) for name, value in values.items() if value is not None]


def _role(given: str | Reference) -> list[Attribute]:
    return [text(ROLE, given.role)] if isinstance(given, Reference) and given.role else []
