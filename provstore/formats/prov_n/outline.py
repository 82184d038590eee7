"""The outline of a PROV-N document: a window comes in, declarations and bundles go out, statements are passed over.

Source: PROV-N sections 3.7.4 and 3.8, productions [1], [28] and [46] to [48].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from provstore.formats.names import RESERVED
from provstore.formats.prov_n.lexer import Unexpected, Window, shown
from provstore.formats.prov_n.terminals import BadEscape, pn_local, pn_prefix, unescaped_iri
from provstore.model.terms import XSD

Note = Callable[[str, str], None]
# What else `xsd` was declared as: without "#" by ProvToolbox, and the misprint in the Recommendation's table 2.
_XSD_TOO: Final = (XSD[:-1], "http://www.w3.org/2000/10/XMLSchema#")


def begin(window: Window) -> None:
    """Steps over `document`.

    Raises: BadInput: the text does not begin so.
    """
    if window.token() != "document":
        window.fail('"document" was expected', window.at)
    window.at += 1


def end(window: Window) -> None:
    """Makes sure that `endDocument` stands at the cursor, and nothing after it.

    Raises: BadInput: otherwise.
    """
    if window.token() != "endDocument":
        window.fail('a statement, a bundle or "endDocument" was expected', window.at)
    if window.tokens[window.at + 1]:
        window.fail('nothing after "endDocument" was expected', window.at + 1)


def opens_bundle(window: Window) -> bool:
    """True when a bundle begins at the cursor."""
    return window.token() == "bundle" and window.tokens[window.at + 1] != "("


def bundle_name(window: Window) -> str:
    """Steps over `bundle` and its name, which is given back as the token it is.

    Raises: BadInput: nothing follows.
    """
    if not window.tokens[window.at + 2]:
        window.fail('a name, statements and "endBundle" were expected', window.at + 2)
    window.at += 2
    return window.tokens[window.at - 1]


def declarations(window: Window, note: Note) -> dict[str, str]:
    """Steps over the declarations at the cursor; the default namespace is under "".

    Raises: BadInput: one is none, or says something else than another, or than PROV-N says of `prov` and `xsd`.
    """
    found: dict[str, str] = {}
    while window.token() in ("default", "prefix") and window.tokens[window.at + 1] != "(":
        index, prefix, namespace = window.parse(_declaration)
        if prefix in found and (prefix or found[prefix] != namespace):
            which = f'the prefix "{shown(prefix)}"' if prefix else "the default namespace"
            window.fail(f"{which} is declared twice", index)
        namespace = _checked(window, index, prefix, namespace, note)
        if not prefix and found:
            note("a default namespace is declared after other namespaces, where PROV-N has it first", shown(namespace))
        if prefix and not pn_prefix(prefix):
            note("a prefix that no name in PROV-N can have was left out", shown(prefix))
        else:
            found[prefix] = namespace
    return found


def _declaration(tokens: Sequence[str], at: int) -> tuple[tuple[int, str, str], int]:
    """(index, prefix, namespace) of the declaration at a token, and the index after it."""
    start, prefix = at, ""
    if tokens[at] == "prefix":
        at, prefix = at + 1, tokens[at + 1]
        if not pn_local(prefix):
            raise Unexpected(at, "a prefix was expected")
    token = tokens[at + 1]
    if token[:1] != "<" or token[-1:] != ">":
        raise Unexpected(at + 1, "an IRI such as <http://example.org/> was expected")
    try:
        namespace = unescaped_iri(token[1:-1])
    except BadEscape as error:
        raise Unexpected(at + 1, str(error)) from None
    if not namespace:
        raise Unexpected(at + 1, "an IRI that is not empty was expected")
    return (start, prefix, namespace), at + 2


def _checked(window: Window, index: int, prefix: str, namespace: str, note: Note) -> str:
    """The namespace, or for a prefix that PROV-N reserves the one that it has there."""
    meant = RESERVED.get(prefix, namespace)
    if meant != namespace:
        if prefix != "xsd" or namespace not in _XSD_TOO:
            window.fail(f'the prefix "{prefix}" is reserved for <{meant}>', index)
        note("the prefix xsd was declared otherwise and taken for XML Schema's", namespace)
    return meant


def pass_over_records(window: Window) -> None:
    """Moves the cursor to the next token that begins no record; what is in them is not looked at.

    Raises: BadInput: a bracket is not closed.
    """

    def parse(tokens: Sequence[str], at: int) -> tuple[None, int]:
        start = at
        try:
            at = tokens.index(")", at) + 1
            while tokens[start:at].count("(") != tokens[start:at].count(")"):
                at = tokens.index(")", at) + 1
        except ValueError:
            raise Unexpected(len(tokens), '")" was expected') from None
        return None, at

    while window.token() and window.tokens[window.at + 1] == "(":
        window.parse(parse)
