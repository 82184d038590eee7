"""Media types of the PROV formats: what a Content-Type or an Accept header means."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from provstore.formats.contract import Format
from provstore.formats.registry import FORMATS, by_name
from provstore.server.problems import NotAcceptable, UnknownMedia
from provstore.server.weights import weighted

# Bodies whose lines are taken one by one; the first is the one to name.
LINES: Final = ("application/x-ndjson", "application/ndjson", "application/jsonl")
EXAMPLE: Final = {
    "prefix": {"ex": "http://example.org/"},
    "entity": {"ex:raw": {}, "ex:model": {"prov:label": "model"}},
    "wasDerivedFrom": {"_:1": {"prov:generatedEntity": "ex:model", "prov:usedEntity": "ex:raw"}},
}


def all_types() -> list[str]:
    """Every media type that is read and written."""
    return [media for one in FORMATS for media in one.media_types]


def described(example: Any) -> dict[str, Any]:
    """The `content` of a request that takes any of them, for OpenAPI. Args: example: a document in PROV-JSON."""
    prov_json = by_name("prov-json").media_types
    return {
        one: {"schema": {"type": "object" if "json" in one else "string"}}
        | ({"example": example} if one in prov_json else {})
        for one in all_types()
    }


def written(*more: str) -> dict[str, Any]:
    """The `content` of an answer in any of the formats, for OpenAPI. Args: more: further media types."""
    return {one: {"schema": {"type": "object" if "json" in one else "string"}} for one in (*all_types(), *more)}


def format_of(media: str) -> Format:
    """The format of a media type. Raises: UnknownMedia: there is none; those there are, are named."""
    for one in FORMATS:
        if media in one.media_types:
            return one
    raise UnknownMedia(
        f"{media!r} is no media type of a PROV format" if media else "the Content-Type is missing",
        where="Content-Type",
        next_step="Known: " + ", ".join(all_types()),
    )


def type_of(name: str) -> str:
    """The media type that an export format is sent as."""
    return "text/csv" if name == "csv" else by_name(name).media_types[0]


class Accepted(NamedTuple):
    """A format, and the media type of it that is taken."""

    format: Format
    media: str


def accepted(accept: str) -> Accepted:
    """What an Accept header prefers: by weight, then by what it names more closely, then by its order; PROV-JSON among
    equals. Of a media type the closest range tells the weight (RFC 9110, section 12.5.1).

    Raises: NotAcceptable: it takes none of them.
    """
    ranges = {name: (weight, -place) for place, (name, weight) in enumerate(weighted(accept.strip() or "*/*"))}

    def preference(one: Accepted) -> tuple[float, int, int]:
        named = (one.media, f"{one.media.partition('/')[0]}/*", "*/*")
        far = next((far for far, name in enumerate(named) if name in ranges), None)
        if far is None:
            return 0.0, 0, 0
        weight, place = ranges[named[far]]
        return weight, -far, place

    best = max((Accepted(one, media) for one in FORMATS for media in one.media_types), key=preference)
    if not preference(best)[0]:
        raise NotAcceptable(
            f"no PROV format is written as {accept!r}", where="Accept", next_step="Known: " + ", ".join(all_types())
        )
    return best
