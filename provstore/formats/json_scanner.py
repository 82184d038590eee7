"""Reads JSON text piece by piece: a seekable byte stream comes in, keys and decoded values go out, a window at a time.

Objects come out as tuples of (key, value) pairs and arrays as lists, so that repeated keys stay visible; numbers come
out as `Integer`, `Real` and `Constant`, which are their source text. Source: RFC 8259; docs/reference/formats.md.
"""

from __future__ import annotations

import json
import re
from codecs import utf_8_decode
from collections.abc import Callable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, BinaryIO, Final, NamedTuple, NoReturn

from provstore.errors import BadInput
from provstore.formats.bounds import MAX_DEPTH
from provstore.formats.json_tokens import Scan, expected, is_cut, scan_loosely, scan_once
from provstore.formats.repeats import Repeats
from provstore.formats.surrogates import LONE_SURROGATE

_WINDOW_BYTES: Final = 1 << 20
# The longest token other than a string that a cut can hide (`-Infinity`, `\ud800\udc00`).
_LONGEST_TOKEN: Final = 16
_BOM: Final = b"\xef\xbb\xbf"
_SURROGATE: Final = "\\ud"
_RUN_ENTRIES: Final = 256
_NO_JSON: Final = "this is no JSON: "

_space = re.compile(r"[ \t\n\r]*").match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
_next_key = re.compile(r'[ \t\n\r]*,[ \t\n\r]*"').match


