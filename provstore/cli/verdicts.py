"""Verdicts of validation for people: a verdict comes in, lines go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provstore.formats.prov_n.text import Shortener
    from provstore.model.statement import Statement
    from provstore.store.validating_stored import StoredVerdict
    from provstore.validation import Finding, Lint, Verdict

# Lints of one kind, and documents of one statement, that people see; --json has more.
_SHOWN = 5
Asserting = Callable[["Finding", "Statement"], Iterable[str]]


def verdict_lines(name: str, verdict: Verdict, prefixes: Shortener) -> Iterator[str]:
    """The verdict on what has that name."""
    yield f"{name}: {_judgement(verdict)}"
    for finding in verdict.findings:
        yield from _finding(finding, prefixes, lambda finding, stated: ())
    yield from _lints(verdict.lints)


def stored_lines(one: StoredVerdict) -> Iterator[str]:
    """The verdict on what is stored in a space, with who says so."""
    documents, statements = one.documents, one.statements
    yield (
        f"{one.space}: {_judgement(one.verdict)}, {documents:,} document{'' if documents == 1 else 's'},"
        f" {statements:,} statement{'' if statements == 1 else 's'}"
    )
    for finding in one.verdict.findings:
        yield from _finding(finding, one.prefixes, lambda finding, stated: _asserting(one, finding, stated))
        yield "    to take that back:"
        yield from (f"      provstore retract {document} --reason TEXT" for document in one.to_retract(finding))
    yield from _lints(one.verdict.lints)
    for conflict in one.conflicts[:_SHOWN]:
        yield f"  lint, {conflict.lint.kind}: {conflict.lint.message}"
        for said in one.values(conflict):
            yield f'    "{said["value"]}": {_who(said)}'
    if len(one.conflicts) > _SHOWN:
        yield f"  lint, {one.conflicts[0].lint.kind}: {len(one.conflicts) - _SHOWN} more (--json has all)"


def _judgement(verdict: Verdict) -> str:
    count = len(verdict.findings)
    return "valid" if verdict.valid else f"not valid ({count} finding{'s' if count > 1 else ''})"


def _finding(finding: Finding, prefixes: Shortener, asserting: Asserting) -> Iterator[str]:
    from provstore.formats.prov_n.text import provn_text

    within = f" in bundle {prefixes.shorten(finding.bundle)}" if finding.bundle else ""
    yield f"  constraint {finding.constraint} ({finding.name}){within}: {finding.message}"
    yield "    by these statements:"
    for stated in finding.statements:
        yield f"      {provn_text(stated, prefixes)}"
        yield from (f"        {line}" for line in asserting(finding, stated))
    best = "a smallest set that would have to go" if finding.removal_is_smallest else "one way out is to take away"
    yield f"    {best}:"
    for stated in finding.removal:
        yield f"      {provn_text(stated, prefixes)}"


def _lints(lints: Iterable[Lint]) -> Iterator[str]:
    told: dict[str, int] = {}
    for lint in lints:
        told[lint.kind] = told.get(lint.kind, 0) + 1
        if told[lint.kind] <= _SHOWN:
            yield f"  lint, {lint.kind}: {lint.message}"
    yield from (f"  lint, {kind}: {n - _SHOWN} more (--json has all)" for kind, n in told.items() if n > _SHOWN)


def _asserting(one: StoredVerdict, finding: Finding, stated: Statement) -> Iterator[str]:
    found = one.asserting(finding.bundle, [stated])
    yield from (f"said by {_who(said)}" for said in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"and by {len(found) - _SHOWN} more (--json has them)"


def _who(said: dict[str, Any]) -> str:
    return f"{said['actor']}, {said['time']}, {said['source']}, {said['document']}"
