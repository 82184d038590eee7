"""Validating what a store holds: live documents come in, a verdict for each space goes out, with who asserts what.

Source: rules 5, 6, 10 and 16; PROV-CONSTRAINTS section 7.2 (each bundle for itself).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from provstore.errors import NotFound
from provstore.ledger.contract import Entry
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.reading import Span
from provstore.model.document import Assertion
from provstore.model.fold import Claim, Kept, Origin, fold, functional_key
from provstore.model.statement import Statement, sid
from provstore.model.terms import BY_IRI
from provstore.questions.told import described
from provstore.store.validating import ReadablePrefixes
from provstore.validation import Finding, Lint, Progress, Verdict, silent, validate_bundles
from provstore.validation.lints import several_values
from provstore.validation.progress import Steps
from provstore.validation.words import Words

# Documents that are listed with a finding or a lint; the others are counted.
_LISTED: Final = 20
_CONFLICT: Final = "conflicting-attribute"
# By bundle, None for what documents say outside of all, each statement and the numbers of the documents that assert it.
Bundles = dict[str | None, dict[Statement, Sequence[int]]]


class Conflict(NamedTuple):
    """An attribute of which an element has several values (rule 10): the lint, and each value with who says it."""

    lint: Lint
    values: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """The verdict on what is stored in one space.

    `documents`, `statements`: how many were looked at, each statement of a bundle once. `asserted`: by assertion that
    the verdict tells of, the numbers of the documents that assert it, oldest first. `entries`: those, by number.
    """

    space: str
    verdict: Verdict
    conflicts: tuple[Conflict, ...]
    prefixes: ReadablePrefixes
    documents: int
    statements: int
    asserted: Mapping[Assertion, Sequence[int]]
    entries: Mapping[int, Entry]

    def to_retract(self, finding: Finding) -> list[str]:
        """The documents that would have to be retracted, so that the finding's removal is asserted no more."""
        numbers = self._asserting(finding.bundle, finding.removal)
        return [self.entries[number].document for number in numbers]

    def asserting(self, bundle: str | None, statements: Iterable[Statement]) -> list[dict[str, Any]]:
        """Who asserts any of the statements, when, and which of them (`sids`), in the ledger's order."""
        said = list(statements)
        return [
            {
                **described(self.entries[number], bundle),
                "sids": [sid(one) for one in said if number in self.asserted[Assertion(bundle, one)]],
            }
            for number in self._asserting(bundle, said)
        ]

    def values(self, conflict: Conflict) -> list[dict[str, Any]]:
        """Who said which value of an attribute in conflict, and when."""
        return [
            {"value": kept.value.lexical, **described(self.entries[kept.claim.origin.sequence], kept.claim.bundle)}
            for kept in conflict.values
        ]

    def as_json(self, store: str) -> dict[str, Any]:
        """The shape of docs/reference/json.md; `store` is its location."""
        verdict = self.verdict
        lints = [
            *({**one.as_json(self.prefixes), **self._listed(one)} for one in verdict.lints),
            *({**one.lint.as_json(self.prefixes), "values": self.values(one)} for one in self.conflicts),
        ]
        return {
            "file": None,
            "store": store,
            "space": self.space,
            "documents": self.documents,
            "statements": self.statements,
            "valid": verdict.valid,
            "findings": [
                {**one.as_json(self.prefixes), **self._listed(one), "retract": self.to_retract(one)}
                for one in verdict.findings
            ],
            "lints": lints,
        }

    def _listed(self, one: Finding | Lint) -> dict[str, Any]:
        found = self.asserting(one.bundle, one.statements)
        return {"documents": found[:_LISTED], "documents_not_listed": max(len(found) - _LISTED, 0)}

    def _asserting(self, bundle: str | None, statements: Iterable[Statement]) -> list[int]:
        return sorted({number for one in statements for number in self.asserted[Assertion(bundle, one)]})


def validate_stored(
    ledger: DatabaseLedger,
    *,
    spaces: Collection[str] | None = None,
    documents: Collection[str] = (),
    progress: Progress = silent,
) -> Iterator[StoredVerdict]:
    """The verdict on all live statements of each space, without what provstore itself stated (rule 16).

    Args: spaces: only these; None: all that have a live document. documents: only what these assert together, live or
    not, by their IRIs. progress: told how far reading and validating are.
    Raises: NotFound: no such document, or it is erased.
    """
    prefixes = ReadablePrefixes(dict(ledger.head().prefixes))
    for space, spans in _in_scope(ledger, spaces, documents).items():
        yield _judged(ledger, space, spans, prefixes, progress)


