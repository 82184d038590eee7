"""How far a validation is: statements counted come in, words for whoever waits go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

Item = TypeVar("Item")
# Called with what is being done, how many statements are done, and how many there are.
Progress = Callable[[str, int, int], None]
# Statements between two words.
_STEP: Final = 16_384


def silent(what: str, done: int, total: int) -> None:
    """Tells nobody."""


class Steps:
    """Tells of one bundle after the other. Args: total: statements of all bundles."""

    def __init__(self, progress: Progress = silent, total: int = 0) -> None:
        self._progress = progress
        self._passed = 0
        self._total = total

    def counted(self, what: str, statements: Iterable[Item]) -> Iterator[Item]:
        """The statements of a bundle, told of as they are taken."""
        for done, stated in enumerate(statements):
            if done % _STEP == 0:
                self._progress(what, self._passed + done, self._total)
            yield stated

    def at(self, what: str) -> None:
        """Tells what is being done with a bundle as a whole."""
        self._progress(what, self._passed, self._total)

    def passed(self, statements: int) -> None:
        """Counts a bundle as done."""
        self._passed += statements


SILENT: Final = Steps()