class Run(NamedTuple):
    """Members of an object that follow each other. `places`: of each, and of the end, in the scanner's window."""

    places: list[int]
    keys: list[str]
    values: list[Any]


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
        self.entry_end = 0
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

    def place(self, position: int | None = None) -> str:
        """`source:line:column` of a position in the window (default: the entry that was read last)."""
        lines, columns = self._counted(self.entry if position is None else position)
        return f"{self.source}:{lines + 1}:{columns + 1}"

    def fail(self, message: str, position: int | None = None, next_step: str | None = None) -> NoReturn:
        """Raises BadInput at a position of the window (default: the entry that was read last)."""
        raise BadInput(message, where=self.place(position), next_step=next_step)

    def _fail_at(self, position: int, message: str) -> NoReturn:
        """Raises BadInput at a position where the text does not go on as expected, or at its end if it stops there."""
        if self._final and is_cut(self.text, position):
            self._fail_at_end(f": {message.removeprefix(_NO_JSON)}")
        self.fail(message, position)

    def _fail_at_end(self, how: str) -> NoReturn:
        self.fail(
            f"the file ends too early{how}",
            len(self.text),
            next_step="Get the whole file: it may have been cut on its way.",
        )

    def open_object(self, what: str) -> None:
        """Steps into the object at the cursor; `what` names it in the error when there is none."""
        self._skip_space()
        if self.text[self.position : self.position + 1] != "{":
            self.entry = self.position
            self._fail_at(self.position, f"{what} must be a JSON object")
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
            self._fail_at(self.position, f"{what} must be a JSON array")
        self.position += 1

    def elements(self) -> Iterator[None]:
        """Moves the cursor to each element of the array that it is in; the caller reads the value before the next."""
        first = True
        while self.peek(1) != "]":
            if not first:
                if self.text[self.position : self.position + 1] != ",":
                    self._fail_at(self.position, '"," or "]" was expected')
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

        Args: repeats: as `runs`. Raises: as `runs`.
        """
        for places, keys, values in self._runs(repeats, scan_once):
            for self.entry, self.entry_end, key, value in zip(places, places[1:], keys, values, strict=False):
                yield key, value

    def runs(self, repeats: Repeats) -> Iterator[Run]:
        """The members of the object that the cursor is in, many at once; places hold until more are asked for.

        Objects in their values are dictionaries: whoever takes one from there must know that no key came twice in it
        (`quotes`); `decoded` gives it as it is.
        Args: repeats: is told the hash of every key. Raises: BadInput: the text is no JSON; a watched key comes twice.
        """
        return self._runs(repeats, scan_loosely)

    def decoded(self, place: int) -> tuple[str, Any]:
        """The member of a run at that place, as `entries` has it; `entry` is its place."""
        self.entry = place
        key, at = scanstring(self.text, place + 1, True)
        value, _ = scan_once(self.text, _colon(self.text, at).end())  # type: ignore[union-attr]
        return key, value

    def quotes(self, begin: int, end: int) -> int:
        """How many texts begin or end between two places, keys included; -1 when an escape could hide that."""
        return -1 if self.text.find('\\"', begin, end) >= 0 else self.text.count('"', begin, end)

    def _runs(self, repeats: Repeats, scan: Scan) -> Iterator[Run]:
        if not self._at_key(True):
            return
        seen: set[str] = set()
        while True:
            run = self._run(scan)
            if run.keys:
                repeats.note_all(map(hash, run.keys))
                yield run
                if len(run.keys) == _RUN_ENTRIES:
                    continue
            # A cut, the last entry, or a mistake: the careful way tells them apart.
            self.entry = self.position
            key = self._retrying(self._key)
            value = self._retrying(self._value)
            repeats.note(hash(key))
            self._watch(key, seen)
            yield Run([self.entry, self.position], [key], [value])
            if not self._at_key(False):
                return

    def _run(self, scan: Scan) -> Run:
        """As many members as can be read without a second look."""
        text, position = self.text, self.position
        places, keys, values = [position], list[str](), list[Any]()
        try:
            while len(keys) < _RUN_ENTRIES and not self._watched:
                key, at = scanstring(text, position + 1, True)
                if text[at : at + 2] == ": ":
                    value, at = scan(text, at + 2)
                else:
                    value, at = scan(text, _colon(text, at).end())  # type: ignore[union-attr]
                after = at + 2 if text[at : at + 3] == ', "' else _next_key(text, at).end() - 1  # type: ignore[union-attr]
                if self._escapes and _SURROGATE in text[position:after].lower():
                    break
                places.append(after)
                keys.append(key)
                values.append(value)
                position = after
        except (ValueError, StopIteration, AttributeError, RecursionError):
            pass
        self.position = position
        return Run(places, keys, values)

    def end(self) -> None:
        """Raises BadInput when anything but white space follows."""
        self._skip_space()
        if self.position < len(self.text):
            self.fail("more text after the end of the document, nothing was expected", self.position)

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
        value, at = scan_once(self.text, self.position)
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
                self._fail_at(at, '"," or "}" was expected')
            self.position += 1
            self._skip_space()
            text, at = self.text, self.position
        if text[at : at + 1] != '"':
            self._fail_at(at, "a key in double quotes was expected")
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
        if not self._escapes or _SURROGATE not in self.text[begin:end].lower():
            return
        for text in _texts(decoded):
            try:
                text.encode()
            except UnicodeEncodeError:
                self.fail(LONE_SURROGATE)

    def _retrying(self, read: Callable[[], Any]) -> Any:
        """What `read` gives, with a longer window as long as the text may only have been cut."""
        while True:
            try:
                return read()
            except json.JSONDecodeError as error:
                message, at = _NO_JSON + expected(error.msg), error.pos
                is_open = error.msg.startswith("Unterminated")
                if is_open and self._final:
                    begin = self.place(at).removeprefix(f"{self.source}:")
                    message, at = f"unterminated string, which begins at {begin}", len(self.text)
                cut = is_open or at >= len(self.text) - _LONGEST_TOKEN
            except StopIteration as stop:
                message, at = "a JSON value was expected", int(stop.value)
                cut = at >= len(self.text) - _LONGEST_TOKEN
            except _NotHere as stop:
                at, awaited = stop.args
                message, cut = f"{awaited} was expected", at >= len(self.text)
            except RecursionError:
                message, at, cut = f"the value is nested deeper than {MAX_DEPTH} levels", self.position, False
            if self._final or not cut:
                self._fail_at(at, message)
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
            if self._final and error.end == len(data) and "end of data" in error.reason:
                self._fail_at_end(", within a character")
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
