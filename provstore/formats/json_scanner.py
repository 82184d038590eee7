"""Reads JSON text piece by piece: a seekable byte stream comes in, keys and decoded values go out, a window at a time.

Objects come out as tuples of (key, value) pairs and arrays as lists, so that repeated keys stay visible; numbers come
out as `Integer`, `Real` and `Constant`, which are their source text. Source: RFC 8259; reliability.md section 4.
"""

from __future__ import annotations

import json
import re
from codecs import utf_8_decode
from collections.abc import Callable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, BinaryIO, Final, NoReturn

from provstore.errors import BadInput
from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.repeats import Repeats
from provstore.formats.surrogates import LONE_SURROGATE

_WINDOW_BYTES: Final = 1 << 20
# The longest token other than a string that a cut can hide (`-Infinity`, `\ud800\udc00`).
_LONGEST_TOKEN: Final = 16
_BOM: Final = b"\xef\xbb\xbf"

_space = re.compile(r"[ \t\n\r]*").match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
_next_key = re.compile(r'[ \t\n\r]*,[ \t\n\r]*"').match


class Integer(str):
    """The source text of a JSON number without fraction and exponent."""

    __slots__ = ()


class Real(str):
    """The source text of a JSON number with a fraction or an exponent."""

    __slots__ = ()


class Constant(str):
    """`NaN`, `Infinity` or `-Infinity`: no JSON, but what Python writes for such numbers."""

    __slots__ = ()


_scan_once = json.JSONDecoder(
    object_pairs_hook=tuple,
    parse_int=Integer,
    parse_float=Real,
    parse_constant=Constant,
).scan_once  # type: ignore[attr-defined]


class _NotHere(Exception):
    """The text does not go on as expected at `position`; args: position, what was expected."""


