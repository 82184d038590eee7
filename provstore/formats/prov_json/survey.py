"""The first look at a PROV-JSON file: prefixes often come last, and a `_:` name means something only when it is
referred to. A seekable stream comes in; the prefixes of the document and of each bundle go out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, Final

from provstore.errors import BadInput
from provstore.formats.json_scanner import Scanner
from provstore.formats.prov_json.parts import open_group, parts, read_prefixes
from provstore.formats.repeats import Repeats

_BLOCK_BYTES: Final = 1 << 20
_TAIL_BYTES: Final = 1 << 16
_OVERLAP_BYTES: Final = len(b'"prefix"') - 1

# A letter spelled as \\u00xx could hide any of the words that are looked for, another escape a second spelling.
_hidden_letter = re.compile(rb"\\u00[2-7]").search
_escape_in_blank = re.compile(rb'"_:[^"\\]*\\').search
# A text that begins with `_:` and is no key; any such text; and one of which the end is not in sight.
_blank_value = re.compile(rb'"_:[^"]*"\s*[^\s:]').search
_blank_keys = re.compile(rb'"_:[^"]*"').findall
_cut_blank = re.compile(rb'"_:[^"]*(?:"\s*)?\Z').match
_prefix_first = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"prefix"').match
_prefix_last = re.compile(rb'"prefix"\s*:\s*(\{[^{}]*\})\s*\}\s*\Z').search


@dataclass(slots=True)
class Survey:
    """What must be known before the first record.

    `prefixes`: of the document, the default namespace under "". `bundles`: (name as written, prefixes) of each, in the
    order of the file. `blank_names`: a `_:` name may be a value, an element, or of several records.
    """

    prefixes: dict[str, str] = field(default_factory=dict)
    bundles: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    blank_names: bool = False


def survey(stream: BinaryIO, source: str, start: int) -> Survey:
    """Looks over the whole file from byte `start`.

    Raises: BadInput: it is no JSON, or its prefixes or bundles are not as they must be.
    """
    return _quick(stream, source, start) or _careful(Scanner(stream, source, start=start))


def _quick(stream: BinaryIO, source: str, start: int) -> Survey | None:
    """The survey by searching the bytes alone, in a tenth of the time, or None when that can't be trusted.

    It can when the file has no bundle, no `_:` value, no `_:` key twice, and the word `prefix` once: as the key of its
    first or of its last member. A file without it is most often one that was cut before it.
    """
    stream.seek(start)
    count, carried, tail, first = 0, b"", b"", None
    blanks = Repeats()
    while block := stream.read(_BLOCK_BYTES):
        first = block if first is None else first
        tail = (tail + block)[-_TAIL_BYTES:]
        data = carried + block
        count += data.count(b'"prefix"')
        if count > 1 or b'"bundle"' in data or _blank_value(data) or _has_hidden_words(data):
            return None
        blanks.note_all(map(hash, _blank_keys(data)))
        last = data.rfind(b'"_:')
        undecided = last >= 0 and _cut_blank(data, last)
        carried = data[min(last, len(data) - _OVERLAP_BYTES) :] if undecided else data[-_OVERLAP_BYTES:]
    if count == 0 or blanks.found():
        return None
    if _prefix_first(first or b""):
        scanner = Scanner(stream, source, start=start)
        scanner.open_object("a PROV-JSON document")
        next(scanner.members())
        return Survey(read_prefixes(scanner))
    last_member = _prefix_last(tail)
    try:
        return Survey(read_prefixes(Scanner(BytesIO(last_member[1]), source, start=0))) if last_member else None
    except BadInput:
        return None  # the careful way names the place


def _has_hidden_words(data: bytes) -> bool:
    return b"\\" in data and bool(_hidden_letter(data) or _escape_in_blank(data))


def _careful(scanner: Scanner) -> Survey:
    """The survey by reading the whole file."""
    result = Survey()
    for part in parts(scanner):
        if part.kind is not None:
            open_group(scanner, part)
            result.blank_names |= _skip_records(scanner, part.kind.is_element)
        elif part.member == "bundle":
            result.bundles.append((part.name, {}))
        elif part.bundle is None:
            result.prefixes = read_prefixes(scanner)
        else:
            result.bundles[part.bundle][1].update(read_prefixes(scanner))
    return result


def _skip_records(scanner: Scanner, elements: bool) -> bool:
    """Passes over the records of a group; True when a `_:` name may be an element, or a value in one of them."""
    found = False
    for name, _ in scanner.entries(Repeats()):
        found = found or (elements and name[:2] == "_:")
        if not found:
            text, begin, end = scanner.text, scanner.entry + 1, scanner.entry_end
            found = text.find('"_:', begin, end) >= 0 or text.find("\\u00", begin, end) >= 0
    return found
