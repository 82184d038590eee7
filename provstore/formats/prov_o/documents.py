"""Assertions and RDF text, both ways: a stream in Turtle or TriG comes in, assertions go out, and back."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from provstore.errors import BadInput, UsageError
from provstore.formats.contract import Loss, Reading
from provstore.formats.names import BlankNames
from provstore.formats.notes import Notes
from provstore.formats.prov_o.decoding import Decoder, Note, Unreadable
from provstore.formats.prov_o.encoding import encode
from provstore.formats.prov_o.forced import Told, losses
from provstore.formats.prov_o.graph import Blank, Iri
from provstore.formats.prov_o.parsing import Parsed, parse
from provstore.formats.prov_o.turtle import document
from provstore.formats.surrogates import refusing_lone_surrogates
from provstore.model.document import Assertion, Namespaces


def read(stream: BinaryIO, *, name: str, trig: bool, source: str) -> Reading:
    """The document of a stream; it is held in memory as a whole.

    Args: name: of the format. trig: bundles are named graphs; without it there is no place for them.
    Raises: BadInput: also when the file holds no PROV statement. UsageError: the extra is not installed.
    """
    _need_rdflib(name)
    parsed = parse(stream.read(), trig=trig, source=source)
    notes = Notes(_Whole(source))
    try:
        as_written = BlankNames()
        first = list(_assertions(parsed, as_written, notes.add))
        assertions = first
        if as_written.met or _has_blank_ids(first):
            blanks = as_written.resolved(lambda _: first)
            assertions = list(_assertions(parsed, blanks, lambda *_: None))
    except Unreadable as error:
        raise BadInput(str(error), where=source) from None
    if not assertions:
        raise BadInput("the file holds no PROV statement", where=source)
    return Reading({None: parsed.prefixes}, iter(assertions), notes.warnings())


def write(assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO, *, trig: bool) -> list[Loss]:
    """Writes one document; what RDF or PROV-O cannot say is found by reading the triples back."""
    told = Told(trig)
    listed = list(assertions)
    graphs = {}
    for number, (bundle, group) in enumerate(told.writable(listed).items()):
        graphs[bundle] = encode(group, f"b{number}r" if bundle else "r")
    with refusing_lone_surrogates():
        stream.write(document(graphs, _prefixes(namespaces)).encode())
    parsed = Parsed()
    parsed.graphs = {None if name is None else Iri(name): graph for name, graph in graphs.items()}
    back = _assertions(parsed, BlankNames(frozenset(), lambda: ""), lambda *_: None)
    return losses(listed, list(back), told)


def _need_rdflib(name: str) -> None:
    if importlib.util.find_spec("rdflib") is None:
        raise UsageError(
            f"reading {name} needs the extra rdf, which is not installed",
            next_step='Install it: pip install "provstore[rdf]"',
        )


def _assertions(parsed: Parsed, blanks: BlankNames, note: Note) -> Iterator[Assertion]:
    for name, graph in parsed.graphs.items():
        bundle = blanks.iri(f"_:{name.label}") if isinstance(name, Blank) else name and name.iri
        for stated in Decoder(graph, blanks, note).statements():
            yield Assertion(bundle, stated)


def _has_blank_ids(assertions: list[Assertion]) -> bool:
    return any((one.statement.identifier or "").startswith("_:") for one in assertions)


def _prefixes(namespaces: Namespaces) -> dict[str, str]:
    """One map for the whole document, as RDF has it; the document's own meaning of a prefix comes first."""
    prefixes = dict(namespaces.get(None, {}))
    for bundle, own in namespaces.items():
        if bundle is not None:
            for prefix, namespace in own.items():
                prefixes.setdefault(prefix, namespace)
    return prefixes


class _Whole:
    """The place of what is read: triples have none, so it is the file."""

    def __init__(self, source: str) -> None:
        self._source = source

    def place(self) -> str:
        """The name of the file."""
        return self._source
