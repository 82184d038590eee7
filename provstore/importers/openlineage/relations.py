"""The facets that relate things: one function each, from a facet to relations and described elements.

In: a facet, what it speaks of, and the event's context. Out: True when everything in the facet was said, False when
it must be kept whole besides (fields that no relation holds, shapes that were not expected).
Source: OpenLineage 2-0-2, facet schemas; rules 20 to 22; docs/reference/openlineage.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from provstore.importers.openlineage.context import Context, Subject, digests_in
from provstore.importers.openlineage.facets import ENVELOPE, Holder
from provstore.importers.redaction import REDACTED
from provstore.importers.statements import label, ps, text, typed
from provstore.importers.strict_json import canonical
from provstore.model.statement import Attribute, reference
from provstore.model.terms import PROV, ROLE

Facet = Mapping[str, Any]
Handler = Callable[[Context, Subject, Facet], bool]

_CODE_LOCATION: Final = {
    "type": "repository_type",
    "url": "url",
    "repoUrl": "repository",
    "path": "path",
    "version": "commit",
    "tag": "repository_tag",
    "branch": "branch",
    "pullRequestNumber": "pull_request",
}


def parent(context: Context, subject: Subject, facet: Facet) -> bool:
    """The run that started this one: informed it, and it is part of it (rule 31)."""
    run, job = _object(facet, "run"), _object(facet, "job")
    run_id = run.get("runId")
    if not isinstance(run_id, str) or not run_id:
        return False
    above = _run(context, run_id, job)
    context.describe(subject, reference(ps("partOf"), above))
    context.statements.relate("wasInformedBy", subject.iri, above, attributes=[typed(ps("partOf"))])
    root = _object(facet, "root")
    root_run, root_job = _object(root, "run"), _object(root, "job")
    if isinstance(root_run.get("runId"), str) and root_run["runId"]:
        context.describe(subject, reference(ps("root"), _run(context, root_run["runId"], root_job)))
    elif root:
        return False
    return (
        _has_only(facet, "run", "job", "root")
        and all(_has_only(holder, "runId") for holder in (run, root_run))
        and all(_has_only(holder, "namespace", "name") for holder in (job, root_job))
    )


def processing_engine(context: Context, subject: Subject, facet: Facet) -> bool:
    """Spark, Airflow, ... in one version: the software agent that ran the run."""
    version, name = facet.get("version"), facet.get("name", "unknown")
    if not isinstance(version, str) or not isinstance(name, str):
        return False
    engine = context.statements.agent(
        context.names.engine(name, version),
        [typed(PROV + "SoftwareAgent"), label(f"{name} {version}"), text(ps("version"), version)],
    )
    role = reference(ROLE, ps("processing_engine"))
    context.statements.relate("wasAssociatedWith", subject.iri, engine, context.job, attributes=[role])
    adapter = facet.get("openlineageAdapterVersion")
    if isinstance(adapter, str):
        context.describe(subject, text(ps("openlineage_adapter"), adapter))
    return _has_only(facet, "version", "name", "openlineageAdapterVersion")


def job_dependencies(context: Context, subject: Subject, facet: Facet) -> bool:
    """Runs that this one waited for, and runs that waited for it; the rules of waiting are kept whole."""
    for direction in ("upstream", "downstream"):
        for dependency in _objects(facet, direction):
            run_id = _object(dependency, "run").get("runId")
            if isinstance(run_id, str) and run_id:
                ends = [subject.iri, _run(context, run_id, _object(dependency, "job"))]
                first, second = ends if direction == "upstream" else reversed(ends)
                context.statements.relate("wasInformedBy", first, second, attributes=[typed(ps("JobDependency"))])
    return False


def environment_variables(context: Context, subject: Subject, facet: Facet) -> bool:
    """`ps:environment.<name>`; secrets were taken out of the event before."""
    return _pairs(context, subject, facet, "environmentVariables", "name", "environment")


def execution_parameters(context: Context, subject: Subject, facet: Facet) -> bool:
    """`ps:param.<key>`."""
    return _pairs(context, subject, facet, "parameters", "key", "param")


def tags(context: Context, subject: Subject, facet: Facet) -> bool:
    """`ps:tag.<key>`; a tag of a column is kept whole, for it says nothing of the whole dataset."""
    return _pairs(context, subject, facet, "tags", "key", "tag")


def ownership(context: Context, subject: Subject, facet: Facet) -> bool:
    """Owners are agents to whom the thing is attributed; `user:` and `team:` say which kind."""
    complete = _has_only(facet, "owners")
    for owner in _objects(facet, "owners"):
        name, kind = owner.get("name"), owner.get("type")
        if not isinstance(name, str) or not name:
            return False
        types = {"user": "Person", "team": "Organization", "application": "SoftwareAgent"}
        known = types.get(name.partition(":")[0])
        agent = context.statements.agent(
            context.names.owner(name), [label(name)] + ([typed(PROV + known)] if known else [])
        )
        said = [text(ps("ownership"), kind)] if isinstance(kind, str) else []
        context.statements.relate("wasAttributedTo", subject.iri, agent, attributes=said)
        complete = complete and _has_only(owner, "name", "type")
    return complete


def source_code_location(context: Context, subject: Subject, facet: Facet) -> bool:
    """Code at a URL, in its version: the plan that the run followed."""
    url = facet.get("url")
    if not isinstance(url, str) or not url:
        return False
    version = facet.get("version")
    attributes = [
        text(ps(local), facet[name]) for name, local in _CODE_LOCATION.items() if isinstance(facet.get(name), str)
    ]
    iri = context.names.code(url, version if isinstance(version, str) else "")
    context.code(iri, label(url), *attributes)
    return len(attributes) == len(facet.keys() - ENVELOPE)


def source_code(context: Context, subject: Subject, facet: Facet) -> bool:
    """The text of a program, identified by its bytes."""
    return _code_text(context, facet, "sourceCode", "language")


def sql(context: Context, subject: Subject, facet: Facet) -> bool:
    """The text of a query, identified by its bytes."""
    return _code_text(context, facet, "query", "dialect", language="sql")


def symlinks(context: Context, subject: Subject, facet: Facet) -> bool:
    """Other names of the same dataset."""
    complete = _has_only(facet, "identifiers")
    for other in _objects(facet, "identifiers"):
        names = _name_of(other)
        if names is None:
            return False
        said = [text(ps("symlink_type"), other["type"])] if isinstance(other.get("type"), str) else []
        alias = context.dataset_entity(*names)
        context.statements.relate("alternateOf", subject.thing, alias, attributes=said)
        complete = complete and _has_only(other, "namespace", "name", "type")
    return complete


def lifecycle_state_change(context: Context, subject: Subject, facet: Facet) -> bool:
    """DROP ends the dataset, RENAME leads from its earlier name; the others are told as `ps:lifecycle`."""
    change = facet.get("lifecycleStateChange")
    if not isinstance(change, str):
        return False
    context.describe(subject, text(ps("lifecycle"), change))
    if change == "DROP":
        context.statements.relate("wasInvalidatedBy", subject.iri, context.run, time=context.event.time.utc)
    earlier = _name_of(_object(facet, "previousIdentifier"))
    if earlier and context.names.dataset(*earlier) != subject.thing:
        before = context.dataset_entity(*earlier)
        context.statements.relate("wasDerivedFrom", subject.iri, before, context.run)
        context.statements.relate("alternateOf", subject.thing, before)
    return _has_only(facet, "lifecycleStateChange", "previousIdentifier") and (
        earlier is not None or "previousIdentifier" not in facet
    )


def column_lineage(context: Context, subject: Subject, facet: Facet) -> bool:
    """A derivation for each dataset that columns come from, with those columns as JSON on it."""
    columns: dict[tuple[str, str], dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    datasets: dict[tuple[str, str], list[Any]] = defaultdict(list)
    complete = _has_only(facet, "fields", "dataset")
    for output, entry in sorted(_object(facet, "fields").items()):
        complete = complete and isinstance(entry, dict) and _has_only(entry, "inputFields")
        for field in _objects(entry, "inputFields") if isinstance(entry, dict) else ():
            complete = _collect(field, lambda name: columns[name][output]) and complete  # noqa: B023 - called at once
    for field in _objects(facet, "dataset"):
        complete = _collect(field, datasets.__getitem__) and complete
    for name in sorted(columns.keys() | datasets.keys()):
        said = [text(ps("columns"), canonical(columns[name]))] if name in columns else []
        said += [text(ps("dataset_columns"), canonical(datasets[name]))] if name in datasets else []
        complete = _derive(context, subject, context.source(*name), said) and complete
    return complete


def lineage(context: Context, subject: Subject, facet: Facet) -> bool:
    """The general lineage facet: each input influenced its target; fields and transformations are kept whole."""
    _influences(context, subject.iri, facet)
    for entry in _objects(facet, "entries"):
        target = _lineage_end(context, entry)
        if target:
            _influences(context, target, entry)
    return False


def digest(context: Context, subject: Subject, facet: Facet) -> bool:
    """A digest of the dataset's bytes; `ps:digest` itself is said with the version."""
    return any(digests_in(facet))


