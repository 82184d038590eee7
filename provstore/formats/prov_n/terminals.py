"""The terminals of PROV-N as regular expressions, and what escapes stand for.

All are linear: no alternative begins like another after a repetition. Source: PROV-N sections 3.7 and 4, and the
productions of SPARQL 1.0 that it refers to.
"""

from __future__ import annotations

import re
from typing import Final

from provstore.model.names import PN_CHARS as _CHARS
from provstore.model.names import PN_CHARS_BASE as _BASE
from provstore.model.names import PN_CHARS_OTHERS as _OTHERS

# [54] PN_CHARS_OTHERS that are longer than one character.
_LONG: Final = r"%[0-9A-Fa-f]{2}|\\[=',\-:;\[\]().]"
# A dot neither begins nor ends a name ([53] PN_LOCAL; PN_PREFIX of SPARQL).
_DOTS: Final = rf"\.++(?=[{_CHARS}{_OTHERS}%\\])"
PN_PREFIX: Final = rf"[{_BASE}](?:[{_CHARS}]++|\.++(?=[{_CHARS}]))*+"
PN_LOCAL: Final = rf"(?:[{_BASE}_0-9{_OTHERS}]|{_LONG})(?:[{_CHARS}{_OTHERS}]++|{_LONG}|{_DOTS})*+"
DATE_TIME: Final = (
    r"-?[0-9]{4,}+-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]++)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
LANGTAG: Final = r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"
# What stands for an absent argument.
MARKER: Final = "-"
# The characters that no IRI_REF has.
_NOT_IN_IRI: Final = r'<>"{}|^`\x00-\x20'

# Texts, names in quotes, IRIs and comments that the end of the text cuts go up to there.
# A comment begins where a token can; `//` inside a name is none, for a name is as long as it can be.
_TOKEN: Final = "|".join(
    (
        r"[(),=;\[\]{}]",
        r'"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+(?:"""|\\?\Z)',
        r'"(?!"")[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+(?:"|\\?\Z)',
        r"'[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*+(?:'|\\?\Z)",
        rf"<[^{_NOT_IN_IRI}]*+(?:>|\Z)",
        DATE_TIME,
        rf'(?<="){LANGTAG}',
        r"//[^\r\n]*+",
        r"/\*(?s:.*?)(?:\*/|\Z)",
        rf"{PN_PREFIX}:(?:{PN_LOCAL})?",
        PN_LOCAL,
        r"-[0-9]++",
        "%%",
        r"[^ \t\r\n]",
    )
)
# Text as white space and tokens by turns, white space first and last; a character that begins no token is one.
tokens: Final = re.compile(rf"({_TOKEN})").split
# Text that has a comment, or else a name or text with such signs in it; after a colon they are of a name.
may_hold_comments: Final = re.compile(r"/[/*](?<!:/.)").search
qualified_name: Final = re.compile(rf"(?:({PN_PREFIX}):)?({PN_LOCAL})?").fullmatch
pn_prefix: Final = re.compile(PN_PREFIX).fullmatch
pn_local: Final = re.compile(PN_LOCAL).fullmatch
# The characters that no local name has, whether escaped or not, and those that no IRI has.
not_in_local: Final = re.compile(rf"%(?![0-9A-Fa-f]{{2}})|[^{_CHARS}{_OTHERS}.%=',:;()\[\]]")
not_in_iri: Final = re.compile(rf"[{_NOT_IN_IRI}\\]")
integer: Final = re.compile(r"-?[0-9]+").fullmatch
langtag: Final = re.compile(LANGTAG).fullmatch
# xsd:dateTime (XML Schema 1.1 Part 2, section 3.3.7) but for the lengths of months.
date_time: Final = re.compile(
    r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
).fullmatch
iri_ref: Final = re.compile(rf"[^{_NOT_IN_IRI}\\]*").fullmatch

_escape: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(?s:(.)))")
local_escapes: Final = re.compile(r"\\(.)").sub
_ECHAR: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def is_comment(token: str) -> bool:
    """True for a comment, unless it does not end."""
    return token[:2] == "//" or (token[:2] == "/*" and token[-2:] == "*/" and len(token) > 3)


def is_open(token: str) -> bool:
    """True for a text, a name in quotes or a comment that does not end: what comes after it is of it."""
    return token[:1] in ('"', "'", "/") and tokens(token + " ")[1] == token + " "


class BadEscape(Exception):
    """An escape stands for nothing; its text says which and why."""


def unescaped(text: str, characters: dict[str, str] = _ECHAR) -> str:
    r"""What a text with escapes stands for.

    Args: characters: of the escapes of one character; `\\uXXXX` and `\\UXXXXXXXX` are allowed everywhere.
    Raises: BadEscape: an escape is unknown or no Unicode character.
    """

    def one(match: re.Match[str]) -> str:
        four, eight, character = match.groups()
        if character is not None:
            if character not in characters:
                raise BadEscape(f'the escape "{match[0]}" is unknown here')
            return characters[character]
        code = int(four or eight, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise BadEscape(f'the escape "{match[0]}" is no Unicode character')
        return chr(code)

    return _escape.sub(one, text)


def unescaped_iri(text: str) -> str:
    """The IRI in the brackets of an IRI_REF.

    Raises: BadEscape: also for an escaped character that no IRI_REF has.
    """
    iri = unescaped(text, {}) if "\\" in text else text
    if not iri_ref(iri):
        raise BadEscape(f'an escape in "{text}" stands for a character that no IRI has')
    return iri
