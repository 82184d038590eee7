"""How wide text is without asking a font, and where to break it: labels of pictures have to fit their boxes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Widths in em of a wide sans-serif font, rounded up, so that other fonts fit as well.
_NARROW: Final = frozenset("ijlIt.,:;|!'`()[]{}f/\\ -")
_BROAD: Final = frozenset("mwMW@%—…")
_BREAKS = re.compile(r"(?<=[\s/_:.=@,+-])|(?<=[a-z])(?=[A-Z])")


def em(character: str) -> float:
    """The width of one character in em."""
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.95
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.70 if character.isupper() else 0.60


def width(text: str, size_px: float) -> float:
    """The width of `text` in px at that size."""
    return sum(map(em, text)) * size_px


def wrap(text: str, room_px: float, size_px: float, max_lines: int) -> list[str]:
    """`text` in at most `max_lines` lines that fit `room_px`, broken where names have joints; `…` ends what was cut."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        taken = _fitting(rest, room_px, size_px)
        if len(lines) == max_lines - 1 and taken < len(rest):
            room = room_px - width("…", size_px)
            return [*lines, rest[: _characters(rest, room, size_px)].rstrip() + "…"]
        lines.append(rest[:taken].rstrip())
        rest = rest[taken:].lstrip()
    return lines or [""]


def squeeze(text: str, characters: int) -> str:
    """`text` in at most so many characters; what does not fit is cut from its middle, for names differ at their end."""
    if len(text) <= characters:
        return text
    head = (characters - 1) * 2 // 5
    return f"{text[:head]}…{text[len(text) - (characters - 1 - head) :]}"


def _fitting(text: str, room_px: float, size_px: float) -> int:
    """How many characters go on the line: up to the last joint that fits, else as many as fit."""
    limit = _characters(text, room_px, size_px)
    if limit >= len(text):
        return len(text)
    joints = [match.start() for match in _BREAKS.finditer(text[: limit + 1]) if 0 < match.start() <= limit]
    return joints[-1] if joints and joints[-1] > limit // 3 else limit


def _characters(text: str, room_px: float, size_px: float) -> int:
    used = 0.0
    for number, character in enumerate(text):
        used += em(character) * size_px
        if used > room_px:
            return max(1, number)
    return len(text)
