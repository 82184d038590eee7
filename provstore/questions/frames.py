"""Rows as data frames: rows of one answer come in, a pandas or an Arrow table goes out (extra `provstore[tables]`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from provstore.errors import UsageError

Row = Mapping[str, Any]


class Frames(NamedTuple):
    """A graph as two tables."""

    nodes: Any
    edges: Any


def to_pandas(rows: Sequence[Row], columns: Sequence[str] = ()) -> Any:
    """A pandas DataFrame; a column that a row has not is missing there.

    Args: columns: those that come first, present even without rows. Raises: UsageError: pandas is not installed.
    """
    return _need("pandas").DataFrame(_columnar(rows, columns))


def to_arrow(rows: Sequence[Row], columns: Sequence[str] = ()) -> Any:
    """An Arrow table; a column whose values differ in type holds JSON text.

    Args: as `to_pandas`. Raises: UsageError: pyarrow is not installed.
    """
    arrow = _need("pyarrow")
    return arrow.table({name: arrow.array(_uniform(values)) for name, values in _columnar(rows, columns).items()})


def _need(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError(
            f"{module} is not installed", next_step="Install it with: pip install 'provstore[tables]'"
        ) from error


def _columnar(rows: Sequence[Row], columns: Sequence[str]) -> dict[str, list[Any]]:
    known = dict.fromkeys(columns)
    others = sorted({name for row in rows for name in row} - known.keys())
    return {name: [row.get(name) for row in rows] for name in (*known, *others)}


def _uniform(values: list[Any]) -> list[Any]:
    """The values as they are when one Arrow type holds them, else as JSON text."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} and len(kinds) == 2:
        return [None if value is None else float(value) for value in values]
    texts = kinds == {list} and all(isinstance(item, str) for value in values if value for item in value)
    if (len(kinds) <= 1 and not kinds & {dict, list}) or texts:
        return values
    return [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
