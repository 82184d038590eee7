"""What a request's JSON or parameters should have been: pydantic's errors come in, a place and a sentence go out.

The place is a JSON pointer (RFC 6901). Of the alternatives of a union, the one that was meant is told: that which
fails deepest within the value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

Error = Mapping[str, Any]
# How much of a value is repeated.
_SHOWN: Final = 60
_DIGEST: Final = "a digest such as sha256:0123abcd (algorithm, colon, 8 to 128 hexadecimal digits)"
_PATTERNS: Final = {
    **dict.fromkeys(("digest", "digests", "diff"), _DIGEST),
    "iri": "a full IRI such as https://example.org/x, without spaces",
}


class Refusal(NamedTuple):
    """Where it is (a JSON pointer, "" for the whole), what was expected and found there, and how many mistakes more."""

    pointer: str
    message: str
    more: int


def refusal(errors: Sequence[Error], value: Any, fields: Sequence[str] = ()) -> Refusal:
    """The first mistake in a value.

    Args: errors: as pydantic gives them, contexts included. value: what was validated. fields: names that there are,
    for one that is misspelt.
    """
    by_place: dict[tuple[str | int, ...], list[Error]] = {}
    for error in errors:
        by_place.setdefault(_place(error, value), []).append(error)
    places = list(by_place)
    top = places[0]
    # The alternatives of a union fail at a value or below it.
    place = max((one for one in places if one[: len(top)] == top), key=len)
    mistakes = {one for one in places if not (one[: len(top)] == top or top[: len(one)] == one)}
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
    return Refusal(pointer, _sentence(by_place[place], place, fields), len(mistakes))


def _place(error: Error, value: Any) -> tuple[str | int, ...]:
    """The keys and indexes on the way to the mistake; names of alternatives, which pydantic puts between, left out."""
    place: list[str | int] = []
    parts = error["loc"]
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if _is_in(part, value, is_last=is_last):
            value = value[part]
        elif not (is_last and error["type"] == "missing"):
            continue
        place.append(part)
    if error["type"] in ("union_tag_not_found", "union_tag_invalid"):
        place.append("type")
    return tuple(place)


def _is_in(part: str | int, value: Any, *, is_last: bool) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    # Between an event and its fields stands its type.
    return isinstance(value, dict) and part in value and (is_last or part != value.get("type"))


def _sentence(errors: Sequence[Error], place: Sequence[str | int], fields: Sequence[str]) -> str:
    by_type = {error["type"]: error for error in errors}
    if "missing" in by_type or "union_tag_not_found" in by_type:
        return f"{place[-1]} is required, and is not there"
    if "extra_forbidden" in by_type:
        near = get_close_matches(str(place[-1]), [name for name in fields if name != place[-1]], 1)
        return f"there is no field {place[-1]} here" + (f"; did you mean {near[0]}?" if near else "")
    if "value_error" in by_type:
        return str(by_type["value_error"]["msg"]).partition(", ")[2]
    wanted = list(dict.fromkeys(_expected(error, place) for error in errors))
    return f"expected {' or '.join(wanted)}, found {_found(errors[0])}"


def _expected(error: Error, place: Sequence[str | int]) -> str:
    """What is asked for, in words."""
    context = error.get("ctx", {})
    told = _EXPECTED.get(error["type"])
    if told is not None:
        return told(context, place)
    said = str(error["msg"])
    return said.removeprefix("Input should be ").removeprefix("Value should ").lower()


def _bound(context: Mapping[str, Any]) -> str:
    """The bound that is not kept to."""
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    return next(f"{word} {context[name]:,}" for name, word in words.items() if name in context)


def _options(context: Mapping[str, Any], place: Sequence[str | int]) -> str:
    expected = str(context.get("expected", context.get("expected_tags", ""))).replace(" or ", ", ")
    return "one of " + expected.replace("'", "")


def _pattern(context: Mapping[str, Any], place: Sequence[str | int]) -> str:
    names = [part for part in place if isinstance(part, str)]
    return _PATTERNS.get(names[-1] if names else "", f"a text that matches {context['pattern']}")


_Words = Callable[[Mapping[str, Any], Sequence[str | int]], str]
_EXPECTED: Final[dict[str, _Words]] = {
    "string_type": lambda context, place: "a text",
    "string_too_short": lambda context, place: "a text that is not empty",
    "string_too_long": lambda context, place: f"a text of at most {context['max_length']:,} characters",
    "string_pattern_mismatch": _pattern,
    **dict.fromkeys(("int_type", "int_from_float", "int_parsing"), lambda context, place: "a whole number"),
    **dict.fromkeys(
        ("greater_than_equal", "greater_than", "less_than_equal", "less_than"),
        lambda context, place: f"a number {_bound(context)}",
    ),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), lambda context, place: "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), lambda context, place: "true or false"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), lambda context, place: "an object"),
    "list_type": lambda context, place: "a list",
    "too_short": lambda context, place: f"at least {context['min_length']} of them",
    **dict.fromkeys(("literal_error", "enum", "union_tag_invalid"), _options),
}


def _found(error: Error) -> str:
    """The value as people see it: itself when it is short, else what it is."""
    value = error["input"]
    if error["type"] == "union_tag_invalid":
        value = value["type"]
    if isinstance(value, dict | list):
        return "an empty list" if value == [] else "an object" if isinstance(value, dict) else "a list"
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 3]}..."
