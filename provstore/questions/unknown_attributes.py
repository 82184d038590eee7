"""Attributes that an expression names and no element, or edge, has: most often misspelt, and then nothing matches.

In: a condition and a reader, or edges: what its caller may see. Out: a note for each such attribute, with the nearest
name of those that there are. Source: rules 25 and 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from provstore.graph.comparing import Literally
from provstore.graph.contract import Edge, Filter, Node, Page, Reader
from provstore.graph.edge_conditions import LACKED, attribute_names
from provstore.graph.expressions import ATTRIBUTE_WORDS, KINDS, WORDS, Comparison, Condition, Exists, Field, fields
from provstore.model.names import Prefixes
from provstore.model.terms import PS

# Elements of each kind whose attributes are looked through for a near name.
_LOOKED_AT: Final = 500
_NEAR: Final = 0.6


def unknown_attributes(
    reader: Reader, conditions: Iterable[Condition], prefixes: Prefixes, shown: Iterable[Node] = ()
) -> tuple[str, ...]:
    """A note for each attribute that the conditions name and no element has.

    Args: shown: elements of the answer: what one of them has need not be looked up.
    """
    asked = dict.fromkeys(field.iri for condition in conditions for field in fields(condition) if field.iri)
    # The words of the language are spelt right, or the expression is refused.
    unseen = asked.keys() - ATTRIBUTE_WORDS.values()
    for node in shown if unseen else ():
        unseen -= node.attributes.keys()
    unknown = [iri for iri in asked if iri in unseen and not _is_known(reader, iri)]
    known = {_as_typed(iri, prefixes) for iri in _names(reader)} if unknown else set()
    return tuple(_note(_as_typed(iri, prefixes), known) for iri in unknown)


def unknown_edge_attributes(
    conditions: Iterable[Condition], prefixes: Prefixes, edges: Iterable[Edge]
) -> tuple[str, ...]:
    """A note for each attribute, or word, that the conditions name and no edge has.

    Args: edges: all that there are, looked at until each attribute was seen.
    """
    asked = dict.fromkeys(field for condition in conditions for field in fields(condition))
    unseen = {field.iri for field in asked if field.iri} - {*ATTRIBUTE_WORDS.values()}
    known = set[str]()
    for edge in edges if unseen else ():
        known.update(attribute_names(edge))
        unseen -= known
        if not unseen:
            break
    lacked = [field.word for field in asked if field.word in LACKED]
    names = {_as_typed(iri, prefixes) for iri in known} if unseen else set()
    unknown = (_note(_as_typed(field.iri, prefixes), names, "edge") for field in asked if field.iri in unseen)
    return (*(_note(word, {"prov:agent"}, "edge") for word in lacked), *unknown)


def _is_known(reader: Reader, iri: str) -> bool:
    return bool(reader.nodes(Filter(condition=Exists(Field("attribute", iri))), Page(limit=1)).nodes)


def _names(reader: Reader) -> Iterator[str]:
    for kind in KINDS:
        of_kind = Comparison(Field("kind"), "=", (Literally(kind, kind),))
        for node in reader.nodes(Filter(condition=of_kind), Page(limit=_LOOKED_AT)).nodes:
            yield from node.attributes


def _as_typed(iri: str, prefixes: Prefixes) -> str:
    """The name as one types it in an expression: N for `ps:N`, else with its prefix."""
    local = iri.removeprefix(PS)
    return prefixes.shorten(iri) if local == iri or ":" in local or local in WORDS else local


def _note(name: str, known: set[str], what: str = "element") -> str:
    said = f"no {what} has attribute '{name}'"
    # `accuracy` for `metric.accuracy`, `ex:owner` for `owner`.
    ends = sorted(one for one in known if one.replace(":", ".").rpartition(".")[2] == name.rpartition(":")[2])
    near = ends[:1] or get_close_matches(name, sorted(known), 1, _NEAR)
    return f"{said}; did you mean '{near[0]}'?" if near else said
