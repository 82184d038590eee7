"""Weights: a header that lists what a client takes comes in, what it named with how much it wants it goes out."""

from __future__ import annotations

import re
from typing import Final

_WEIGHT: Final = re.compile(r"0(\.\d*)?|1(\.0*)?")


def weighted(header: str) -> list[tuple[str, float]]:
    """(name in lower case, weight from 0 to 1) of each part, in order; a part whose weight is none is left out.

    Source: RFC 9110, sections 5.6.1 (a list may have empty parts) and 12.4.2 (a weight that is not told is 1).
    """
    found = []
    for part in header.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        told = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        if name and _WEIGHT.fullmatch(told):
            found.append((name, float(told)))
    return found
