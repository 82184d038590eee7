"""The outline of a PROV-JSONLD document: a scanner comes in, its records go out one by one, bundles opened.

Source: PROV-JSONLD sections 3 and 4.19.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any, Final, NamedTuple

from provstore.formats.json_scanner import Scanner
from provstore.formats.prov_jsonld.context import NEXT_STEP, Context, read_context
from provstore.formats.values import WrongShape

Pairs = tuple[tuple[str, Any], ...]

_bundle_opens: Final = re.compile(r'\{\s*"@type"\s*:\s*(?:\[\s*)?"(?:prov:)?Bundle"').match
_LONGEST_OPENING: Final = 256
COMPACT: Final = (
    "Compact it with the context of PROV-JSONLD (https://openprovenance.org/prov-jsonld), or convert it to TriG."
)


class Opened(NamedTuple):
    """A bundle begins: its number in the file, its name as written and its own context; its records follow."""

    number: int
    name: str
    context: Context


class Record(NamedTuple):
    """One record, decoded; `bundle` is the number of the bundle that it stands in, or None."""

    bundle: int | None
    content: Pairs


def document_context(scanner: Scanner) -> Context | None:
    """The document's own context, or None when it has none; the scanner is used up.

    Raises: BadInput: it can't be read.
    """
    open_document(scanner)
    for key in scanner.members():
        if key == "@context":
            return _context(scanner, scanner.value())
        if key == "@graph":
            scanner.open_array('the member "@graph"')
            for _ in scanner.elements():
                scanner.value()
        else:
            scanner.value()
    return None


def open_document(scanner: Scanner) -> None:
    """Steps into the document.

    Raises: BadInput: it is an array, as expanded and flattened JSON-LD is.
    """
    if scanner.peek(1) == "[":
        scanner.fail(
            "this is expanded or flattened JSON-LD; provstore reads the compact shape of PROV-JSONLD",
            scanner.position,
            next_step=COMPACT,
        )
    scanner.open_object("a PROV-JSONLD document")


def parts(scanner: Scanner) -> Iterator[Opened | Record]:
    """The bundles and records in the order of the file.

    Raises: BadInput: the outline is not PROV-JSONLD's.
    """
    open_document(scanner)
    graph = False
    for key in scanner.members():
        if key == "@graph":
            graph = True
            yield from _graph(scanner)
        elif key not in ("@context", "@type"):
            scanner.fail(f'"{key}" is no member of a PROV-JSONLD document', next_step="Expected: @context, @graph")
        elif _is_other_type(key, scanner.value()):
            scanner.fail('the "@type" of a document is "Document"', next_step=COMPACT)
    if not graph:
        scanner.fail('the document has no "@graph"', next_step=COMPACT)
    scanner.end()


def _is_other_type(key: str, value: Any) -> bool:
    return key == "@type" and value not in ("Document", "prov:Document")


def _graph(scanner: Scanner) -> Iterator[Opened | Record]:
    scanner.open_array('the member "@graph"')
    count = 0
    for _ in scanner.elements():
        if _bundle_opens(scanner.peek(_LONGEST_OPENING)):
            bundle = yield from _streamed_bundle(scanner, count)
            count += bundle
            continue
        content = record(scanner, scanner.value())
        if _is_bundle(content):
            yield from _whole_bundle(scanner, content, count)
            count += 1
        else:
            yield Record(None, content)


def record(scanner: Scanner, value: Any) -> Pairs:
    """A decoded record, which must be an object."""
    if type(value) is not tuple:
        scanner.fail('a record in "@graph" must be a JSON object')
    return value


def _is_bundle(content: Pairs) -> bool:
    """True for a bundle, which has a graph; the entity that describes one has none."""
    return any(key == "@graph" for key, _ in content)


def _streamed_bundle(scanner: Scanner, number: int) -> Generator[Opened | Record, None, bool]:
    """Reads a bundle record by record, when its name and context come before its graph; True when it was one."""
    begin = scanner.entry
    scanner.open_object("a bundle")
    members: dict[str, Any] = {}
    opened = False
    for key in scanner.members():
        if key == "@graph" and "@id" in members:
            opened = True
            yield _opened(scanner, number, members)
            scanner.open_array('the member "@graph"')
            for _ in scanner.elements():
                yield Record(number, _inner(scanner, scanner.value()))
        else:
            members[key] = scanner.value()
            if opened and key in ("@id", "@context"):
                scanner.fail(f'"{key}" of a bundle must come before its "@graph"')
    if opened:
        return True
    content = tuple(members.items())
    scanner.entry = min(begin, scanner.position)
    if _is_bundle(content):
        yield from _whole_bundle(scanner, content, number)
        return True
    yield Record(None, content)
    return False


def _whole_bundle(scanner: Scanner, content: Pairs, number: int) -> Iterator[Opened | Record]:
    members = dict(content)
    if len(members) < len(content):
        scanner.fail("a key is repeated in one bundle")
    yield _opened(scanner, number, members)
    if type(members["@graph"]) is not list:
        scanner.fail('the "@graph" of a bundle must be a JSON array')
    for one in members["@graph"]:
        yield Record(number, _inner(scanner, one))


def _inner(scanner: Scanner, value: Any) -> Pairs:
    content = record(scanner, value)
    if _is_bundle(content):
        scanner.fail("a bundle inside a bundle is no PROV")
    return content


def _opened(scanner: Scanner, number: int, members: dict[str, Any]) -> Opened:
    others = members.keys() - {"@type", "@id", "@context", "@graph"}
    if others:
        scanner.fail(f'"{min(others)}" is no member of a bundle', next_step="Describe it in an Entity of its own.")
    if members.get("@type") not in ("Bundle", "prov:Bundle", ["Bundle"], ["prov:Bundle"]):
        scanner.fail('what has a "@graph" must be of "@type" Bundle', next_step=COMPACT)
    if type(members.get("@id")) is not str:
        scanner.fail('a bundle needs its "@id", a text')
    return Opened(number, members["@id"], _context(scanner, members.get("@context", [])))


def _context(scanner: Scanner, value: Any) -> Context:
    try:
        return read_context(value)
    except WrongShape as error:
        scanner.fail(str(error), next_step=NEXT_STEP)
