"""Validating files, without a store: a path comes in, a verdict or a normal form goes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from provstore.formats import registry
from provstore.model.document import Assertion, Namespaces
from provstore.model.names import Prefixes
from provstore.model.terms import BLANK
from provstore.store.intake import open_input
from provstore.validation import InvalidDocument, Verdict, normal_form, validate


class Validated(NamedTuple):
    """A file's verdict, the prefixes that the file declares, and its normal form when it was asked for and is valid."""

    verdict: Verdict
    prefixes: BlankNames
    formed: list[Assertion] | None


class BlankNames(Prefixes):
    """The prefixes of a file; blank identifiers are shortened to `_:label`."""

    def shorten(self, iri: str) -> str:
        """`prefix:local`, `_:label`, or the IRI."""
        return f"_:{iri.rpartition(':')[2]}" if iri.startswith(BLANK) else super().shorten(iri)


def validate_file(path: str, *, format_name: str | None = None, formed: bool = False) -> Validated:
    """The verdict on one file (`-`: standard input); with `formed`, its normal form too.

    Raises: BadInput: it cannot be read.
    """
    assertions, namespaces = read_file(path, format_name=format_name)
    prefixes = prefixes_of(namespaces)
    verdict = validate(assertions, prefixes=prefixes)
    return Validated(verdict, prefixes, normal_form(assertions) if formed and verdict.valid else None)


def read_file(path: str, *, format_name: str | None = None) -> tuple[list[Assertion], Namespaces]:
    """All assertions of a file, and its namespaces. Raises: BadInput: it cannot be read."""
    with open_input(path) as stream:
        reader = registry.by_name(format_name) if format_name else registry.find_out(path, stream.read(4096))
        stream.seek(0)
        reading = reader.read(stream, source=path)
        return list(reading.assertions), reading.namespaces


def normalized(assertions: Iterable[Assertion], *, source: str) -> list[Assertion]:
    """The normal form of what was read from `source`. Raises: InvalidDocument: it has none; `where` is the source."""
    try:
        return normal_form(assertions)
    except InvalidDocument as error:
        raise InvalidDocument(error.verdict, where=source) from None


def prefixes_of(namespaces: Namespaces) -> BlankNames:
    """The prefixes that a file declares, those of its bundles after its own."""
    prefixes = BlankNames()
    for scope in namespaces.values():
        for prefix, namespace in scope.items():
            prefixes.register(prefix, namespace)
    return prefixes
