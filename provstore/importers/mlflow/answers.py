"""One object of a server's answer, read field by field; what has the wrong type is refused with the record's place.

In: objects as Protocol Buffers writes them in JSON: a field that is left out has its default. Out: their parts.
Source: MLflow REST API 2.0; ProtoJSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Self

from provstore.errors import BadInput
from provstore.importers.mlflow.fields import Fields, pairs

# Of an id or a value, in a message.
_SHOWN: Final = 80
_NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Answer(Fields):
    """The fields of one object. Args: what: its kind. where: its place, for messages."""

    def __init__(self, what: str, values: object, *, where: str) -> None:
        super().__init__(what, values, where=where)
        self.where = where

    def part(self, what: str, name: str) -> Self:
        """The object in a field; without fields when it is left out."""
        found = self.inner(name)
        return type(self)(what, {} if found is None else found, where=self.where)

    def parts(self, what: str, name: str) -> list[Self]:
        """The objects of the list in a field."""
        where = f"{self.where}, {what}"
        return [type(self)(what, one, where=where) for one in self._listed(name)]

    def pairs(self, name: str) -> dict[str, str]:
        """The list of keys and values in a field, as a mapping."""
        return pairs(self._listed(name), where=self.where)

    def number(self, name: str) -> float:
        """The number in a field, 0 when it is left out; numbers may be written as text, those not finite must be.

        Raises: BadInput: it is something else, null included, which other programs write for NaN.
        """
        value = self.inner(name, 0.0)
        number = _number(value)
        if number is None:
            raise BadInput(f"the metric {name} {repr(value)[:_SHOWN]} is no number", where=self.where)
        return number

    def _listed(self, name: str) -> list[object]:
        found = self.inner(name)
        if found is not None and not isinstance(found, list):
            raise BadInput(f"{name} is no list", where=self.where)
        return found or []


def place(address: str, what: str, answer: object, *names: str) -> str:
    """Where a record is: the server, the kind, and the first of the fields `names` that tells which one."""
    told = answer if isinstance(answer, Mapping) else {}
    known = next((str(told[name])[:_SHOWN] for name in names if told.get(name)), None)
    return f"{address}: {what} {known}" if known else f"{address}: {what}"


def _number(value: object) -> float | None:
    if isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
