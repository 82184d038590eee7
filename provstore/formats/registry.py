"""The PROV formats by name, one line each: a name or a file comes in, the format that reads and writes it goes out."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from provstore.errors import BadInput, UsageError
from provstore.formats.contract import Format
from provstore.formats.prov_json import PROV_JSON
from provstore.formats.prov_jsonld import JSON_LD
from provstore.formats.prov_n import PROV_N
from provstore.formats.prov_o import TRIG, TURTLE
from provstore.formats.prov_xml import PROV_XML

# Readers and writers are imported when they are asked for: most commands need one of them, or none.
FORMATS: Final[tuple[Format, ...]] = (
    PROV_JSON,
    PROV_N,
    PROV_XML,
    TURTLE,
    TRIG,
    JSON_LD,
)

# What a file of each format begins with, where its ending does not say; looked for in this order.
_BEGINNINGS: Final = (
    ("json-ld", re.compile(rb'\s*[\[{].*"@(?:context|graph|id)"', re.DOTALL)),
    ("prov-json", re.compile(rb"\s*\{")),
    ("prov-xml", re.compile(rb"\s*<[?!\w]")),
    ("prov-n", re.compile(rb"(?:\s|//[^\n]*\n|/\*.*?\*/)*document\b", re.DOTALL)),
    ("trig", re.compile(rb"\s*(?:@prefix|@base|PREFIX|BASE|#).*\{", re.DOTALL | re.IGNORECASE)),
    ("turtle", re.compile(rb"\s*(?:@prefix|@base|PREFIX|BASE|#)", re.IGNORECASE)),
)
# Raised when a reader starts to map the same file differently (rule 11).
_READER_VERSIONS: Final = {
    "prov-json": "1",
    "prov-n": "1",
    "prov-xml": "1",
    "turtle": "1",
    "trig": "1",
    "json-ld": "1",
}


def by_name(name: str) -> Format:
    """The format of that name.

    Raises: UsageError: there is none; the names are listed.
    """
    for one in FORMATS:
        if one.name == name:
            return one
    raise UsageError(f'"{name}" is no PROV format', next_step="Expected one of: " + ", ".join(f.name for f in FORMATS))


def find_out(path: str, first_bytes: bytes) -> Format:
    """The format of a file, by the ending of its name, else by what it begins with.

    Args: first_bytes: the first some thousand bytes; empty for a file to be written.
    Raises: BadInput: neither tells.
    """
    ending = PurePath(path).suffix.lower()
    # JSON-LD is often kept as .json.
    if ending != ".json" or not _BEGINNINGS[0][1].match(first_bytes):
        for one in FORMATS:
            if ending in one.endings:
                return one
    for name, beginning in _BEGINNINGS:
        if beginning.match(first_bytes.removeprefix(b"\xef\xbb\xbf")):
            return by_name(name)
    names = ", ".join(one.name for one in FORMATS)
    raise BadInput(
        "this is no PROV format that is known",
        where=path,
        next_step=f"If it is PROV, name its format with --format: {names}",
    )


def reader_version(name: str) -> str:
    """The version of a format's reader, kept with what it read: a number of our own."""
    return _READER_VERSIONS[name]
