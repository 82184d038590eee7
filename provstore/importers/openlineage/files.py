"""Where events lie: files and directories come in, raw events with their place go out, one at a time.

A file with a whole event among its first lines is read line by line, whatever its size; any other file (an array, an
object over several lines) is read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.paths import Tree
from provstore.importers.strict_json import canonical, loads

ENDINGS: Final = (".ndjson", ".jsonl", ".json")
_SNIFFED_BYTES: Final = 65_536
_SNIFFED_FILES: Final = 8
_SNIFFED_LINES: Final = 8
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BLANK: Final = b" \t\r\n"


class RawEvent(NamedTuple):
    """One event as it lies in a file: `where` is the file and the place, `value` reads it or raises BadInput."""

    where: str
    sha256: str
    value: Callable[[], Any]


def events(path: str, findings: Findings) -> Iterator[RawEvent]:
    """The events of a file, or of the event files below a directory in the order of their names.

    Raises: BadInput: the path cannot be read at all.
    """
    findings.footprint.whole(path)
    if Path(path).is_dir():
        tree = Tree(path, findings)
        for found in tree.files():
            if found.path.endswith(ENDINGS):
                with tree.open(found.path) as stream:
                    yield from _refusing(_in_stream(stream, f"{path.rstrip('/')}/{found.path}"), findings)
            else:
                findings.skip("file that holds no events", found.path)
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 - closed below, when the generator ends
    except OSError as error:
        raise BadInput(error.strerror or str(error), where=path, next_step="Check the path.") from error
    with stream:
        yield from _in_stream(stream, path)


def looks_like_events(path: str) -> bool:
    """True when the beginning of a file, or of one of the first files of a directory, looks like an event."""
    try:
        place = Path(path)
        if place.is_dir():
            named = sorted(p for p in place.iterdir() if p.name.endswith(ENDINGS) and not p.is_symlink())
            return any(_begins_like_events(p) for p in named[:_SNIFFED_FILES])
        return place.is_file() and _begins_like_events(place)
    except (OSError, ValueError):
        return False


def _begins_like_events(path: Path) -> bool:
    with path.open("rb") as stream:
        start = stream.read(_SNIFFED_BYTES).removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK)
    return (
        start[:1] in (b"{", b"[")
        and b'"eventTime"' in start
        and any(word in start for word in (b'"run"', b'"job"', b'"dataset"'))
    )


def _in_stream(stream: BinaryIO, where: str) -> Iterator[RawEvent]:
    by_line = _is_line_by_line(stream)
    stream.seek(0)
    return _lines(stream, where) if by_line else _whole(stream, where)


def _is_line_by_line(stream: BinaryIO) -> bool:
    """True when one of the first lines is a whole event, so that one broken line does not spoil the others."""
    filled = (line for line in stream if line.strip(_BLANK))
    for number, line in enumerate(islice(filled, _SNIFFED_LINES)):
        if number == 0 and line.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANK).startswith(b"["):
            return False
        try:
            value = loads(line, where="")
        except BadInput:
            continue
        if isinstance(value, dict) and (number == 0 or "eventTime" in value):
            return True
    return False


def _lines(stream: BinaryIO, where: str) -> Iterator[RawEvent]:
    for number, line in enumerate(stream, 1):
        if line.strip(_BLANK):
            yield RawEvent(f"{where}:{number}", sha256(line.strip(_BLANK)).hexdigest(), _reader(line, where, number))


def _reader(line: bytes, where: str, number: int) -> Callable[[], Any]:
    # Without its line end: what is missing at the end is missing on this line.
    return lambda: loads(line.rstrip(_BLANK), where=where, first_line=number)


def _whole(stream: BinaryIO, where: str) -> Iterator[RawEvent]:
    content = stream.read()
    if not content.strip(_BLANK):
        return
    value = loads(content, where=where)
    if not isinstance(value, list):
        yield RawEvent(where, sha256(content).hexdigest(), lambda: value)
        return
    for index, one in enumerate(value):
        yield RawEvent(f"{where}[{index}]", sha256(canonical(one).encode()).hexdigest(), _constant(one))


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value


def _refusing(found: Iterator[RawEvent], findings: Findings) -> Iterator[RawEvent]:
    """In a directory one unreadable file is refused, and the others go on."""
    try:
        yield from found
    except BadInput as error:
        findings.refused.append(str(error))