RELATIONS: Final[Mapping[tuple[Holder, str], Handler]] = {
    ("run", "parent"): parent,
    ("run", "processing_engine"): processing_engine,
    ("run", "jobDependencies"): job_dependencies,
    ("run", "environmentVariables"): environment_variables,
    ("run", "executionParameters"): execution_parameters,
    ("run", "tags"): tags,
    ("job", "tags"): tags,
    ("job", "ownership"): ownership,
    ("job", "sourceCodeLocation"): source_code_location,
    ("job", "sourceCode"): source_code,
    ("job", "sql"): sql,
    ("job", "lineage"): lineage,
    ("dataset", "tags"): tags,
    ("dataset", "ownership"): ownership,
    ("dataset", "symlinks"): symlinks,
    ("dataset", "lifecycleStateChange"): lifecycle_state_change,
    ("dataset", "columnLineage"): column_lineage,
    ("dataset", "lineage"): lineage,
}


def _run(context: Context, run_id: str, job: Facet) -> str:
    """Another run that an event names, with its job when that is named too."""
    attributes = [typed(ps("Run")), text(ps("source_id"), run_id)]
    names = _name_of(job)
    run = context.statements.activity(context.names.run(run_id), attributes + ([label(names[1])] if names else []))
    if names:
        context.statements.relate("wasAssociatedWith", run, None, context.job_entity(*names))
    return run


