"""Media types of the PROV formats: what a Content-Type or an Accept header means."""

from __future__ import annotations

from typing import Any, Final

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
    return {
        one: {"schema": {"type": "object" if "json" in one else "string"}}
        for one in (*(form.media_types[0] for form in FORMATS), *more)
    }


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


def accepted(accept: str) -> Format:
    """The format that an Accept header prefers; PROV-JSON among equals (RFC 9110, section 12.5.1).

    Raises: NotAcceptable: it takes none of them.
    """
    ranked = sorted(weighted(accept.strip() or "*/*"), key=lambda pair: -pair[1])
    for media, quality in ranked:
        if quality <= 0:
            continue
        if media in ("*/*", "application/*"):
            return by_name("prov-json")
        for one in FORMATS:
            if media in one.media_types or (media == "text/*" and any(t.startswith("text/") for t in one.media_types)):
                return one
    raise NotAcceptable(
        f"no PROV format is written as {accept!r}", where="Accept", next_step="Known: " + ", ".join(all_types())
    )
