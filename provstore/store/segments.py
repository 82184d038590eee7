"""Segments that are kept under a name: a segment comes in, a derived document with its criteria goes out, and back.

What is kept is how the segment was made and as of which entry; the ledger still has what it was made from. The terms
are in docs/reference/segments.md. Source: rule 16.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, unquote

from provstore.errors import NotFound, UsageError
from provstore.importers.statements import Statements, label, number, ps, text, typed
from provstore.ledger.contract import Entry, Ledger
from provstore.ledger.submitting import PROVSTORE_AGENT
from provstore.model.document import Document, Header
from provstore.model.terms import PROV

if TYPE_CHECKING:
    from provstore.questions.segment import Segment
    from provstore.store.asking import Asking, AsOf, Spaces

_SEGMENT: Final = "urn:provstore:segment:"


class Saved(NamedTuple):
    """A segment as it is kept: its criteria, the entry that it is as of, its members' digest, and the document."""

    criteria: Mapping[str, Any]
    as_of: int
    members_sha256: str
    document: str


def segment_iri(space: str, name: str) -> str:
    """The IRI of the segment of that name in a space, which is its unit as well. Raises: UsageError: an empty name."""
    if not name.strip():
        raise UsageError("expected a name, found none", where="--save")
    return f"{_SEGMENT}{quote(space, safe='')}:{quote(name, safe='')}"


def segment_document(name: str, answer: Segment, *, space: str, as_of: int, who: str, at: str) -> Document:
    """What is kept of a segment.

    Args: as_of: the entry that it is as of. who: saves it. at: UTC text.
    """
    from provstore.questions.segmenting.remaking import members_digest

    said = Statements()
    attributes = [
        typed(ps("Segment")),
        label(name),
        text(ps("criteria"), json.dumps(answer.criteria, ensure_ascii=False, sort_keys=True)),
        number(ps("as_of"), as_of),
        number(ps("members"), len(answer.why)),
        text(ps("members_sha256"), members_digest(answer)),
        text(ps("saved_by"), who),
    ]
    iri = said.entity(segment_iri(space, name), attributes)
    agent = said.agent(PROVSTORE_AGENT, [typed(f"{PROV}SoftwareAgent"), label("provstore")])
    said.relate("wasAttributedTo", iri, agent)
    return Document(Header(unit=iri, mode="event", event_time=at, space=space, derived=True), said.assertions())


def saved(ledger: Ledger, space: str, name: str) -> Saved:
    """The segment that is kept under a name. Raises: NotFound: none is; the names that there are, are listed."""
    iri = segment_iri(space, name)
    for entry in ledger.live(iri, space):
        said = (one.statement for one in ledger.document(entry.document).assertions)
        stated = next(one for one in said if one.identifier == iri)
        criteria, as_of, digest = (stated.argument(ps(one)) or "" for one in ("criteria", "as_of", "members_sha256"))
        return Saved(json.loads(criteria), int(as_of), digest, entry.document)
    names = ", ".join(_names(ledger, space)) or "none"
    raise NotFound("no segment is saved under this name", where=name, next_step=f"Saved in space {space}: {names}.")


def made_again(asking: Asking, kept: Saved, *, as_of: AsOf = None, spaces: Spaces = None) -> Segment:
    """The segment that is kept, made again.

    Args: as_of: None: as it was saved; `now`: its criteria asked of the present; else as of that entry or time.
    Raises: as `segment`.
    """
    from provstore.questions.segmenting.remaking import remade

    if as_of is not None:
        sequence = asking.sequence(None if as_of == "now" else as_of)
        return remade(asking.reader(sequence, spaces), asking.prefixes, kept.criteria, sequence)
    unchanged = last_recorded(asking.ledger) <= kept.as_of  # then the graph, which is faster, answers the same
    reader = asking.reader(None if unchanged else kept.as_of, spaces)
    return told_of_change(remade(reader, asking.prefixes, kept.criteria, kept.as_of), kept)


def told_of_change(answer: Segment, kept: Saved) -> Segment:
    """The segment that was made again, with a note when it is not what was saved."""
    from provstore.questions.segmenting.remaking import members_digest

    if members_digest(answer) == kept.members_sha256:
        return answer
    note = "this is not what was saved: something that it was made from was erased since, or is hidden"
    return replace(answer, notes=(*answer.notes, note))


def last_recorded(ledger: Ledger) -> int:
    """The sequence of the last entry that records something else than what provstore itself stated; 0: there is none.

    Segments that are saved one after the other are as of the same entry. An entry that is hidden is something else.
    """
    sequence = ledger.head().sequence
    while sequence and _is_own(ledger, next(ledger.entries(sequence - 1), None)):
        sequence -= 1
    return sequence


def _is_own(ledger: Ledger, entry: Entry | None) -> bool:
    if entry is None:
        return False
    header = entry.header or ledger.document(entry.document).entry.header
    return header is not None and header.derived


def _names(ledger: Ledger, space: str) -> list[str]:
    live = (entry.header for entry in ledger.live(space=space))
    units = (header.unit for header in live if header and header.derived and header.unit.startswith(_SEGMENT))
    return sorted(_name(unit) for unit in units)


def _name(unit: str) -> str:
    return unquote(unit.rpartition(":")[2])
