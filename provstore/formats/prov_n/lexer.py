"""Cuts PROV-N into tokens: a seekable byte stream comes in, a window of tokens at a time goes out, with their places.

Source: PROV-N sections 3.7 and 4; docs/reference/formats.md.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from typing import BinaryIO, Final, NoReturn, TypeVar

from provstore.errors import BadInput
from provstore.formats.prov_n import terminals

T = TypeVar("T")

_WINDOW_BYTES: Final = 1 << 15
# How many tokens a token can fall into that the end of the window cuts (a time: its digits and colons).
_CUT_TOKENS: Final = 8
# The end of the window, as often as a parser looks ahead.
_END: Final = ("",) * 8
_SHOWN: Final = 40
_line_breaks: Final = re.compile(r"\r\n?|\n").findall


def shown(token: str) -> str:
    """A token for people, cut when it is long."""
    return token if len(token) <= _SHOWN else f"{token[:_SHOWN]}..."


class Unexpected(Exception):
    """The token at `index` is not what PROV-N has there; the text says what was expected."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


class Window:
    """The tokens of one document, some at a time; `tokens` ends with empty ones, and `at` is the cursor.

    Args: stream: seekable, in UTF-8; it is sought before each read, so that several windows may share it. source: names
    it in errors. start: the byte that the document begins at.
    """

    def __init__(self, stream: BinaryIO, source: str, start: int) -> None:
        self.source = source
        self.tokens: Sequence[str] = _END
        self.at = 0
        self.final = False
        self._stream = stream
        self._offset = start
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        # The tokens, and what stands before each of them and after the last.
        self._found: list[str] = []
        self._gaps: list[str] = [""]
        self._line = self._column = 1
        self.fill()

    def parse(self, parser: Callable[[Sequence[str], int], tuple[T, int]]) -> T:
        """What `parser` makes of the tokens from the cursor on, which moves to where it ended.

        Raises: BadInput: the parser raises Unexpected.
        """
        while True:
            try:
                result, self.at = parser(self.tokens, self.at)
            except Unexpected as error:
                self.read_on(error)
            else:
                return result

    def token(self) -> str:
        """The token at the cursor; that one and the next two, if there are any, are in sight and whole."""
        while self.at + 2 + _CUT_TOKENS >= len(self._found) and not self.final:
            self.fill()
        return self.tokens[self.at]

    def read_on(self, error: Unexpected) -> None:
        """Reads on where the end of the window may be what was not expected, and raises BadInput elsewhere."""
        if self.final or error.index < len(self._found) - _CUT_TOKENS:
            self.fail(str(error), error.index)
        self.fill()

    def fill(self) -> None:
        """Drops what is before the cursor, which is at 0 then, and reads as much as is left, or more.

        Raises: BadInput: the text is no UTF-8.
        """
        passed = self._position(self.at) - len(self._gaps[self.at])
        self._line, self._column = self._place_of(passed)
        self._stream.seek(self._offset)
        data = self._stream.read(max(_WINDOW_BYTES, len(self._text) - passed))
        self._offset += len(data)
        self._text, self.at, self.final = self._text[passed:], 0, not data
        try:
            self._text += self._decoder.decode(data, self.final)
        except UnicodeDecodeError as error:
            self._text += error.object[: error.start].decode()
            self._cut_into_tokens()
            self.fail("the text is no UTF-8", len(self._found))
        self._cut_into_tokens()

    def _cut_into_tokens(self) -> None:
        parts = terminals.tokens(self._text)
        self._gaps, self._found = parts[::2], parts[1::2]
        if terminals.may_hold_comments(self._text):
            self._pass_over_comments()
        self.tokens = [*self._found, *_END]

    def _pass_over_comments(self) -> None:
        """Makes gaps of the comments."""
        found, gap, gaps = [], [], []
        for before, token in zip(self._gaps, self._found, strict=False):
            gap.append(before)
            if terminals.is_comment(token):
                gap.append(token)
            else:
                gaps.append("".join(gap))
                found.append(token)
                gap.clear()
        self._found, self._gaps = found, [*gaps, "".join(gap) + self._gaps[-1]]

    def fail(self, message: str, index: int) -> NoReturn:
        """Raises BadInput at a token; what stands there is added to the message."""
        if self.final and self._found and terminals.is_open(self._found[-1]):
            message, index = "the text, name or comment that begins here does not end", len(self._found) - 1
        token = self._found[index] if index < len(self._found) else ""
        found = f'not "{shown(token)}"' if token else "the document ends here"
        raise BadInput(f"{message}, {found}" if message.endswith("expected") else message, where=self.place(index))

    def place(self, index: int | None = None) -> str:
        """`source:line:column` of a token (default: that at the cursor)."""
        line, column = self._place_of(self._position(self.at if index is None else index))
        return f"{self.source}:{line}:{column}"

    def _position(self, index: int) -> int:
        """Where a token begins in the text."""
        return sum(map(len, self._found[:index])) + sum(map(len, self._gaps[: index + 1]))

    def _place_of(self, position: int) -> tuple[int, int]:
        before = self._text[:position]
        breaks = len(_line_breaks(before))
        if not breaks:
            return self._line, self._column + position
        last = max(before.rfind("\n"), before.rfind("\r"))
        return self._line + breaks, position - last
