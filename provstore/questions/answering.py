"""Runs a query template and makes its rows whole: what an engine cuts, or names otherwise, is as it was stated.

In: a template's place, types and values of its parameters. Out: rows, and what is still cut of them.
Source: docs/reference/json.md; decisions 14 and 15.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from provstore.graph.contract import Abridging, Engine, Filter
from provstore.model.names import Prefixes
from provstore.questions.result import Truncated

Bound = str | int | float | list[str]
Row = tuple[Any, ...]
# The parameter of that name bounds the rows.
LIMIT: Final = "limit"
# Columns that hold no text that an engine cuts, or a label, which is made whole.
_NEVER_CUT: Final = frozenset({"iri", "label", "source", "target", "example", "activity", "sid"})
# By how much more is asked for when some of what an engine found is none.
_MORE: Final = 4


class Values(NamedTuple):
    """The values of a template's parameters by name, and which of them name elements, and attributes."""

    bound: Mapping[str, Bound]
    elements: frozenset[str]
    attributes: frozenset[str]


class Answered(NamedTuple):
    """Columns, rows, and what was cut."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    truncated: Truncated | None


def answered(engine: Engine, place: str, values: Values, prefixes: Prefixes) -> Answered:
    """The rows of a template, whole. One more than its limit is asked for, which tells whether there are more.

    Raises: UsageError: the engine has no such attribute in the reach of queries.
    """
    sent = _sent(engine, values, prefixes)
    limit = values.bound.get(LIMIT)
    asked = limit + 1 if isinstance(limit, int) else None
    while True:
        found = engine.run(place, sent if asked is None else {**sent, LIMIT: asked})
        rows = _whole(engine, found.columns, found.rows, values.bound.get("text"))
        if asked is None or not isinstance(limit, int):
            return Answered(found.columns, rows, _shortened(engine, found.columns, rows))
        if len(rows) > limit:
            return Answered(found.columns, rows[:limit], Truncated("limit", limit, None))
        if len(found.rows) < asked:
            return Answered(found.columns, rows, _shortened(engine, found.columns, rows))
        asked *= _MORE


def _sent(engine: Engine, values: Values, prefixes: Prefixes) -> Mapping[str, Bound]:
    """The values as the engine knows them."""
    if not isinstance(engine, Abridging):
        return values.bound
    sent = dict(values.bound)
    for name in values.elements:
        given = sent[name]
        sent[name] = [engine.name_of(iri) for iri in given] if isinstance(given, list) else engine.name_of(str(given))
    for name in values.attributes:
        sent[name] = engine.keys_of_attribute(str(sent[name]), prefixes)
    return sent


def _whole(engine: Engine, columns: Sequence[str], rows: Sequence[Row], text: object) -> list[Row]:
    """The rows with IRIs in place of other names and with whole labels; only those whose label holds the text."""
    if not isinstance(engine, Abridging):
        return list(rows)
    iris = engine.iris_of({cell for row in rows for cell in row if isinstance(cell, str)})
    named = [tuple(iris.get(cell, cell) if isinstance(cell, str) else cell for cell in row) for row in rows]
    if not {"iri", "label"} <= set(columns):
        return named
    return _labelled(engine, named, columns.index("iri"), columns.index("label"), str(text or ""))


def _labelled(engine: Abridging, rows: Sequence[Row], iri: int, label: int, text: str) -> list[Row]:
    cut = [row[iri] for row in rows if len(row[label] or "") >= engine.longest]
    whole = {node.iri: node.label for node in engine.nodes(Filter(iris=cut)).nodes} if cut else {}
    told = [(*row[:label], whole.get(row[iri], row[label]), *row[label + 1 :]) for row in rows]
    return [row for row in told if text in (row[label] or "")]


def _shortened(engine: Engine, columns: Sequence[str], rows: Iterable[Row]) -> Truncated | None:
    """Told where a text is as long as what the engine keeps of one, so that it may go on."""
    if not isinstance(engine, Abridging):
        return None
    places = [place for place, column in enumerate(columns) if column not in _NEVER_CUT]
    texts = (row[place] for row in rows for place in places if isinstance(row[place], str))
    return Truncated("length", engine.longest, None) if any(len(text) == engine.longest for text in texts) else None
