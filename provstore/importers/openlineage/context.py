"""What mapping one event works with: the statements so far, the names, and what the event's parts became.

In: an `Event`. Out: IRIs of its run, job and datasets, described once each. Source: rule 22; the decision record
«OpenLineage datasets without a version».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from provstore.importers.contract import Findings
from provstore.importers.openlineage.events import Event, Facets, Named
from provstore.importers.openlineage.names import Names
from provstore.importers.statements import Statements, label, ps, text, typed
from provstore.model.statement import Attribute
from provstore.model.terms import PROV

_HEX_DIGITS: Final = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_LABELLED_DIGEST: Final = len("sha256:") + 12
_DIGEST: Final = re.compile(r"(?i)(md5|sha1|sha256|sha384|sha512):([0-9a-f]+)")


@dataclass(slots=True)
class Subject:
    """What a facet speaks of: an element, and for a dataset the relation to the run.

    `thing` is the dataset across its versions; `on_relation` collects attributes for `used` or `wasGeneratedBy`.
    """

    kind: Literal["entity", "activity"]
    iri: str
    thing: str = ""
    named: Named | None = None
    on_relation: list[Attribute] = field(default_factory=list)

    @property
    def is_version(self) -> bool:
        """True for one version of a dataset, false for the dataset across its versions."""
        return bool(self.thing) and self.iri != self.thing


@dataclass(slots=True)
class Context:
    """One event being mapped; `run` is None in job and dataset events, `job` in dataset events."""

    event: Event
    names: Names
    findings: Findings
    statements: Statements = field(default_factory=Statements)
    run: str | None = None
    job: str | None = None
    producer: str | None = None
    _used: dict[str, str] = field(default_factory=dict)

    def describe(self, subject: Subject, *attributes: Attribute) -> None:
        """Says something of the element that a facet speaks of."""
        self.statements.describe(subject.kind, subject.iri, attributes)

    def job_entity(self, namespace: str, name: str) -> str:
        """The job across its runs, described as a plan."""
        return self.statements.entity(
            self.names.job(namespace, name),
            [
                typed(PROV + "Plan"),
                typed(ps("Job")),
                label(name),
                text(ps("namespace"), namespace),
                text(ps("source_id"), name),
            ],
        )

    def dataset_entity(self, namespace: str, name: str) -> str:
        """The dataset across its versions."""
        return self.statements.entity(
            self.names.dataset(namespace, name),
            [typed(ps("Dataset")), label(name), text(ps("namespace"), namespace), text(ps("source_id"), name)],
        )

    def dataset(self, named: Named, *, written: bool = False) -> Subject:
        """The dataset that an event names, in the version that it names.

        Args: written: by the event's run, so that a version exists even when none is named.
        """
        thing = self.dataset_entity(named.namespace, named.name)
        version = version_of(named)
        if version:
            iri = self.names.version(named.namespace, named.name, version)
            called = version[:_LABELLED_DIGEST] if _digest(version) else version
        elif written and self.event.run_id:
            iri = self.names.written(named.namespace, named.name, self.event.run_id)
            called = f"run:{iri.rpartition('/')[2]}"
        else:
            return Subject("entity", thing, thing, named)
        self.statements.entity(iri, [typed(ps("Dataset")), label(f"{named.name}@{called}")])
        self.statements.entity(thing, [typed(PROV + "Collection")])
        self.statements.relate("specializationOf", iri, thing)
        # Whoever read the dataset without naming a version read one of its members.
        self.statements.relate("hadMember", thing, iri)
        return Subject("entity", iri, thing, named)

    def remember_used(self, subject: Subject) -> None:
        """Derivations that name this dataset mean the version that the run used."""
        self._used.setdefault(subject.thing, subject.iri)

    def source(self, namespace: str, name: str) -> str:
        """The dataset that something was derived from: the version that the run used, else the dataset itself."""
        thing = self.names.dataset(namespace, name)
        return self._used.get(thing) or self.dataset_entity(namespace, name)

    def code(self, iri: str, *attributes: Attribute) -> None:
        """Code that the run followed, or that the job consists of when there is no run."""
        self.statements.entity(iri, [typed(PROV + "Plan"), typed(ps("Code")), *attributes])
        if self.run:
            self.statements.relate("wasAssociatedWith", self.run, self.producer, iri)
        elif self.job:
            self.statements.relate("wasInfluencedBy", self.job, iri)


def version_of(named: Named) -> str | None:
    """The version that an event names: its `version` facet, else a digest of its bytes."""
    facet = named.facets.get("version")
    if isinstance(facet, dict) and not facet.get("_deleted"):
        version = facet.get("datasetVersion")
        if isinstance(version, str) and version:
            return _digest(version) or version
    return next(digests_of(named), None)


def digests_of(named: Named) -> Iterator[str]:
    """The digests `algorithm:hex` that an event states of a dataset's bytes, in a fixed order."""
    facets: tuple[Facets, ...] = (named.facets, named.as_input, named.as_output)
    version = named.facets.get("version")
    if isinstance(version, dict) and isinstance(version.get("datasetVersion"), str):
        yield from filter(None, [_digest(version["datasetVersion"])])
    for holder in facets:
        for name, facet in holder.items():
            if is_digest_facet(name) and isinstance(facet, dict):
                yield from digests_in(facet)


def is_digest_facet(name: str) -> bool:
    """True for the custom facets that are read as digests: `digest`, `checksum`, also after a prefix and `_`."""
    return name.lower().rpartition("_")[2] in ("digest", "checksum")


def digests_in(facet: Facets) -> Iterator[str]:
    """Digests as `{"sha256": hex}`, as `{"algorithm": "sha256", "value": hex}`, or as `{"digest": "sha256:hex"}`."""
    for name in sorted(facet):
        if isinstance(facet[name], str):
            found = _digest(f"{name}:{facet[name]}") or (name != "value" and _digest(facet[name]))
            if found:
                yield found
    algorithm, value = facet.get("algorithm"), facet.get("value")
    if isinstance(algorithm, str) and isinstance(value, str):
        yield from filter(None, [_digest(f"{algorithm.replace('-', '')}:{value}")])


def _digest(written: str) -> str | None:
    match = _DIGEST.fullmatch(written)
    if match is None or len(match[2]) != _HEX_DIGITS[match[1].lower()]:
        return None
    return f"{match[1].lower()}:{match[2].lower()}"
