"""RDF and JSON-LD through the `prov` library: bytes come in, assertions go out, and back.

All of a document is held in memory. What a format cannot hold is found by reading back what was written.
Source: architecture.md section 6; reliability.md section 4.
"""

from __future__ import annotations

import importlib.util
import io
import logging
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from provstore.errors import BadInput, UsageError
from provstore.formats.contract import Loss, Reading
from provstore.formats.differences import losses_between
from provstore.formats.prov_json.scanner import MAX_DEPTH, Scanner, depth
from provstore.model.document import Assertion, Namespaces
from provstore.model.terms import BY_IRI

_DICTIONARIES: Final = frozenset({"derivedByInsertionFrom", "derivedByRemovalFrom", "hadDictionaryMember"})
# The module that tells whether an extra is installed.
_EXTRAS: Final = {"rdf": "rdflib"}


def version() -> str:
    """The version of the installed `prov`."""
    from importlib.metadata import version as installed

    return f"prov {installed('prov')}"


@dataclass(slots=True)
class BridgedFormat:
    """A format that `prov` reads and writes.

    Args: serializer: its name in `prov`, with `options` for it. extra: of ours, that must be installed. unsupported:
    PROV-N keywords of record types that `prov` cannot write in it.
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    serializer: str
    options: dict[str, str] = field(default_factory=dict)
    extra: str | None = None
    unsupported: frozenset[str] = _DICTIONARIES

    def read(self, stream: BinaryIO, *, source: str) -> Reading:
        """As Format.read.

        Raises: BadInput: also for nesting deeper than 64 in JSON-LD, and for whatever `prov` refuses.
        UsageError: the extra is not installed.
        """
        from provstore.formats.prov_documents import assertions_of, namespaces_of

        self._need_extra()
        data = stream.read()
        if self.serializer == "jsonld":
            _check_json(data, source)
        with _told_by_prov(source) as told:
            document = _deserialized(self, data)
            assertions = list(assertions_of(document))
            namespaces = namespaces_of(document)
        if self.serializer == "rdf" and not assertions:
            raise BadInput("the file holds no PROV statement", where=source, next_step="; ".join(told) or None)
        return Reading(namespaces, iter(assertions), told)

    def write(self, assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
        """As Format.write.

        Raises: UsageError: the extra is not installed.
        """
        self._need_extra()
        listed = list(assertions)
        written = [a for a in listed if BY_IRI[a.statement.kind].name not in self.unsupported]
        data = self._serialized(written, namespaces)
        if data is None:
            written = [a for a in written if self._serialized([a], namespaces) is not None]
            data = self._serialized(written, namespaces) or b""
        stream.write(data)
        try:
            back = list(self.read(io.BytesIO(data), source="written").assertions)
        except BadInput as error:
            return [Loss("the written document cannot be read back", len(listed), error.message)]
        return losses_between(listed, back)

    def _serialized(self, assertions: list[Assertion], namespaces: Namespaces) -> bytes | None:
        """The document in this format, or None when `prov` cannot write it."""
        from provstore.formats.prov_documents import prov_document

        out = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                prov_document(assertions, namespaces).serialize(out, format=self.serializer, **self.options)
            except Exception:  # prov and rdflib have no common root of errors
                return None
        return out.getvalue()

    def _need_extra(self) -> None:
        if self.extra and importlib.util.find_spec(_EXTRAS[self.extra]) is None:
            raise UsageError(
                f"{self.name} needs the extra {self.extra}, which is not installed",
                next_step=f'Install it: pip install "provstore[{self.extra}]"',
            )


def _deserialized(chosen: BridgedFormat, data: bytes) -> Any:
    from prov.model import ProvDocument

    return ProvDocument.deserialize(io.BytesIO(data), format=chosen.serializer, **chosen.options)


@contextmanager
def _told_by_prov(source: str) -> Iterator[list[str]]:
    """Collects the warnings and log of `prov` and makes BadInput of whatever it or rdflib raise."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught, _log_of("prov", "rdflib") as logged:
        warnings.simplefilter("always")
        try:
            yield told
        except RecursionError:
            raise BadInput(f"it is nested deeper than {MAX_DEPTH} levels", where=source) from None
        except Exception as error:
            raise BadInput(_message(error), where=_place(error, source)) from error
    # What a library says to its callers' programmers is none of the reader's business.
    meant = [str(one.message) for one in caught if not issubclass(one.category, DeprecationWarning)]
    counted = Counter(" ".join(text.split()) for text in meant + logged)
    told.extend(f"{source}: {text}" + (f" ({n} times)" if n > 1 else "") for text, n in counted.items())


@contextmanager
def _log_of(*libraries: str) -> Iterator[list[str]]:
    """Collects what libraries log as a warning or worse, and keeps it from stderr."""
    logged: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in libraries]
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield logged
    finally:
        for logger, propagate in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.propagate = propagate


def _message(error: Exception) -> str:
    text = " ".join(str(getattr(error, "message", None) or error).split())[:500]
    # An error that the library did not mean says little by itself.
    return text if type(error).__module__ != "builtins" else f"it cannot be read: {text or type(error).__name__}"


def _place(error: Exception, source: str) -> str:
    """File, line and column, as far as the library tells."""
    line = getattr(error, "line", None) or getattr(error, "lineno", None)
    if line is None and isinstance(getattr(error, "lines", None), int):
        line = error.lines + 1  # type: ignore[attr-defined]  # rdflib's BadSyntax counts from 0
    column = getattr(error, "column", None) or getattr(error, "offset", None)
    if not isinstance(line, int):
        return source
    return f"{source}:{line}:{column}" if isinstance(column, int) else f"{source}:{line}"


def _check_json(data: bytes, source: str) -> None:
    """Refuses what the scanner refuses, and nesting deeper than 64."""
    scanner = Scanner(io.BytesIO(data), source, start=0)
    scanner.open_object("a PROV-JSONLD document")
    for _ in scanner.members():
        if depth(scanner.value()) >= MAX_DEPTH:
            scanner.fail(f"the value is nested deeper than {MAX_DEPTH} levels")
    scanner.end()


TURTLE: Final = BridgedFormat("turtle", (".ttl",), ("text/turtle",), "rdf", {"rdf_format": "turtle"}, "rdf")
TRIG: Final = BridgedFormat("trig", (".trig",), ("application/trig",), "rdf", {"rdf_format": "trig"}, "rdf")
JSON_LD: Final = BridgedFormat(
    "json-ld", (".jsonld",), ("application/ld+json",), "jsonld", unsupported=_DICTIONARIES | {"mentionOf"}
)