def _pairs(context: Context, subject: Subject, facet: Facet, listed: str, naming: str, family: str) -> bool:
    complete = _has_only(facet, listed)
    for pair in _objects(facet, listed):
        name, value = pair.get(naming), pair.get("value")
        if isinstance(name, str) and isinstance(value, str) and "field" not in pair:
            context.describe(subject, text(ps(f"{family}.{name}"), value))
            if isinstance(pair.get("source"), str):
                context.describe(subject, text(ps(f"{family}_source.{name}"), pair["source"]))
        simple = _has_only(pair, naming, "value", "source")
        complete = complete and isinstance(name, str) and isinstance(value, str) and simple
    return complete


def _code_text(context: Context, facet: Facet, field: str, qualifier: str, *, language: str | None = None) -> bool:
    written, qualified = facet.get(field), facet.get(qualifier, language)
    if not isinstance(written, str):
        return False
    name = f"sha256:{sha256(written.encode()).hexdigest()}"
    attributes = [label(" ".join(written.split())[:80]), text(ps("source_code"), written)]
    if REDACTED not in written:
        # Only then are these the bytes that another tracker may have seen (rule 21).
        attributes.append(text(ps("digest"), name))
    if isinstance(qualified, str):
        attributes.append(text(ps("language"), qualified))
    context.code(context.names.code(name), *attributes)
    return _has_only(facet, field, qualifier)


def _collect(field: Facet, into: Callable[[tuple[str, str]], list[Any]]) -> bool:
    name = _name_of(field)
    if name is None:
        return False
    into(name).append({key: value for key, value in field.items() if key not in ("namespace", "name")})
    return True


def _derive(context: Context, subject: Subject, source: str, attributes: list[Attribute]) -> bool:
    if source == subject.iri:  # A thing is not derived from itself; without a run there is no version to tell apart.
        return False
    context.statements.relate("wasDerivedFrom", subject.iri, source, context.run, attributes=attributes)
    return True


def _influences(context: Context, target: str, entry: Facet) -> None:
    inputs = list(_objects(entry, "inputs"))
    for _, field in sorted(_object(entry, "fields").items()):
        inputs += _objects(field, "inputs") if isinstance(field, dict) else ()
    for one in inputs:
        source = _lineage_end(context, one)
        if source and source != target:
            context.statements.relate("wasInfluencedBy", target, source)


def _lineage_end(context: Context, end: Facet) -> str | None:
    """The dataset, run or job that a lineage entry or input names; a job without a name is the event's own."""
    names = _name_of(end)
    if end.get("type") == "DATASET":
        return context.source(*names) if names else None
    run_id = end.get("runId")
    if isinstance(run_id, str) and run_id:
        return _run(context, run_id, end)
    return context.job_entity(*names) if names else context.run or context.job


def _name_of(holder: Facet) -> tuple[str, str] | None:
    namespace, name = holder.get("namespace"), holder.get("name")
    return (namespace, name) if isinstance(namespace, str) and isinstance(name, str) and namespace and name else None


def _object(holder: Facet, name: str) -> dict[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _objects(holder: Facet, name: str) -> Iterator[dict[str, Any]]:
    value = holder.get(name)
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _has_only(holder: Facet, *names: str) -> bool:
    return not holder.keys() - ENVELOPE - set(names)
