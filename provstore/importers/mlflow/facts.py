"""Attributes from MLflow's fields: redacted texts, times, statuses, digests.

In: a field's name and value. Out: PROV attributes; a field without a value gives none.
Source: docs/reference/identifiers.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from provstore.importers.contract import Findings
from provstore.importers.redaction import redact
from provstore.importers.statements import number, ps, text, time
from provstore.model.statement import Attribute
from provstore.model.times import from_unix_ms

_STATUSES: Final = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "killed", "RUNNING": "running"}
_HEX_DIGITS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_HEX: Final = re.compile(r"[0-9a-f]+")

# The same few names are asked for in every run.
term = lru_cache(maxsize=16_384)(ps)


class Facts:
    """Makes attributes and counts what was redacted or could not be read."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def clean(self, name: str, value: str) -> str:
        """`value` without secrets; `name` is what the source calls it."""
        clean, redacted = redact(name, value)
        self._findings.redacted += redacted
        return clean

    def texts(self, **values: str | None) -> list[Attribute]:
        """One `ps:` attribute for each value that is there."""
        return [text(term(name), self.clean(name, value)) for name, value in values.items() if value]

    def family(self, prefix: str, values: Mapping[str, str]) -> list[Attribute]:
        """`ps:<prefix>.<name>` for each of the values, empty ones included: `param`, `tag`."""
        return [text(term(f"{prefix}.{name}"), self.clean(name, value)) for name, value in values.items()]

    def times(self, **values: int | None) -> list[Attribute]:
        """One `ps:` time for each value in milliseconds since 1970 that is there."""
        moments = ((name, self.moment(name, value)) for name, value in values.items())
        return [time(term(name), moment) for name, moment in moments if moment]

    def moment(self, name: str, milliseconds: int | None) -> str | None:
        """UTC text, or None when the source does not say, or says what is no time."""
        if milliseconds is None:
            return None
        try:
            return from_unix_ms(milliseconds)
        except OverflowError:
            self._findings.skip(f"{name} that is no time", milliseconds)
            return None


def status(native: str) -> list[Attribute]:
    """The status in provstore's words, and as MLflow says it."""
    return [text(term("status"), _STATUSES.get(native, "unknown")), text(term("source_status"), native)]


def digest(algorithm: str, value: str) -> Attribute:
    """`ps:digest`, `<algorithm>:<value>`."""
    return text(term("digest"), f"{algorithm}:{value}")


def digests(tags: Mapping[str, str]) -> list[Attribute]:
    """The digests of bytes that tags name: a tag called like its algorithm, with as many hexadecimal digits."""
    found = ((name.lower().replace("-", ""), value.lower()) for name, value in tags.items())
    return [
        digest(name, value)
        for name, value in found
        if len(value) == _HEX_DIGITS.get(name, -1) and _HEX.fullmatch(value)
    ]


def summary(values: Sequence[float]) -> list[Attribute]:
    """Count, least, greatest and last value of a series; NaN is neither least nor greatest."""
    # A sum without NaN proves that there is none; most series have none.
    numbers = values if not math.isnan(sum(values)) else [value for value in values if not math.isnan(value)]
    found = [number(term("count"), len(values)), number(term("last"), values[-1])]
    if numbers:
        found += [number(term("min"), min(numbers)), number(term("max"), max(numbers))]
    return found
