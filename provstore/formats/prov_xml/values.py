"""Values of attributes: the text of an element and what was said of it come in, (datatype, lexical, language) goes out.

Source: PROV-XML section 2; XML Schema part 2, section 4.3.6 (white space); rule 1.
"""

from __future__ import annotations

from typing import Final

from provstore.formats.notes import Notes
from provstore.formats.prov_xml.names import Scope, collapsed
from provstore.formats.values import DATATYPE_NAMES, QNAME, Literal, WrongShape
from provstore.model.terms import INTERNATIONALIZED_STRING, KEY_ENTITY_PAIR, QUALIFIED_NAME, STRING, XSD

_REPLACED: Final = XSD + "normalizedString"
# The built-in types of XML Schema; white space counts in these two only.
_COLLAPSED: Final = (
    frozenset(XSD + name.removeprefix("xsd:") for name in DATATYPE_NAMES if name.startswith("xsd:"))
    - {STRING, _REPLACED}
) | {QUALIFIED_NAME}
_blank_characters: Final = str.maketrans("\t\n\r", "   ")


def normalized(datatype: str, text: str) -> str:
    """The lexical form that a text has by its datatype."""
    if datatype in _COLLAPSED:
        return collapsed(text)
    return text.translate(_blank_characters) if datatype == _REPLACED else text


def literal(datatype: str, language: str, text: str, scope: Scope, notes: Notes) -> Literal:
    """One value.

    Args: datatype: full IRI. language: of xml:lang, or "".
    Raises: UndeclaredName: of a qualified name. WrongShape: no text has that datatype.
    """
    if language:
        if datatype not in (STRING, INTERNATIONALIZED_STRING):
            notes.add("a text with a language has no other type; it was left out", datatype)
        return INTERNATIONALIZED_STRING, text, language
    if datatype in (QUALIFIED_NAME, QNAME):
        return QUALIFIED_NAME, scope[text], ""
    if datatype == KEY_ENTITY_PAIR:
        raise WrongShape("a key-entity pair must be a prov:keyEntityPair of a dictionary record")
    return datatype, normalized(datatype, text), ""