def _judged(
    ledger: DatabaseLedger, space: str, spans: Sequence[Span], prefixes: ReadablePrefixes, progress: Progress
) -> StoredVerdict:
    bundles = _bundles(ledger, spans, progress)
    verdict = validate_bundles(bundles, prefixes=prefixes, progress=progress)
    odd = [one for one in verdict.lints if one.kind == _CONFLICT]
    suspects = dict.fromkeys((one.bundle, one.statements[0].identifier) for one in odd)
    others = tuple(one for one in verdict.lints if one.kind != _CONFLICT)
    conflicts = tuple(_conflicts(ledger, bundles, suspects, Words(prefixes)))
    told = dict.fromkeys(_told((*verdict.findings, *others, *(one.lint for one in conflicts))))
    asserted = {one: bundles[one.bundle][one.statement] for one in told}
    return StoredVerdict(
        space,
        Verdict(verdict.valid, verdict.findings, others),
        conflicts,
        prefixes,
        len(spans),
        sum(map(len, bundles.values())),
        asserted,
        ledger.numbered({number for numbers in asserted.values() for number in numbers}),
    )


def _told(told: Iterable[Finding | Lint]) -> Iterator[Assertion]:
    """What findings and lints are about, and what would have to go."""
    for one in told:
        removal = one.removal if isinstance(one, Finding) else ()
        yield from (Assertion(one.bundle, stated) for stated in (*one.statements, *removal))


def _in_scope(
    ledger: DatabaseLedger, spaces: Collection[str] | None, documents: Collection[str]
) -> dict[str, list[Span]]:
    """The documents to look at, by space, in the ledger's order."""
    spans = _given(ledger, documents) if documents else [one for one in ledger.live_spans() if not one.derived]
    found: dict[str, list[Span]] = {space: [] for space in sorted(spaces or ())}
    for span in spans:
        if spaces is None or span.space in spaces:
            found.setdefault(span.space, []).append(span)
    return found


def _given(ledger: DatabaseLedger, documents: Collection[str]) -> list[Span]:
    entries = [ledger.document(one).entry for one in dict.fromkeys(documents)]
    spans = []
    for entry in sorted(entries, key=lambda one: one.sequence):
        if entry.header is None:
            raise NotFound("the document is erased", where=entry.document, next_step="See `provstore documents`.")
        first = entry.first_leaf + 1
        spans.append(Span(entry.sequence, entry.header.space, entry.header.derived, first, first + entry.statements))
    return spans


def _bundles(ledger: DatabaseLedger, spans: Sequence[Span], progress: Progress) -> Bundles:
    """Every statement of each bundle once, with the numbers of the documents that assert it."""
    found: Bundles = {}
    alone: Sequence[int] = [0]
    reading = Steps(progress, sum(span.end - span.first for span in spans))
    for document, (bundle, stated) in reading.counted("reading statements", ledger.asserted(spans)):
        if alone[0] != document:
            alone = (document,)
        said = found.setdefault(bundle, {})
        numbers = said.setdefault(stated, alone)
        if numbers[-1] != document:
            # Most statements are of one document; what all have, such as an agent, is of very many.
            if not isinstance(numbers, list):
                numbers = said[stated] = [*numbers]
            numbers.append(document)
    return found


def _origin(entry: Entry) -> Origin:
    header = entry.header
    assert header is not None
    return Origin(
        header.space, header.unit, header.event_time, entry.content_digest or "", entry.document, entry.sequence
    )


def _conflicts(
    ledger: DatabaseLedger, bundles: Bundles, suspects: Collection[tuple[str | None, str | None]], words: Words
) -> Iterator[Conflict]:
    """Of elements with several values of what has one, those that still have them after the fold (rule 10)."""
    for (bundle, identifier), said in _claims(ledger, bundles, suspects).items():
        folded = fold(said)
        for name in sorted(folded.conflicts):
            groups: dict[tuple[str, str] | None, list[Kept]] = {}
            for kept in folded.attributes[name]:
                groups.setdefault(functional_key(name, kept.value), []).append(kept)
            for several in groups.values():
                if len(several) > 1:
                    text = several_values(words, identifier or "", name, [kept.value for kept in several])
                    statements = tuple(dict.fromkeys(kept.claim.statement for kept in several))
                    yield Conflict(Lint(_CONFLICT, bundle, text, statements), tuple(several))


def _claims(
    ledger: DatabaseLedger, bundles: Bundles, suspects: Collection[tuple[str | None, str | None]]
) -> dict[tuple[str | None, str | None], list[Claim]]:
    """What is said about some elements: (bundle, identifier)."""
    found: dict[tuple[str | None, str | None], dict[Statement, Sequence[int]]] = {one: {} for one in suspects}
    for bundle, said in bundles.items() if suspects else ():
        for stated, numbers in said.items():
            own = found.get((bundle, stated.identifier)) if BY_IRI[stated.kind].is_element else None
            if own is not None:
                own[stated] = numbers
    entries = ledger.numbered({number for said in found.values() for numbers in said.values() for number in numbers})
    origins = {number: _origin(entry) for number, entry in entries.items()}
    return {
        (bundle, iri): [Claim(origins[number], bundle, 0, one) for one, numbers in said.items() for number in numbers]
        for (bundle, iri), said in found.items()
    }
