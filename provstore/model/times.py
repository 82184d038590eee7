"""Times: any xsd:dateTime becomes an instant in UTC that sorts as text.

Source: XML Schema Part 2, section 3.2.7; rule 32.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

_DATE_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_TEXT_LENGTH: Final = 27
_SECONDS_LENGTH: Final = 20
_SHORT: Final = 100


class Instant(NamedTuple):
    """An instant: UTC text with microseconds (it sorts), and whether its zone was assumed."""

    utc: str
    zone_assumed: bool


def instant(lexical: str) -> Instant | None:
    """The instant that `lexical` names, or None when it can't be read as a time (rule 32: it stays text).

    A time without a zone is taken as UTC and marked, a date alone as its midnight. Fractions finer than a
    microsecond are cut.
    """
    return _short_instant(lexical) if len(lexical) <= _SHORT else _instant(lexical)


def _instant(lexical: str) -> Instant | None:
    # Of hour 24 Python 3.14 makes the next day, which the text as it stands does not name.
    stands = lexical[11:13] != "24"
    if stands and len(lexical) == _TEXT_LENGTH and lexical[4:20:3] == "--T::." and lexical[26] == "Z":
        # As `text` writes it: in UTC as it stands.
        with suppress(ValueError):
            datetime.fromisoformat(lexical[:26])
            return Instant(lexical, False)
    if stands and len(lexical) == _SECONDS_LENGTH and lexical[4:17:3] == "--T::" and lexical[19] == "Z":
        # The commonest form, `2026-11-21T10:00:00Z`.
        with suppress(ValueError):
            datetime.fromisoformat(lexical[:19])
            return Instant(f"{lexical[:19]}.000000Z", False)
    match = _DATE_TIME.fullmatch(lexical.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in match.groups()[:6])
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    # 24:00:00 is the first instant of the next day.
    extra = timedelta(days=1) if hour == 24 and minute == second == micro == 0 else timedelta()
    try:
        naive = datetime(year, month, day, 0 if extra else hour, minute, second, micro)
        moment = (naive.replace(tzinfo=_zone(match[8])) + extra).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Instant(text(moment), match[8] is None)


# Short ones alone are remembered: a text that is no time may be as long as it likes.
_short_instant = lru_cache(maxsize=65_536)(_instant)


def text(moment: datetime) -> str:
    """An aware `moment` as UTC text with microseconds, such as `2026-11-21T10:00:00.000000Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_unix_ms(milliseconds: int) -> str:
    """Milliseconds since 1970 as UTC text."""
    return text(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds))


def now() -> str:
    """The clock's time as UTC text."""
    return text(datetime.now(UTC))


def _zone(written: str | None) -> timezone:
    if written is None or written in "Zz":
        return UTC
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if written[0] == "+" else -offset)
