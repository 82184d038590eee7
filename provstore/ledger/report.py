"""What a check found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class Finding(NamedTuple):
    """Something that is not as it should be: where, and what."""

    where: str
    what: str


@dataclass(slots=True)
class Report:
    """What a check found; `checked` counts what was looked at."""

    findings: list[Finding] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    def add(self, where: str, what: str) -> None:
        """Notes a finding."""
        self.findings.append(Finding(where, what))
