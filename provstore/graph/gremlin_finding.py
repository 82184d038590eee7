"""Which nodes of a TinkerPop graph may match: what its indexes can narrow is asked of it, the rest is decided here.

In: a filter. Out: nodes, at least all that match. A condition narrows where it asks for equality and text is all that
the two sides can be compared as. Source: rules 24 and 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gremlin_python.process.traversal import P, TextP

from provstore.graph.comparing import number
from provstore.graph.contract import Filter, Node
from provstore.graph.expressions import And, Comparison, Condition
from provstore.graph.gremlin_reading import Reading
from provstore.graph.gremlin_rows import cut
from provstore.model.fold import DIGEST
from provstore.model.terms import LABEL, TYPE
from provstore.model.times import instant

# Attributes whose values indexed properties hold, as text.
_INDEXED: Final[dict[str, tuple[str, ...]]] = {
    DIGEST: ("digests",),
    TYPE: ("types", "prov_type"),
    LABEL: ("prov_label", "labels"),
}


def candidates(reading: Reading, where: Filter) -> list[Node]:
    """The nodes that a filter may mean; its label, its digest and its condition are still to be compared."""
    if where.iris is not None:
        return reading.nodes(where.iris)
    if where.label is not None:
        return reading.scan(("prov_label", cut(where.label)))
    if where.digest_prefix is not None:
        return reading.scan(("digests", TextP.starting_with(cut(where.digest_prefix))))
    return _narrowed(reading, where.condition)


def _narrowed(reading: Reading, condition: Condition | None) -> list[Node]:
    """The nodes of the narrowest part of a condition that all matches meet."""
    asked = [part for part in _conjuncts(condition) if isinstance(part, Comparison) and part.operator in ("=", "in")]
    for part in asked:
        if part.field.word == "iri":
            return reading.nodes(value.iri for value in part.values)
    for part in asked:
        keys = _INDEXED.get(part.field.iri, ())
        forms = _forms(part)
        if keys and forms:
            found = {node.iri: node for key in keys for node in reading.scan((key, P.within(forms)))}
            return [found[iri] for iri in sorted(found)]
    kinds = [("kind", P.within([value.iri for value in part.values])) for part in asked if part.field.word == "kind"]
    return reading.scan(*kinds)


def _conjuncts(condition: Condition | None) -> Iterator[Condition]:
    if isinstance(condition, And):
        for part in condition.conditions:
            yield from _conjuncts(part)
    elif condition is not None:
        yield condition


def _forms(part: Comparison) -> list[str]:
    """What an indexed text may be; nothing where it may be more: numbers and times are equal in many spellings."""
    forms = [form for value in part.values for form in value]
    if any(number(form) is not None or instant(form) is not None for form in forms):
        return []
    if part.field.iri == DIGEST:
        forms = [form.lower() for form in forms]
    return list(dict.fromkeys(map(cut, forms)))
