"""Reads PROV-N, streaming: a seekable stream comes in, namespaces and then assertions go out.

Source: PROV-N (W3C Recommendation 30 April 2013); rules 1 to 4; docs/reference/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from provstore.errors import BadInput
from provstore.formats.contract import Reading
from provstore.formats.notes import Notes
from provstore.formats.prov_n import outline
from provstore.formats.prov_n.lexer import Unexpected, Window
from provstore.formats.prov_n.names import Scope
from provstore.formats.prov_n.records import Records
from provstore.model.document import Assertion

_BLOCK_BYTES: Final = 1 << 20
_BUNDLE: Final = b"bundle"


def read(stream: BinaryIO, *, source: str) -> Reading:
    """The document that begins where `stream` stands; memory does not grow with it.

    Args: stream: seekable; the assertions are read from it while they are asked for. source: names it in errors.
    Raises: BadInput: it is no PROV-N; at once, or when the assertions come to the mistake.
    """
    start = stream.tell()
    window = Window(stream, source, start)
    outline.begin(window)
    namespaces: dict[str | None, dict[str, str]] = {None: outline.declarations(window, _unheard)}
    if _mentions_bundles(stream, start):
        _add_bundles(window, namespaces)
    warnings: list[str] = []
    return Reading(namespaces, _assertions(Window(stream, source, start), warnings), warnings)


def _unheard(what: str, example: str) -> None:
    """Remarks of the first look: the second makes them again."""


def _mentions_bundles(stream: BinaryIO, start: int) -> bool:
    """True when the word is somewhere in the file, as in few files of any size."""
    stream.seek(start)
    carried = b""
    while block := stream.read(_BLOCK_BYTES):
        if _BUNDLE in carried + block:
            return True
        carried = block[-len(_BUNDLE) :]
    return False


def _add_bundles(window: Window, namespaces: dict[str | None, dict[str, str]]) -> None:
    """Adds the namespaces of each bundle; a mistake ends the look, for the assertions come to it as well."""
    own = namespaces[None]
    try:
        outline.pass_over_records(window)
        while outline.opens_bundle(window):
            name = outline.bundle_name(window)
            declared = outline.declarations(window, _unheard)
            iri = Scope(own | declared, _unheard).at((name,), 0)
            # Two bundles of one name: the first meaning of a prefix is kept.
            namespaces[iri] = declared | namespaces.get(iri, {})
            outline.pass_over_records(window)
            if window.token() != "endBundle":
                return
            window.at += 1
            outline.pass_over_records(window)
    except (BadInput, Unexpected):
        return


def _assertions(window: Window, warnings: list[str]) -> Iterator[Assertion]:
    """The assertions in the order of the file; `warnings` is filled at the end."""
    notes = Notes(window)
    outline.begin(window)
    prefixes = outline.declarations(window, notes.add)
    own = Records(None, prefixes, notes)
    yield from own.assertions(window)
    bundles: set[str] = set()
    while outline.opens_bundle(window):
        yield from _bundle(window, prefixes, bundles, notes)
        if window.token() and window.tokens[window.at + 1] == "(":
            notes.add("statements stand after a bundle, where PROV-N has them before all bundles", window.token())
            yield from own.assertions(window)
    outline.end(window)
    warnings.extend(notes.warnings())


def _bundle(window: Window, outer: dict[str, str], known: set[str], notes: Notes) -> Iterator[Assertion]:
    place = window.place(window.at + 1)
    name = outline.bundle_name(window)
    prefixes = outer | outline.declarations(window, notes.add)
    try:
        # Section 3.8: the name is in the scope of the bundle's own declarations.
        iri = Scope(prefixes, notes.add).at((name,), 0)
    except Unexpected as error:
        raise BadInput(f"the bundle has no name: {error}", where=place) from None
    if iri in known:
        notes.add("several bundles have one name; they were taken as one", name)
    known.add(iri)
    yield from Records(iri, prefixes, notes).assertions(window)
    if window.token() != "endBundle":
        inside = "a bundle inside a bundle is no PROV" if outline.opens_bundle(window) else None
        window.fail(inside or 'a statement or "endBundle" was expected', window.at)
    window.at += 1
