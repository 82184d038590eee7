"""Validating what a store holds: live documents come in, a verdict for each space goes out, with who asserts what.

Source: rules 5, 6, 10 and 16; PROV-CONSTRAINTS section 7.2 (each bundle for itself).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from provstore.errors import NotFound
from provstore.ledger.contract import Entry, Ledger
from provstore.model.document import Assertion
from provstore.model.fold import Claim, Kept, Origin, fold, functional_key
from provstore.model.statement import Statement, sid
from provstore.model.terms import BY_IRI
from provstore.questions.told import described
from provstore.store.validating import ReadablePrefixes
from provstore.validation import Finding, Lint, Verdict, validate
from provstore.validation.lints import several_values
from provstore.validation.words import Words

# Documents that are listed with a finding or a lint; the others are counted.
_LISTED: Final = 20
_CONFLICT: Final = "conflicting-attribute"


class Conflict(NamedTuple):
    """An attribute of which an element has several values (rule 10): the lint, and each value with who says it."""

    lint: Lint
    values: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """The verdict on what is stored in one space.

    `asserted`: by assertion, the numbers of the documents that assert it, oldest first. `entries`: by number.
    """

    space: str
    verdict: Verdict
    conflicts: tuple[Conflict, ...]
    prefixes: ReadablePrefixes
    asserted: Mapping[Assertion, Sequence[int]]
    entries: Mapping[int, Entry]

    def to_retract(self, finding: Finding) -> list[str]:
        """The documents that would have to be retracted, so that the finding's removal is asserted no more."""
        numbers = self._asserting(finding.bundle, finding.removal)
        return [self.entries[number].document for number in numbers]

    def documents(self, bundle: str | None, statements: Iterable[Statement]) -> list[dict[str, Any]]:
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
            "documents": len(self.entries),
            "statements": len(self.asserted),
            "valid": verdict.valid,
            "findings": [
                {**one.as_json(self.prefixes), **self._listed(one), "retract": self.to_retract(one)}
                for one in verdict.findings
            ],
            "lints": lints,
        }

    def _listed(self, one: Finding | Lint) -> dict[str, Any]:
        found = self.documents(one.bundle, one.statements)
        return {"documents": found[:_LISTED], "documents_not_listed": max(len(found) - _LISTED, 0)}

    def _asserting(self, bundle: str | None, statements: Iterable[Statement]) -> list[int]:
        return sorted({number for one in statements for number in self.asserted[Assertion(bundle, one)]})


def validate_stored(
    ledger: Ledger, *, spaces: Collection[str] | None = None, documents: Collection[str] = ()
) -> Iterator[StoredVerdict]:
    """The verdict on all live statements of each space, without what provstore itself stated (rule 16).

    Args: spaces: only these; None: all that have a live document. documents: only what these assert together, live or
    not, by their IRIs.
    Raises: NotFound: no such document, or it is erased.
    """
    prefixes = ReadablePrefixes(dict(ledger.head().prefixes))
    for space, entries in _in_scope(ledger, spaces, documents).items():
        asserted = _asserted(ledger, entries)
        verdict = validate(asserted, prefixes=prefixes)
        origins = {entry.sequence: _origin(entry) for entry in entries}
        suspects = {(one.bundle, one.statements[0].identifier) for one in verdict.lints if one.kind == _CONFLICT}
        others = tuple(one for one in verdict.lints if one.kind != _CONFLICT)
        yield StoredVerdict(
            space,
            Verdict(verdict.valid, verdict.findings, others),
            tuple(_conflicts(asserted, origins, suspects, Words(prefixes))),
            prefixes,
            asserted,
            {entry.sequence: entry for entry in entries},
        )


def _in_scope(ledger: Ledger, spaces: Collection[str] | None, documents: Collection[str]) -> dict[str, list[Entry]]:
    """The entries of the documents to look at, by space, in the ledger's order."""
    given = [ledger.document(one).entry for one in dict.fromkeys(documents)]
    for entry in given:
        if entry.header is None:
            raise NotFound("the document is erased", where=entry.document, next_step="See `provstore documents`.")
    found: dict[str, list[Entry]] = {space: [] for space in sorted(spaces or ())}
    for entry in sorted(given or ledger.live(), key=lambda one: one.sequence):
        header = entry.header
        if header and (spaces is None or header.space in spaces) and (documents or not header.derived):
            found.setdefault(header.space, []).append(entry)
    return found


def _asserted(ledger: Ledger, entries: Iterable[Entry]) -> dict[Assertion, Sequence[int]]:
    """Every assertion once, with the documents that assert it."""
    found: dict[Assertion, Sequence[int]] = {}
    for entry in entries:
        alone = (entry.sequence,)
        for assertion in ledger.document(entry.document).assertions:
            before = found.setdefault(assertion, alone)
            if before is not alone:
                if isinstance(before, list):
                    before.append(entry.sequence)
                else:
                    found[assertion] = [*before, entry.sequence]
    return found


def _origin(entry: Entry) -> Origin:
    header = entry.header
    assert header is not None
    return Origin(
        header.space, header.unit, header.event_time, entry.content_digest or "", entry.document, entry.sequence
    )


def _conflicts(
    asserted: Mapping[Assertion, Sequence[int]],
    origins: Mapping[int, Origin],
    suspects: Collection[tuple[str | None, str | None]],
    words: Words,
) -> Iterator[Conflict]:
    """Of elements with several values of what has one, those that still have them after the fold (rule 10)."""
    claims: dict[tuple[str | None, str | None], list[Claim]] = {one: [] for one in suspects}
    for assertion, numbers in asserted.items() if suspects else ():
        bundle, stated = assertion
        own = claims.get((bundle, stated.identifier)) if BY_IRI[stated.kind].is_element else None
        if own is not None:
            own += [Claim(origins[number], bundle, 0, stated) for number in numbers]
    for (bundle, identifier), said in claims.items():
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
