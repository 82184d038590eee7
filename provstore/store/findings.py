"""What provstore keeps of a validation: findings come in, a derived document in PROV terms and a list go out.

The terms are in docs/reference/findings.md. Source: rule 16.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from provstore.importers.statements import Statements, boolean, label, number, ps, text, typed
from provstore.ledger.contract import Entry, Ledger
from provstore.ledger.submitting import PROVSTORE_AGENT
from provstore.model.document import Document, Header
from provstore.model.statement import Attribute, reference, sid
from provstore.model.terms import DOCUMENT, PROV

if TYPE_CHECKING:
    from provstore.questions.result import Table
    from provstore.validation import Added, Finding

_FINDING: Final = "urn:provstore:finding:"
_VALIDATION: Final = "urn:provstore:validation:"
_COLUMNS: Final = (
    "sequence", "time", "space", "document", "live", "decided", "finding", "constraint", "name", "message",
)  # fmt: skip


def findings_document(document: str, space: str, added: Added, at: str) -> Document:
    """What validation found when a document was taken in.

    Args: document: its IRI. added: findings, or that it was not decided. at: UTC text.
    """
    said = Statements()
    validation = said.activity(
        unit_of(document), [typed(ps("Validation")), boolean(ps("decided"), added.decided)], start=at, end=at
    )
    agent = said.agent(PROVSTORE_AGENT, [typed(f"{PROV}SoftwareAgent"), label("provstore")])
    said.entity(document)
    said.relate("wasAssociatedWith", validation, agent)
    said.relate("used", validation, document)
    for one in added.findings:
        finding = said.entity(_iri(document, one), [typed(ps("Finding")), *_attributes(one)])
        said.relate("wasGeneratedBy", finding, validation, time=at)
        said.relate("wasDerivedFrom", finding, document, validation)
    header = Header(unit=unit_of(document), mode="event", event_time=at, space=space, derived=True)
    return Document(header, said.assertions())


def unit_of(document: str) -> str:
    """The unit of what was found about a document, which is the IRI of its validation."""
    return _VALIDATION + document.removeprefix(DOCUMENT)


def kept_findings(ledger: Ledger, *, spaces: Collection[str] | None = None) -> Table:
    """Every finding that is kept, and every validation that was not decided, by sequence."""
    from provstore.questions.result import Table

    live = ledger.live()
    known = {unit_of(entry.document): entry for entry in live}
    rows = []
    for entry in sorted(live, key=lambda one: one.sequence):
        header = entry.header
        is_found = header and header.derived and header.unit.startswith(_VALIDATION)
        if header and is_found and (spaces is None or header.space in spaces):
            rows += _rows(ledger, entry, header, is_live=header.unit in known)
    return Table(question="findings", parameters={}, columns=_COLUMNS, rows=tuple(rows))


def _rows(ledger: Ledger, entry: Entry, header: Header, *, is_live: bool) -> list[tuple[object, ...]]:
    said = [one.statement for one in ledger.document(entry.document).assertions]
    decided = any(one.identifier == header.unit and one.argument(ps("decided")) == "true" for one in said)
    document = DOCUMENT + header.unit.removeprefix(_VALIDATION)
    first = (entry.sequence, entry.time, header.space, document, is_live, decided)
    found = [one for one in said if (one.identifier or "").startswith(_FINDING)]
    told = [(one.identifier, *map(one.argument, (ps("constraint"), ps("rule"), ps("message")))) for one in found]
    return [(*first, *one) for one in told or [(None, None, None, None)]]


def _attributes(finding: Finding) -> Iterator[Attribute]:
    yield label(f"constraint {finding.constraint} ({finding.name})")
    yield number(ps("constraint"), finding.constraint)
    yield text(ps("rule"), finding.name)
    yield text(ps("message"), finding.message)
    if finding.bundle is not None:
        yield reference(ps("bundle"), finding.bundle)
    yield from (text(ps("sid"), sid(stated)) for stated in finding.statements)
    yield from (text(ps("removal"), sid(stated)) for stated in finding.removal)


def _iri(document: str, finding: Finding) -> str:
    """The same finding about the same document has the same IRI."""
    parts = [document, str(finding.constraint), finding.bundle or "", *sorted(map(sid, finding.statements))]
    return _FINDING + sha256("\n".join(parts).encode()).hexdigest()
