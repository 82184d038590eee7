"""What follows from statements in columns: rows of nodes and edges, made a shape at a time instead of one by one.

It says of each what `projection` says, without making nodes, edges and statements. What a shape cannot tell, or what
was spoken of before, is left to `streaming`. Source: rules 18 to 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, Final, NamedTuple

from provstore.graph.projection import METRIC_SERIES, SHAPES, utc
from provstore.graph.sqlite_rows import CODES
from provstore.graph.streaming import DECLARED, KIND_BITS, PLACES
from provstore.graph.values import quoted
from provstore.model.columns import MOST_SHAPES, Alike, Shape
from provstore.model.fold import DIGEST
from provstore.model.terms import (
    ELEMENTS,
    END_TIME,
    LABEL,
    PROV,
    QUALIFIED_NAME,
    ROLE,
    START_TIME,
    TYPE,
)

Row = tuple[Any, ...]
_COMMUNICATION: Final = PROV + "Communication"
# What fills a place in an edge's detail and is no column.
_IDENTIFIER, _TIME = -1, -2


class ElementPlan(NamedTuple):
    """How element records of one shape become rows of nodes; numbers of columns, None: the shape has no such one.

    `attributes`: JSON text with a place for each lexical form; None: there are none.
    """

    bits: int
    label: int | None
    start: int | None
    end: int | None
    type: int | None
    digest: int | None
    attributes: str | None


class RelationPlan(NamedTuple):
    """How relations of one shape become rows of edges.

    `named`: column and bits of the kind that follows, of each element that is named. `ends`: relation code, columns of
    source and target, of each edge. `time`: its column. `detail`: JSON text with places for what is in `fill`, columns
    and two that are none; `is_bare`: there is none where there is no time.
    """

    named: tuple[tuple[int, int], ...]
    ends: tuple[tuple[int, int, int], ...]
    time: int | None
    detail: str
    fill: tuple[int, ...]
    is_bare: bool


@lru_cache(maxsize=MOST_SHAPES)
def plan_of(shape: Shape) -> ElementPlan | RelationPlan | None:
    """The plan of a shape; None when each statement must be looked at."""
    if shape.kind in ELEMENTS:
        return _element_plan(shape) if shape.is_identified else None
    return _relation_plan(shape)


def node_rows(
    plan: ElementPlan, alike: Alike, numbers: Iterable[int], masks: Iterable[int | None], spaces: str
) -> list[Row]:
    """The rows of nodes that one statement alone is about (projection.plain_node, sqlite_rows.node_row).

    Args: numbers: of the nodes. masks: bits of their kinds. spaces: JSON list.
    """
    columns = alike.columns
    attributes = _filled(plan.attributes, columns) if plan.attributes else repeat(None)
    fields = (
        _field(plan.label, columns, list),
        _field(plan.start, columns, _times),
        _field(plan.end, columns, _times),
        _field(plan.type, columns, _lists),
        _field(plan.digest, columns, _digests),
    )
    opening = numbers, alike.identifiers, masks, repeat(True)
    return list(zip(*opening, *fields, attributes, repeat(None), repeat(spaces), strict=False))


def _field(
    at: int | None, columns: Sequence[Sequence[str]], make: Callable[[Sequence[str]], Iterable[str | None]]
) -> Iterable[str | None]:
    return repeat(None) if at is None else make(columns[at])


def bare_row(number: int, iri: str, mask: int, spaces: str) -> Row:
    """The row of a node that relations name and no record is about."""
    return number, iri, mask, False, None, None, None, None, None, None, None, spaces


def edge_rows(
    plan: RelationPlan, alike: Alike, numbers: dict[str, int], sids: Sequence[bytes], scope: int
) -> list[Row]:
    """The rows of edges (projection.edges_of, sqlite_rows.edge_detail).

    Args: numbers: of nodes, by IRI. sids: of the statements, 32 bytes each.
    """
    number = numbers.__getitem__
    details = _details(plan, alike)
    rows: list[Row] = []
    for code, source, target in plan.ends:
        sources, targets = map(number, alike.columns[source]), map(number, alike.columns[target])
        rows.extend(zip(sources, repeat(code), targets, sids, repeat(scope), details or repeat(None), strict=False))
    return rows


def series_in(alike: Alike) -> set[str]:
    """The elements of which a value says that they are metric series."""
    return {
        iri
        for column in alike.columns
        if METRIC_SERIES in column
        for iri, lexical in zip(alike.identifiers, column, strict=True)
        if lexical == METRIC_SERIES
    }


def _element_plan(shape: Shape) -> ElementPlan:
    at = {one.name: number for number, one in enumerate(shape.attributes)}
    typed = at[TYPE] if TYPE in at and _is_name(shape, at[TYPE]) else None
    bits = KIND_BITS[ELEMENTS[shape.kind]] | DECLARED
    attributes = _attributes(shape, range(len(shape.attributes))) if shape.attributes else None
    return ElementPlan(bits, at.get(LABEL), at.get(START_TIME), at.get(END_TIME), typed, at.get(DIGEST), attributes)


def _relation_plan(shape: Shape) -> RelationPlan | None:
    known = SHAPES[shape.kind]
    arguments: dict[str, int] = {}
    others: dict[str, int] = {}
    for number, (name, datatype, _) in enumerate(shape.attributes):
        place = known.places.get(name)
        if place is None:
            others[name] = number
        elif datatype == QUALIFIED_NAME or place == "time":
            arguments[place] = number
    # What an edge is called may depend on its types, and a dictionary's edges are told by its keys.
    if "keys" in known.places.values() or (shape.kind == _COMMUNICATION and TYPE in others):
        return None
    if "first" not in arguments or "second" not in arguments:
        return None
    source, target, time = arguments.pop("first"), arguments.pop("second"), arguments.pop("time", None)
    ends = [(CODES[known.name], source, target)]
    if known.third and known.third[0] in arguments:
        ends.append((CODES[known.third[1]], source, arguments[known.third[0]]))
    detail, fill = _detail(shape, others, arguments)
    is_bare = not shape.is_identified and len(fill) == len((_IDENTIFIER, _TIME))
    return RelationPlan(_named(shape), tuple(ends), time, detail, fill, is_bare)


def _named(shape: Shape) -> tuple[tuple[int, int], ...]:
    places = PLACES[shape.kind]
    return tuple(
        (number, places[name])
        for number, (name, datatype, _) in enumerate(shape.attributes)
        if name in places and datatype == QUALIFIED_NAME
    )


def _detail(shape: Shape, others: dict[str, int], third: dict[str, int]) -> tuple[str, tuple[int, ...]]:
    """The JSON list of an edge's detail with its places, and what fills them."""
    role = [others.pop(ROLE)] if ROLE in others else []
    typed = [others.pop(TYPE)] if TYPE in others and _is_name(shape, others[TYPE]) else []
    attributes = _attributes(shape, others.values())
    rest = ",".join([f"{_escaped(place)}:%s" for place in third])
    roles, types = ("[%s]" if column else "[]" for column in (role, typed))
    text = f"[%s,{roles},%s,{types},{attributes},{{{rest}}}]"
    return text, (_IDENTIFIER, *role, _TIME, *typed, *others.values(), *third.values())


