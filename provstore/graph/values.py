"""Attributes as JSON text: `{attribute IRI: [[datatype, lexical form, language]...]}`, decoded at the first look.

A node that only passes through, from a document into an engine or out of one, is never decoded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Final

from provstore.model.statement import Value

__all__ = ["NAMES", "NO_VALUES", "Values", "decode_values", "encode", "quoted", "values_json"]

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Values(Mapping[str, tuple[Value, ...]]):
    """Attributes that are held as JSON text; equal to any mapping with the same content."""

    __slots__ = ("_found", "text")

    def __init__(self, text: str):
        self.text = text
        self._found: dict[str, tuple[Value, ...]] | None = None

    def _decoded(self) -> dict[str, tuple[Value, ...]]:
        if self._found is None:
            self._found = _decoded_text(self.text)
        return self._found

    def __getitem__(self, name: str) -> tuple[Value, ...]:
        return self._decoded()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded())

    def __len__(self) -> int:
        return len(self._decoded())

    def __bool__(self) -> bool:
        return self.text != "{}"

    def __repr__(self) -> str:
        return repr(self._decoded())


class _Quoted(dict[str, str]):
    """Names as JSON texts, each put into quotes once; there are few, and no more are kept than a store may have."""

    def __missing__(self, name: str) -> str:
        if len(self) > _NAMES_KEPT:
            self.clear()
        return self.setdefault(name, quoted(name))


_NAMES_KEPT: Final = 10_000
NAMES: Final = _Quoted()
NO_VALUES: Final[Mapping[str, tuple[Value, ...]]] = {}


def values_json(attributes: Mapping[str, tuple[Value, ...]]) -> str:
    """Attributes as JSON text; what is held as text is written as it is."""
    return attributes.text if isinstance(attributes, Values) else encode(attributes)


@lru_cache(maxsize=1024)
def _decoded_text(text: str) -> dict[str, tuple[Value, ...]]:
    """The attributes of a text; what many runs share is decoded once. Nobody changes what it returns."""
    return decode_values(json.loads(text))


def decode_values(found: Mapping[str, list[list[str]]]) -> dict[str, tuple[Value, ...]]:
    """Attributes from their JSON form."""
    return {name: tuple(map(Value._make, values)) for name, values in found.items()}
