"""One record of MLflow read field by field: a row, a YAML mapping, a JSON object.

In: names and values as the source has them. Out: texts and integers; what nobody asked for is counted as unmapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar

from provstore.errors import BadInput, printable
from provstore.importers.contract import Findings

_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})
# Of a text, in a message.
_SHOWN: Final = 80
_Record = TypeVar("_Record")


class Fields:
    """The fields of one record.

    Args: what: the record's kind, for the count of unmapped fields. where: its place, for messages.
    """

    def __init__(self, what: str, values: object, *, where: str) -> None:
        if not isinstance(values, Mapping):
            raise BadInput(f"this is no MLflow record of {what}: names with values are expected", where=where)
        self._what, self._where = what, where
        self._left: dict[str, Any] = dict(values)

    def text(self, *names: str) -> str | None:
        """The first of the fields `names` that has a value, as text; "" counts as none.

        Raises: BadInput: it is bytes.
        """
        values = [(name, self._left.pop(name, None)) for name in names]
        return next((self._as_text(name, value) for name, value in values if value not in _EMPTY), None)

    def required(self, *names: str) -> str:
        """Like `text`. Raises: BadInput: none of them has a value."""
        value = self.text(*names)
        if value is None:
            raise BadInput(f"the record of {self._what} has no {names[0]}", where=self._where)
        return value

    def integer(self, name: str) -> int | None:
        """The field as an integer, or None. Raises: BadInput: it is something else."""
        value = self._left.pop(name, None)
        if value in _EMPTY:
            return None
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise BadInput(
                f"{name} of the {self._what} is no integer: {printable(value)!r}", where=self._where
            ) from error

    def _as_text(self, name: str, value: object) -> str:
        if isinstance(value, bytes):
            shown = printable(value[:_SHOWN])
            raise BadInput(f"{name} of the {self._what} is no text: {shown}", where=self._where)
        return str(value)

    def inner(self, name: str, default: object = None) -> object:
        """The field as it is, or `default` when it is left out."""
        return self._left.pop(name, default)

    def drop(self, *names: str) -> None:
        """Fields that say nothing beyond others."""
        for name in names:
            self._left.pop(name, None)

    def count_rest(self, findings: Findings) -> None:
        """Counts what was not asked for (`skip` redacts the example)."""
        for name, value in self._left.items():
            if value not in _EMPTY:
                findings.skip(f"{self._what}.{name}", value)


def pairs(listed: object, *, where: str) -> dict[str, str]:
    """A list of objects with `key` and `value` as a mapping; the form of tags and parameters over REST."""
    if listed is None:
        return {}
    if not isinstance(listed, list):
        raise BadInput("a list of keys and values is expected", where=where)
    found = {}
    for item in listed:
        fields = Fields("pair", item, where=where)
        found[fields.required("key")] = fields.text("value") or ""
    return found


def decoded(record: _Record, where: str) -> _Record:
    """The record. Raises: BadInput: a text in it is no UTF-8, where the source's reader lets that through."""
    for text in _texts(record):
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise BadInput(f"a text is no UTF-8: {printable(text)[:_SHOWN]}", where=printable(where)) from error
    return record


def _texts(value: object) -> Iterator[str]:
    """Every text in a record, whatever holds it."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.items()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
