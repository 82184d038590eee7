"""Turtle and TriG by the parser of `rdflib`: bytes come in, prefixes and graphs of triples go out.

The parser's events are taken as they come: `rdflib` would rewrite lexical forms when it makes literals of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from provstore.errors import BadInput, printable
from provstore.formats.prov_o.graph import Blank, Graph, Iri, Term, Text
from provstore.formats.surrogates import LONE_SURROGATE
from provstore.formats.values import QNAME
from provstore.model.terms import BOOLEAN, DOUBLE, INTEGER, INTERNATIONALIZED_STRING, QUALIFIED_NAME, STRING, XSD

_NESTING_MESSAGE: Final = "blank nodes or lists are nested too deep"
_BYTE_ORDER_MARK: Final = "\ufeff"
# What relative IRIs are resolved against, to find them; a file does not say where it was read from.
_NO_BASE: Final = "relative://no.base/"


class Parsed:
    """What a file says: `prefixes` (the default namespace under ""), and the triples of each graph (None: no graph)."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self.graphs: dict[Iri | Blank | None, Graph] = {None: Graph()}


def parse(data: bytes, *, trig: bool, source: str) -> Parsed:
    """Parses a whole document.

    Args: trig: TriG rather than Turtle. source: names it in errors.
    Raises: BadInput: it is not of that format; with the line where the parser tells it.
    """
    try:
        text = data.decode().removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise BadInput(message, where=f"{source}:{line}", next_step="Save the file as UTF-8.") from None
    parser = _parser(trig)
    try:
        with _quiet():
            parser.loadBuf(text)
    except RecursionError:
        raise BadInput(_NESTING_MESSAGE, where=f"{source}:{parser.lines + 1}") from None
    except Exception as error:  # the parser raises whatever it stumbles over
        reason = getattr(error, "_why", None) or str(error) or type(error).__name__
        message = " ".join(f"this is no {'TriG' if trig else 'Turtle'}: {reason}".split())[:500]
        raise BadInput(message, where=f"{source}:{parser.lines + 1}") from error
    parser._store.parsed.prefixes = {str(prefix): str(namespace) for prefix, namespace in parser._bindings.items()}
    return _named(parser._store.parsed, parser._anonymousNodes)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the parser's log from stderr: what it warns about are IRIs with odd characters, and they are kept."""
    logger = logging.getLogger("rdflib")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _named(parsed: Parsed, labelled: dict[str, Any]) -> Parsed:
    """Gives blank nodes the labels that they have in the file, and names in literals their IRIs (rule 1)."""
    labels = {node.label: label for label, node in labelled.items()}
    taken = set(labels.values())

    def renamed(term: Any) -> Any:
        if isinstance(term, Text) and term.datatype in (QNAME, QUALIFIED_NAME):
            return _expanded(term, parsed.prefixes)
        if not isinstance(term, Blank):
            return term
        if term.label not in labels:
            labels[term.label] = term.label if term.label not in taken else f"{term.label}.blank"
        return Blank(labels[term.label])

    for name, graph in list(parsed.graphs.items()):
        del parsed.graphs[name]
        parsed.graphs[renamed(name)] = Graph((renamed(s), p, renamed(o)) for s, p, o in graph)
    return parsed


def _expanded(text: Text, prefixes: dict[str, str]) -> Text | Iri:
    prefix, colon, local = text.lexical.partition(":")
    if not colon:
        prefix, local = "", prefix
    return Iri(prefixes[prefix] + local) if prefix in prefixes else text


def _require_unicode(text: str) -> None:
    """Raises: ValueError: a lone surrogate, which an escape can make (rule 1)."""
    if not text.isascii() and printable(text) != text:
        raise ValueError(LONE_SURROGATE)


class _Events:
    """Takes the parser's events; the names of its methods are the parser's."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self.graph = self
        self.identifier = None
        self._blanks = 0

    def newSymbol(self, iri: Any) -> Any:
        from rdflib.term import URIRef

        _require_unicode(iri)
        if iri.startswith(_NO_BASE):
            raise ValueError(f"the IRI <{iri.removeprefix(_NO_BASE)}> is relative and the file declares no @base")
        return URIRef(iri)

    def newBlankNode(self, *_: Any, **__: Any) -> Blank:
        self._blanks += 1
        return Blank(f"n{self._blanks}")

    def newLiteral(self, lexical: str, datatype: Any, language: str | None) -> Text:
        _require_unicode(lexical)
        if language:
            return Text(lexical, INTERNATIONALIZED_STRING, language)
        return Text(lexical, str(datatype) if datatype else STRING)

    def newGraph(self, name: Any) -> Any:
        key = None if name is None else _term(name)
        return self.parsed.graphs.setdefault(key, Graph())  # type: ignore[arg-type]

    def makeStatement(self, quadruple: tuple[Any, ...], why: Any = None) -> None:
        graph, name, subject, value = quadruple
        into = self.parsed.graphs[None] if graph is None else graph
        node, prop = _term(subject), _term(name)
        if isinstance(node, Text) or not isinstance(prop, Iri):
            raise ValueError("a text is no subject, and only an IRI is a predicate")
        into.add((node, prop.iri, _term(value)))


def _term(parsed: Any) -> Term:
    if isinstance(parsed, Iri | Blank | Text):
        return parsed
    if isinstance(parsed, tuple):
        return Iri(str(parsed[1]))
    if isinstance(parsed, bool):
        return Text("true" if parsed else "false", BOOLEAN)
    return Iri(str(parsed))


def _parser(trig: bool) -> Any:
    """A parser that keeps the spelling of bare numbers."""
    from rdflib.plugins.parsers import notation3
    from rdflib.plugins.parsers.trig import TrigSinkParser

    numbers = (
        (notation3.exponent_syntax, DOUBLE),
        (notation3.decimal_syntax, XSD + "decimal"),
        (notation3.integer_syntax, INTEGER),
    )
    base: Any = TrigSinkParser if trig else notation3.SinkParser

    class Sink(_Events, notation3.RDFSink):  # type: ignore[misc]
        pass

    class Parser(base):  # type: ignore[misc]
        def nodeOrLiteral(self, text: str, position: int, found: Any) -> Any:
            begin = self.skipSpace(text, position)
            if begin >= 0 and text[begin] in "+-.0123456789":
                for syntax, datatype in numbers:
                    match = syntax.match(text, begin)
                    if match:
                        found.append(Text(match[0], datatype))
                        return match.end()
            return super().nodeOrLiteral(text, position, found)

    return Parser(Sink(), baseURI=_NO_BASE, turtle=True)