class Scanner:
    """A cursor over one JSON text in UTF-8.

    Args: stream: seekable; it is read from where it stands, and sought before each read, so that several scanners may
    share it. source: names it in errors. watched: hashes of keys of which a second one in the same object is an error.
    """

    def __init__(self, stream: BinaryIO, source: str, *, start: int, watched: frozenset[int] = frozenset()) -> None:
        self.source = source
        self.text = ""
        self.position = 0
        self.entry = 0
        self._stream = stream
        self._offset = start
        self._undecoded = b""
        self._final = False
        self._escapes = False
        self._lines_before = 0
        self._columns_before = 0
        self._watched = watched
        self._fill(0)
        if not self.text:
            self.fail("the file is empty, a JSON object was expected")

    # -- places and errors

    def place(self, position: int | None = None) -> str:
        """`source:line:column` of a position in the window (default: the entry that was read last)."""
        lines, columns = self._counted(self.entry if position is None else position)
        return f"{self.source}:{lines + 1}:{columns + 1}"

    def fail(self, message: str, position: int | None = None, next_step: str | None = None) -> NoReturn:
        """Raises BadInput at a position of the window (default: the entry that was read last)."""
        raise BadInput(message, where=self.place(position), next_step=next_step)

    # -- moving on

    def open_object(self, what: str) -> None:
        """Steps into the object at the cursor; `what` names it in the error when there is none."""
        self._skip_space()
        if self.text[self.position : self.position + 1] != "{":
            self.entry = self.position
            self.fail(f"{what} must be a JSON object")
        self.position += 1

    def members(self) -> Iterator[str]:
        """The keys of the object that the cursor is in; the caller reads or skips the value after each key.

        Raises: BadInput: a key comes twice; the text is no JSON.
        """
        keys: set[str] = set()
        first = True
        while self._at_key(first):
            first = False
            self.entry = self.position
            key = self._retrying(self._key)
            if key in keys:
                self.fail(f'the key "{key}" is repeated in one JSON object', next_step="Keep one of them.")
            keys.add(key)
            yield key

    def open_array(self, what: str) -> None:
        """Steps into the array at the cursor; `what` names it in the error when there is none."""
        self.entry = self.position
        if self.peek(1) != "[":
            self.fail(f"{what} must be a JSON array", self.position)
        self.position += 1

    def elements(self) -> Iterator[None]:
        """Moves the cursor to each element of the array that it is in; the caller reads the value before the next."""
        first = True
        while self.peek(1) != "]":
            if not first:
                if self.text[self.position : self.position + 1] != ",":
                    self.fail('"," or "]" was expected', self.position)
                self.position += 1
                self.peek(1)
            first = False
            self.entry = self.position
            yield
        self.position += 1

    def peek(self, count: int) -> str:
        """The next `count` characters after white space, fewer at the end of the text; the cursor moves to them."""
        self._skip_space()
        while len(self.text) < self.position + count and not self._final:
            self._fill(self.position)
        return self.text[self.position : self.position + count]

    def value(self) -> Any:
        """The value at the cursor, decoded whole."""
        return self._retrying(self._value)

    def entries(self, repeats: Repeats) -> Iterator[tuple[str, Any]]:
        """The members of the object that the cursor is in, each decoded whole; `entry` is the place of the last one.

        Args: repeats: is told the hash of every key. Raises: BadInput: the text is no JSON; a watched key comes twice.
        """
        if not self._at_key(True):
            return
        note = repeats.note
        seen: set[str] = set()
        while True:
            text, position = self.text, self.position
            try:
                while True:
                    key, at = scanstring(text, position + 1, True)
                    if text[at : at + 2] == ": ":
                        value, at = _scan_once(text, at + 2)
                    else:
                        value, at = _scan_once(text, _colon(text, at).end())  # type: ignore[union-attr]
                    after = at + 2 if text[at : at + 3] == ', "' else _next_key(text, at).end() - 1  # type: ignore[union-attr]
                    self.entry = position
                    if self._escapes:
                        self._refuse_surrogates(position, after, key, value)
                    note(hash(key))
                    if self._watched:
                        self._watch(key, seen)
                    self.position = position = after
                    yield key, value
            except (ValueError, StopIteration, AttributeError, RecursionError):
                # A cut, the last entry, or a mistake: the careful way tells them apart.
                self.entry = position
                key = self._retrying(self._key)
                value = self._retrying(self._value)
                note(hash(key))
                self._watch(key, seen)
                yield key, value
                if not self._at_key(False):
                    return

    def end(self) -> None:
        """Raises BadInput when anything but white space follows."""
        self._skip_space()
        if self.position < len(self.text):
            self.fail("more text after the end of the document, nothing was expected", self.position)

    # -- one piece, from the window as it is

    def _key(self) -> str:
        text, at = self.text, self.position
        key, at = scanstring(text, at + 1, True)
        colon = _colon(text, at)
        if colon is None:
            raise _NotHere(_end_of_space(text, at), '":" after the key')
        self._refuse_surrogates(self.position, at, key)
        self.position = colon.end()
        return str(key)

    def _value(self) -> Any:
        # The window may have been cut in the white space after the colon.
        self.position = _end_of_space(self.text, self.position)
        value, at = _scan_once(self.text, self.position)
        if at == len(self.text) and not self._final:
            raise _NotHere(at, "the end of the value")
        self._refuse_surrogates(self.position, at, value)
        self.position = at
        return value

    def _at_key(self, first: bool) -> bool:
        """True with the cursor at the next key; False with the cursor after the object's end."""
        self._skip_space()
        text, at = self.text, self.position
        if text[at : at + 1] == "}":
            self.position = at + 1
            return False
        if not first:
            if text[at : at + 1] != ",":
                self.fail('"," or "}" was expected', at)
            self.position += 1
            self._skip_space()
            text, at = self.text, self.position
        if text[at : at + 1] != '"':
            self.fail("a key in double quotes was expected", at)
        return True

    def _skip_space(self) -> None:
        self.position = _end_of_space(self.text, self.position)
        while self.position == len(self.text) and not self._final:
            self._fill(self.position)
            self.position = _end_of_space(self.text, self.position)

    def _watch(self, key: str, seen: set[str]) -> None:
        if hash(key) in self._watched:
            if key in seen:
                self.fail(f'the key "{key}" is repeated in one JSON object', next_step="Write its records as an array.")
            seen.add(key)

    def _refuse_surrogates(self, begin: int, end: int, *decoded: Any) -> None:
        r"""Half of a `\ud83d\ude00` pair alone is no Unicode character (rule 1); only an escape can hide one."""
        if not self._escapes or "\\ud" not in self.text[begin:end].lower():
            return
        for text in _texts(decoded):
            try:
                text.encode()
            except UnicodeEncodeError:
                self.fail(LONE_SURROGATE)

    # -- the window

    def _retrying(self, read: Callable[[], Any]) -> Any:
        """What `read` gives, with a longer window as long as the text may only have been cut."""
        while True:
            try:
                return read()
            except json.JSONDecodeError as error:
                message, at = _expected(error.msg), error.pos
                cut = error.msg.startswith("Unterminated") or at >= len(self.text) - _LONGEST_TOKEN
            except StopIteration as stop:
                message, at = "a JSON value was expected", int(stop.value)
                cut = at >= len(self.text) - _LONGEST_TOKEN
            except _NotHere as stop:
                at, expected = stop.args
                message, cut = f"{expected} was expected", at >= len(self.text)
            except RecursionError:
                message, at, cut = f"the value is nested deeper than {MAX_DEPTH} levels", self.position, False
            if self._final or not cut:
                self.fail(message, at)
            self._fill(self.entry)

    def _fill(self, keep_from: int) -> None:
        """Drops the window before `keep_from` and reads on, at least as much as was kept."""
        self._lines_before, self._columns_before = self._counted(keep_from)
        self.text = self.text[keep_from:]
        self.position -= keep_from
        self.entry = max(0, self.entry - keep_from)
        self._stream.seek(self._offset)
        block = self._stream.read(max(_WINDOW_BYTES, len(self.text)))
        if self._offset == 0 and block.startswith(_BOM):
            self._offset, block = len(_BOM), block[len(_BOM) :]
        self._offset += len(block)
        self._final = not block
        self.text += self._decoded(self._undecoded + block)
        self._escapes = "\\u" in self.text

    def _counted(self, position: int) -> tuple[int, int]:
        """The lines before `position`, and the characters between the last line break and it."""
        lines = self.text.count("\n", 0, position)
        if lines:
            return self._lines_before + lines, position - self.text.rfind("\n", 0, position) - 1
        return self._lines_before, self._columns_before + position

    def _decoded(self, data: bytes) -> str:
        try:
            text, used = utf_8_decode(data, "strict", self._final)
        except UnicodeDecodeError as error:
            self.text += data[: error.start].decode()
            self.fail(
                f"byte 0x{data[error.start]:02x} is not UTF-8",
                len(self.text),
                next_step="Save the file as UTF-8.",
            )
        self._undecoded = data[used:]
        return text


def depth(value: Any) -> int:
    """How many levels of arrays and objects `value` has, 0 for a plain value."""
    levels, inside = 0, [value]
    while containers := [one for one in inside if isinstance(one, list | tuple)]:
        # An object is a tuple of pairs: the pairs are no level of their own.
        inside = [each for one in containers for each in (one if type(one) is list else (v for _, v in one))]
        levels += 1
    return levels


def _texts(value: Any) -> Iterator[str]:
    inside = [value]
    while inside := [each for one in inside if isinstance(one, list | tuple) for each in one]:
        yield from (one for one in inside if isinstance(one, str))


def _end_of_space(text: str, position: int) -> int:
    return _space(text, position).end()  # type: ignore[union-attr]


def _expected(message: str) -> str:
    """The JSON decoder's message as ours."""
    return f"this is no JSON: {message[0].lower()}{message[1:].removesuffix(' at').removesuffix(' starting at')}"
