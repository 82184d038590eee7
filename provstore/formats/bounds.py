"""Bounds that every reader keeps, so that no file makes it use up the stack or the time of the machine.

Source: docs/reference/formats.md.
"""

from __future__ import annotations

from typing import Final

MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 4300
