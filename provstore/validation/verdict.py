"""What validation answers: a verdict, with findings that make a document invalid, and lints that do not.

Source: docs/reference/json.md, "Verdict"; rules 1 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from provstore.errors import BadInput
from provstore.formats.prov_n.text import Shortener, provn_text
from provstore.model.statement import Statement, sid


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an ordering: `before` happens before `after` (two events, in words), strictly or not, because
    `constraint` asks it of `statements`.
    """

    before: str
    after: str
    strict: bool
    constraint: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation.

    Args: constraint, name: by the Recommendation. bundle: full IRI, None for the document's own statements. subject:
    what it is about. statements: those that together make the violation. steps: for ordering, the cycle of events.
    removal: a set of statements without which the violation is gone. removal_is_smallest: that no smaller set does it
    was checked; else it was found greedily.
    """

    constraint: int
    name: str
    bundle: str | None
    subject: str
    message: str
    statements: tuple[Statement, ...]
    steps: tuple[Step, ...] = ()
    removal: tuple[Statement, ...] = ()
    removal_is_smallest: bool = False

    def as_json(self, prefixes: Shortener) -> dict[str, Any]:
        """The finding as JSON, statements as PROV-N text with their sid."""
        return {
            "constraint": self.constraint,
            "name": self.name,
            "bundle": self.bundle,
            "subject": self.subject,
            "message": self.message,
            "statements": [provn_text(stated, prefixes) for stated in self.statements],
            "sids": [sid(stated) for stated in self.statements],
            "steps": [
                {
                    "before": step.before,
                    "after": step.after,
                    "strict": step.strict,
                    "constraint": step.constraint,
                    "statements": [provn_text(stated, prefixes) for stated in step.statements],
                }
                for step in self.steps
            ],
            "removal": [provn_text(stated, prefixes) for stated in self.removal],
            "removal_is_smallest": self.removal_is_smallest,
        }


@dataclass(frozen=True, slots=True)
class Lint:
    """Something that is valid PROV, and that people want to know. `kind` is a word such as `clock-disorder`."""

    kind: str
    bundle: str | None
    message: str
    statements: tuple[Statement, ...]

    def as_json(self, prefixes: Shortener) -> dict[str, Any]:
        """The lint as JSON, statements as PROV-N text."""
        return {
            "kind": self.kind,
            "bundle": self.bundle,
            "message": self.message,
            "statements": [provn_text(stated, prefixes) for stated in self.statements],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a document is valid, and why not."""

    valid: bool
    findings: tuple[Finding, ...]
    lints: tuple[Lint, ...] = ()

    def as_json(self, prefixes: Shortener) -> dict[str, Any]:
        """The verdict as JSON, without the file's name."""
        return {
            "valid": self.valid,
            "findings": [finding.as_json(prefixes) for finding in self.findings],
            "lints": [lint.as_json(prefixes) for lint in self.lints],
        }


class InvalidDocument(BadInput):
    """A normal form or an equivalence was asked of a document that is not valid; `verdict` says why."""

    def __init__(self, verdict: Verdict, *, where: str | None = None):
        first = verdict.findings[0]
        super().__init__(
            f"the document is not valid, so it has no normal form: {first.message}",
            where=where,
            next_step="`provstore validate` lists all findings.",
        )
        self.verdict = verdict
