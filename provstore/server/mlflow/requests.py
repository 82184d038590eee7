"""The arguments of a call: a JSON object or a query comes in, checked values go out.

Names and counts are limited as by MLflow's own server (mlflow.utils.validation, 3.17). Values are not cut as there:
they are kept whole, up to what a text may have (rule 33).
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Mapping
from typing import Any, Final

from provstore.errors import BadInput

MAX_KEY: Final = 250
MAX_EXPERIMENT_NAME: Final = 500
MAX_TEXT: Final = 1_048_576
_MAX_METRICS: Final = 1_000
_MAX_PARAMS_OR_TAGS: Final = 100
_MAX_ITEMS: Final = 1_000
_MAX_ALIAS: Final = 255
_KEY: Final = re.compile(r"[/\w.\- :]+")
_ALIAS: Final = re.compile(r"[\w-]+")
_RESERVED_ALIAS: Final = re.compile(r"(?i)latest|v\d+")
_UP: Final = (".", "..")
_RUN_ID: Final = re.compile(r"[A-Za-z0-9][\w-]{0,255}")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_INT64: Final = 1 << 63
# What protobuf's JSON calls the numbers that JSON has no word for.
_WORDS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_PAGE: Final = 1_000


class Arguments:
    """The arguments of one call. Every method raises BadInput, with the argument's name, for what is not as it says."""

    def __init__(self, values: Mapping[str, Any], where: str = "") -> None:
        self._values, self._where = values, where

    def text(self, *names: str, longest: int = MAX_TEXT) -> str | None:
        """The first of these arguments that is given and not empty."""
        for name in names:
            value = self._values.get(name)
            if value not in (None, ""):
                return self._text(name, value, longest)
        return None

    def required(self, *names: str, longest: int = MAX_TEXT) -> str:
        """Like `text`, but one must be given."""
        value = self.text(*names, longest=longest)
        if value is None:
            raise BadInput(f"Missing value for required parameter '{names[0]}'", where=self._place(names[0]))
        return value

    def value(self, name: str = "value") -> str:
        """A text that may be empty, such as a tag's value."""
        value = self._values.get(name)
        return "" if value is None else self._text(name, value, MAX_TEXT)

    def has(self, name: str) -> bool:
        """True when the argument is given."""
        return self._values.get(name) is not None

    def with_values(self, **values: Any) -> Arguments:
        """The arguments with others in place of some."""
        return Arguments({**self._values, **values}, self._where)

    def raw(self, name: str) -> object:
        """The argument as it was sent, unchecked; None for none."""
        return self._values.get(name)

    def integer(self, name: str) -> int | None:
        """A 64-bit integer; protobuf's JSON may have it as text."""
        value = self._values.get(name)
        if value is None:
            return None
        try:
            number = int(value) if not isinstance(value, (bool, float)) or value == int(value) else None
        except (TypeError, ValueError, OverflowError):
            number = None
        if number is None or isinstance(value, bool) or not -_INT64 <= number < _INT64:
            raise self.wrong(name, value, "an integer of 64 bits is expected")
        return number

    def number(self, name: str) -> float:
        """A number, or its text, or the words NaN, Infinity, -Infinity (protobuf's JSON)."""
        value = self._values.get(name)
        if isinstance(value, str) and value in _WORDS:
            return _WORDS[value]
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, value, "a number is expected")
        try:
            return float(value)
        except OverflowError:
            raise self.wrong(name, value, "a number of 64 bits is expected") from None

    def boolean(self, name: str) -> bool:
        """True or false; false when it is not given."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        if value in ("true", "false"):
            return bool(value == "true")
        raise self.wrong(name, value, "true or false is expected")

    def each(self, name: str, most: int = _MAX_ITEMS) -> list[Arguments]:
        """A list of objects."""
        value = self._list(name)
        if len(value) > most:
            raise BadInput(f"A request can contain at most {most} {name}. Got {len(value)}", where=self._place(name))
        found = []
        for number, one in enumerate(value):
            if not isinstance(one, Mapping):
                raise self.wrong(f"{name}[{number}]", one, "an object is expected")
            found.append(Arguments(one, f"{self._place(name)}[{number}]"))
        return found

    def inner(self, name: str) -> Arguments:
        """An object."""
        value = self._values.get(name)
        if not isinstance(value, Mapping):
            raise self.wrong(name, value, "an object is expected")
        return Arguments(value, self._place(name))

    def texts(self, name: str) -> list[str]:
        """A list of texts; a single text is one of them, since queries repeat a name."""
        value = [self._values[name]] if isinstance(self._values.get(name), str) else self._list(name)
        return [self._text(name, one, MAX_TEXT) for one in value]

    def page(self, most: int = _PAGE) -> int:
        """`max_results`: from 1 to `most`, which it is when it is not given."""
        found = self.integer("max_results")
        if found is None:
            return most
        if found < 1:
            raise self.wrong("max_results", found, "a positive integer is expected")
        return min(found, most)

    def key(self, name: str = "key") -> str:
        """The name of a metric, a parameter or a tag."""
        key = self.required(name, longest=MAX_KEY)
        if not _KEY.fullmatch(key) or posixpath.normpath(key) != key or key.startswith(("/", "..")) or key == ".":
            raise self.wrong(
                name, key, "letters, digits, _ - . : spaces and slashes are expected, as in a path of files"
            )
        return key

    def run_id(self) -> str:
        """The id of a run, by its new or its old name."""
        found = self.required("run_id", "run_uuid")
        if not _RUN_ID.fullmatch(found):
            raise self.wrong("run_id", found, "the id of a run is expected")
        return found

    def pairs(self, name: str, *, most: int = _MAX_PARAMS_OR_TAGS) -> dict[str, str]:
        """A list of keys and values; of a key that comes again, the last one."""
        return {one.key(): one.value() for one in self.each(name, most)}

    def metrics(self) -> list[Arguments]:
        """The list `metrics`, not longer than MLflow takes."""
        return self.each("metrics", _MAX_METRICS)

    def model_name(self, name: str = "name") -> str:
        """The name of a registered model."""
        found = self.required(name, longest=256)
        if not found.strip() or any(c in found for c in "/:") or posixpath.normpath(found) != found or found in _UP:
            raise self.wrong(name, found, "a name without '/' and ':' is expected")
        return found

    def alias(self) -> str:
        """An alias that may be given to a version."""
        found = self.required("alias", longest=_MAX_ALIAS)
        if not _ALIAS.fullmatch(found):
            raise self.wrong("alias", found, "letters, digits, _ and - are expected")
        if _RESERVED_ALIAS.fullmatch(found):
            raise BadInput(f"the alias name '{found}' is reserved", where="alias")
        return found

    def version(self) -> str:
        """The number of a version."""
        found = self.required("version")
        if not found.isascii() or not found.isdigit():
            raise self.wrong("version", found, "an integer is expected")
        return found.lstrip("0") or "0"

    def wrong(self, name: str, value: object, expected: str) -> BadInput:
        """The error of an argument that is not what is expected."""
        return BadInput(
            f"Invalid value {str(value)[:200]!r} for parameter '{name}': {expected}", where=self._place(name)
        )

    def _list(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, value, "a list is expected")
        return value

    def _text(self, name: str, value: object, longest: int) -> str:
        if not isinstance(value, str):
            raise self.wrong(name, value, "a text is expected")
        if len(value) > longest:
            raise BadInput(f"'{name}' exceeds the maximum length of {longest} characters", where=self._place(name))
        return value

    def _place(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name
