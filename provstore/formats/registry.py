"""The PROV formats by name, one line each: a name or a file comes in, the format that reads and writes it goes out."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from provstore.errors import BadInput, UsageError
from provstore.formats.contract import Format
from provstore.formats.prov_json import PROV_JSON
from provstore.formats.prov_jsonld import JSON_LD
from provstore.formats.prov_n import PROV_N
from provstore.formats.prov_o import TRIG, TURTLE
from provstore.formats.prov_xml import PROV_XML

_MARK: Final = b"\xef\xbb\xbf"
# Readers and writers are imported when they are asked for: most commands need one of them, or none. Where a file begins
# as two formats do, or ends so, the later one is meant, which is the more special one.
FORMATS: Final[tuple[Format, ...]] = (
    PROV_JSON,
    PROV_N,
    PROV_XML,
    TURTLE,
    TRIG,
    JSON_LD,
)
NAMES: Final = tuple(one.name for one in FORMATS)


def by_name(name: str) -> Format:
    """The format of that name.

    Raises: UsageError: there is none; the names are listed.
    """
    for one in FORMATS:
        if one.name == name:
            return one
    raise UsageError(f'"{name}" is no PROV format', next_step="Expected one of: " + ", ".join(NAMES))


def find_out(path: str, first_bytes: bytes) -> Format:
    """The format of a file, by the ending of its name, else by what it begins with.

    Args: first_bytes: the first some thousand bytes; empty for a file to be written.
    Raises: BadInput: neither tells.
    """
    ending = PurePath(path).suffix.lower()
    ends_so = [one for one in FORMATS if ending in one.endings]
    text = first_bytes.removeprefix(_MARK)
    begins_so = [one for one in ends_so or FORMATS if one.beginning.match(text)]
    if begins_so or ends_so:
        return begins_so[-1] if begins_so else ends_so[0]
    raise BadInput(
        "this is no PROV format that is known",
        where=path,
        next_step=f"If it is PROV, name its format with --format: {', '.join(NAMES)}",
    )
