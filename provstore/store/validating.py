"""Validating files, without a store: a path comes in, a verdict or a normal form goes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from provstore.model.document import Assertion
from provstore.model.names import Prefixes
from provstore.model.terms import BLANK
from provstore.store.inputs import read_file
from provstore.validation import InvalidDocument, Verdict, normal_form, normal_form_of_valid, validate


class Validated(NamedTuple):
    """A file's verdict, the prefixes that the file declares, and its normal form when it was asked for and is valid."""

    verdict: Verdict
    prefixes: ReadablePrefixes
    formed: list[Assertion] | None


class ReadablePrefixes(Prefixes):
    """Prefixes for what people read: blank identifiers are shortened to `_:label`."""

    def shorten(self, iri: str) -> str:
        """`prefix:local`, `_:label`, or the IRI."""
        return f"_:{iri.rpartition(':')[2]}" if iri.startswith(BLANK) else super().shorten(iri)


def validate_file(path: str, *, format_name: str | None = None, formed: bool = False) -> Validated:
    """The verdict on one file (`-`: standard input); with `formed`, its normal form too.

    Raises: BadInput: it cannot be read.
    """
    assertions, namespaces = read_file(path, format_name)
    prefixes = ReadablePrefixes()
    prefixes.declare(namespaces)
    verdict = validate(assertions, prefixes=prefixes)
    return Validated(verdict, prefixes, normal_form_of_valid(assertions) if formed and verdict.valid else None)


def normalized(assertions: Iterable[Assertion], *, source: str) -> list[Assertion]:
    """The normal form of what was read from `source`. Raises: InvalidDocument: it has none; `where` is the source."""
    try:
        return normal_form(assertions)
    except InvalidDocument as error:
        raise InvalidDocument(error.verdict, where=source) from None
