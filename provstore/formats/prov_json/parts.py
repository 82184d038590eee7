"""The outline of a PROV-JSON document: a scanner comes in, its parts go out one after the other, bundles opened.

Source: PROV-JSON section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from provstore.formats.json_scanner import Scanner, depth
from provstore.formats.names import DEFAULT_KEY, RESERVED_SPELLINGS
from provstore.model.terms import BY_NAME, RecordType


class Part(NamedTuple):
    """One member of the document (`bundle` None) or of its n-th bundle, with the cursor at its value.

    `kind` is the record type of a group of records; without one `member` is "prefix" or "bundle": a bundle begins,
    `name` is its name as written, and there is no value to read.
    """

    bundle: int | None
    member: str
    kind: RecordType | None = None
    name: str = ""


def parts(scanner: Scanner) -> Iterator[Part]:
    """The parts in the order of the file; the caller reads the value of each before it asks for the next.

    Raises: BadInput: a member is unknown, or not the object that it must be.
    """
    scanner.open_object("a PROV-JSON document")
    count = 0
    for key in scanner.members():
        if key != "bundle":
            yield _part(scanner, None, key)
            continue
        scanner.open_object('the member "bundle"')
        for name in scanner.members():
            scanner.open_object(f'the bundle "{name}"')
            yield Part(count, "bundle", name=name)
            for inner in scanner.members():
                yield _part(scanner, count, inner)
            count += 1
    scanner.end()


def _part(scanner: Scanner, bundle: int | None, key: str) -> Part:
    if key == "prefix":
        return Part(bundle, key)
    kind = BY_NAME.get(key)
    if kind is None:
        message = "a bundle inside a bundle is no PROV" if key == "bundle" else f'"{key}" is no PROV record type'
        scanner.fail(message, next_step="Expected: prefix, bundle (in the document only), " + ", ".join(BY_NAME))
    return Part(bundle, key, kind)


def open_group(scanner: Scanner, part: Part) -> None:
    """Steps into the records of a part."""
    scanner.open_object(f'the member "{part.member}"')


def read_prefixes(scanner: Scanner) -> dict[str, str]:
    """The prefix map at the cursor, with the default namespace under "".

    Raises: BadInput: it is no map of texts, or gives a reserved prefix another meaning.
    """
    pairs = scanner.value()
    if not isinstance(pairs, tuple):
        levels = depth(pairs)
        scanner.fail('the member "prefix" must be a JSON object' + (" and is too deep" if levels > 64 else ""))
    prefixes: dict[str, str] = {}
    for written, namespace in pairs:
        prefix = "" if written == DEFAULT_KEY else written
        if type(namespace) is not str or not namespace:
            scanner.fail(f'the namespace of the prefix "{written}" must be a text that is not empty')
        if prefix in prefixes:
            scanner.fail(f'the prefix "{written}" is declared twice')
        if namespace not in RESERVED_SPELLINGS.get(prefix, (namespace,)):
            scanner.fail(f'the prefix "{written}" is reserved for {RESERVED_SPELLINGS[prefix][0]}')
        prefixes[prefix] = namespace
    return prefixes