def _details(plan: RelationPlan, alike: Alike) -> list[str | None] | None:
    """The detail of each edge; None: none has any."""
    if plan.is_bare and plan.time is None:
        return None
    times = [] if plan.time is None else _times(alike.columns[plan.time])
    special: dict[int, Iterable[str]] = {
        _IDENTIFIER: map(quoted, alike.identifiers) if alike.identifiers else repeat("null"),
        _TIME: ["null" if time is None else quoted(time) for time in times] or repeat("null"),
    }
    texts = [special[at] if at in special else map(quoted, alike.columns[at]) for at in plan.fill]
    found = map(plan.detail.__mod__, zip(*texts, strict=False))
    if not plan.is_bare:
        return list(found)
    return [None if time is None else text for time, text in zip(times, found, strict=True)]


def _is_name(shape: Shape, column: int) -> bool:
    return shape.attributes[column].datatype == QUALIFIED_NAME


def _attributes(shape: Shape, columns: Iterable[int]) -> str:
    """The JSON object of attributes (graph.values) with a place for each lexical form."""
    found = []
    for name, datatype, language in (shape.attributes[column] for column in columns):
        found.append(f"{_escaped(name)}:[[{_escaped(datatype)},%s,{_escaped(language)}]]")
    return f"{{{','.join(found)}}}"


def _escaped(text: str) -> str:
    return quoted(text).replace("%", "%%")


def _filled(template: str, columns: Iterable[Sequence[str]]) -> Iterable[str]:
    return map(template.__mod__, zip(*[map(quoted, column) for column in columns], strict=True))


def _times(column: Sequence[str]) -> list[str | None]:
    known = {lexical: utc(lexical) for lexical in set(column)}
    return [known[lexical] for lexical in column]


def _digests(column: Sequence[str]) -> list[str]:
    return _lists([digest.lower() for digest in column])


def _lists(column: Iterable[str]) -> list[str]:
    """Each text as a JSON list."""
    return [f"[{quoted(one)}]" for one in column]
