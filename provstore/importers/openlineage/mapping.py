"""One event becomes one document: its run, job and datasets, and what their facets say.

In: an `Event`. Out: a Document in mode `event`. Source: rules 7, 10, 20 to 22, 31; docs/reference/openlineage.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from provstore.importers.contract import Findings, Request
from provstore.importers.openlineage.context import Context, Subject, digests_of, is_digest_facet
from provstore.importers.openlineage.events import Event, Facets, Named
from provstore.importers.openlineage.facets import FIELDS, KEPT_WHOLE, Holder, attributes, whole
from provstore.importers.openlineage.names import NAMESPACE, PREFIX, Names
from provstore.importers.openlineage.relations import RELATIONS, digest
from provstore.importers.statements import PREFIXES, label, ps, text, typed
from provstore.importers.strict_json import canonical
from provstore.model.document import Document, Header
from provstore.model.statement import Attribute
from provstore.model.terms import PROV

VERSION: Final = "1.0"
# OTHER tells something besides, before or after the run: it says nothing of the status.
_STATUS: Final = {
    "START": "running",
    "RUNNING": "running",
    "COMPLETE": "finished",
    "FAIL": "failed",
    "ABORT": "killed",
}
_ENDS: Final = frozenset({"COMPLETE", "FAIL", "ABORT"})
# What was measured when a run read the dataset says nothing of the dataset across its versions.
_MEASURED: Final = frozenset({"dataQualityMetrics", "dataQualityAssertions"})


def to_document(event: Event, request: Request, findings: Findings, *, source: str, raw_sha256: str) -> Document:
    """The document of one event.

    Args: source: file and place, for people. raw_sha256: of the event's bytes as read.
    """
    context = Context(event, Names(request.scope), findings)
    unit = {"run": _run_event, "job": _job_event, "dataset": _dataset_event}[event.kind](context)
    named = [*event.inputs, *event.outputs, *([event.job] if event.job else ())]
    for what, value in [*event.extra, *chain.from_iterable(one.extra for one in named)]:
        findings.skip(what, canonical(value))
    header = Header(
        unit=context.names.unit(unit),
        mode="event",
        event_time=event.time.utc,
        space=request.space,
        namespaces={None: {**PREFIXES, PREFIX: NAMESPACE}},
        source=source,
        format="openlineage",
        raw_sha256=raw_sha256,
        importer="openlineage",
        importer_version=VERSION,
        actor=request.actor,
    )
    return Document(header, context.statements.assertions())


def _run_event(context: Context) -> str:
    event, statements = context.event, context.statements
    assert event.run_id is not None
    assert event.job is not None
    context.run = run = statements.activity(
        context.names.run(event.run_id),
        _run_attributes(event),
        start=event.time.utc if event.type == "START" else None,
        end=event.time.utc if event.type in _ENDS else None,
    )
    context.job = context.job_entity(event.job.namespace, event.job.name)
    if event.producer:
        context.producer = statements.agent(
            context.names.producer(event.producer), [typed(PROV + "SoftwareAgent"), label(event.producer)]
        )
    statements.relate("wasAssociatedWith", run, context.producer, context.job)
    _take(context, "run", event.run_facets, Subject("activity", run))
    _take(context, "job", event.job.facets, Subject("entity", context.job))
    _inputs(context, run)
    _outputs(context, run)
    return run


def _run_attributes(event: Event) -> list[Attribute]:
    assert event.job is not None
    assert event.run_id is not None
    made = [
        typed(ps("Run")),
        label(event.job.name),
        text(ps("source_id"), event.run_id),
        text(ps("experiment"), event.job.namespace),
    ]
    if event.type in _STATUS:
        made.append(text(ps("status"), _STATUS[event.type]))
    if event.time.zone_assumed:
        made.append(text(ps("time_zone"), "assumed"))
    return made


def _job_event(context: Context) -> str:
    """A job as it was designed: no run, so its datasets influence and are influenced by the job itself."""
    event = context.event
    assert event.job is not None
    context.job = job = context.job_entity(event.job.namespace, event.job.name)
    if event.producer:
        context.statements.entity(job, [text(ps("producer"), event.producer)])
    _take(context, "job", event.job.facets, Subject("entity", job))
    _inputs(context, job)
    _outputs(context, job)
    return job


def _dataset_event(context: Context) -> str:
    """A dataset by itself, outside any run."""
    named = context.event.outputs[0]
    subject = _dataset(context, named)
    if context.event.producer:
        context.describe(subject, text(ps("producer"), context.event.producer))
    _take(context, "dataset", named.facets, subject)
    return subject.thing


def _inputs(context: Context, reader: str) -> None:
    subjects = [_dataset(context, named) for named in context.event.inputs]
    for subject in subjects:
        context.remember_used(subject)
    for subject in subjects:
        assert subject.named is not None
        _take(context, "dataset", subject.named.facets, subject)
        _take(context, "input", subject.named.as_input, subject)
        _misplaced(context, "output facets of an input", subject.named.as_output)
        if context.run:
            context.statements.relate("used", reader, subject.iri, attributes=subject.on_relation)
        else:
            _design(context, reader, subject.iri, subject)


def _outputs(context: Context, writer: str) -> None:
    for named in context.event.outputs:
        gone = _lifecycle(named.facets) == "DROP"
        subject = _dataset(context, named, written=not gone)
        _take(context, "dataset", named.facets, subject)
        _take(context, "output", named.as_output, subject)
        _misplaced(context, "input facets of an output", named.as_input)
        if not context.run:
            _design(context, subject.iri, writer, subject)
        elif not gone:
            context.statements.relate("wasGeneratedBy", subject.iri, writer, attributes=subject.on_relation)


def _design(context: Context, effect: str, cause: str, subject: Subject) -> None:
    said = [typed(ps("StaticLineage")), *subject.on_relation]
    context.statements.relate("wasInfluencedBy", effect, cause, attributes=said)


def _dataset(context: Context, named: Named, *, written: bool = False) -> Subject:
    subject = context.dataset(named, written=written)
    if subject.is_version:
        context.describe(subject, *(text(ps("digest"), one) for one in digests_of(named)))
    return subject


def _take(context: Context, holder: Holder, facets: Facets, subject: Subject) -> None:
    """Says what each facet says, and keeps whole what could not be said otherwise."""
    for name, facet in facets.items():
        if not isinstance(facet, dict) or facet.get("_deleted"):
            complete = False
        elif (holder, name) in RELATIONS:
            complete = RELATIONS[holder, name](context, subject, facet)
        elif name in FIELDS[holder]:
            complete = _fields(context, holder, name, facet, subject)
        elif holder in ("dataset", "input", "output") and is_digest_facet(name):
            complete = digest(context, subject, facet)
        else:
            complete = False
            if (holder, name) not in KEPT_WHOLE:
                context.findings.skip(f"{holder} facet {name}", canonical(facet))
        if not complete:
            _say(context, holder, name, subject, [whole(name, facet)])


def _fields(context: Context, holder: Holder, name: str, facet: Mapping[str, Any], subject: Subject) -> bool:
    mapped = attributes(facet, FIELDS[holder][name])
    _say(context, holder, name, subject, mapped.attributes)
    return mapped.complete


def _say(context: Context, holder: Holder, name: str, subject: Subject, said: list[Attribute]) -> None:
    """About the element, or about the relation where it holds for this run's reading or part only."""
    of_relation = holder == "input" or (holder == "output" and name == "subset")
    measured = holder == "dataset" and name in _MEASURED and not subject.is_version and context.event.kind != "dataset"
    if of_relation or measured:
        subject.on_relation.extend(said)
    else:
        context.describe(subject, *said)


def _misplaced(context: Context, what: str, facets: Facets) -> None:
    if facets:
        context.findings.skip(what, canonical(facets))


def _lifecycle(facets: Facets) -> str | None:
    facet = facets.get("lifecycleStateChange")
    change = facet.get("lifecycleStateChange") if isinstance(facet, dict) else None
    return change if isinstance(change, str) else None
