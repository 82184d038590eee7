"""The state of a node after a change, from its state before: without reading again what a hundred thousand others say.

In: a node before, what became live about it and what ceased to be. Out: its facts after, or None when only reading
every claim can tell. Source: rules 10 and 19; it must give what `projection.facts_of` gives from all claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from provstore.graph.contract import Node
from provstore.graph.projection import METRIC, Derived, Facts, facts_of, make_node, union
from provstore.model.fold import Claim, Origin, functional_key
from provstore.model.statement import Value

Unit = tuple[str, str]


def lasting(opened: Sequence[Claim], closed: Sequence[Claim]) -> list[Claim] | None:
    """The opened claims of element records that may change anything, or None when the closed ones may too.

    A unit that said the same in one document before and in one after changes nothing: the common case of a run that is
    read again.
    """
    rest = list(opened)
    if not closed:
        return rest
    before, after = _by_unit(closed), _by_unit(opened)
    for unit, said in before.items():
        now = after.get(unit, [])
        same = Counter(claim.statement for claim in said) == Counter(claim.statement for claim in now)
        if not same or _documents(said) != 1 or _documents(now) != 1:
            return None
        rest = [claim for claim in rest if _unit(claim.origin) != unit]
    return rest


def is_known(before: Node, opened: Iterable[Claim]) -> bool:
    """True when the node has every value that claims give, and none in conflict: whoever says it, it stays as it is."""
    if before.conflicts or not before.declared:
        return False
    held = before.attributes
    return all(
        (datatype, lexical, language) in held.get(name, ())
        for claim in opened
        for name, datatype, lexical, language in claim.statement.attributes
    )


def merge(before: Node, opened: Sequence[Claim], is_sole: Callable[[Origin], bool]) -> Facts | None:
    """The facts after claims were added, or None when the other claims must be read.

    Args: is_sole: whether a document is the only live one of its unit.
    """
    facts = Facts(before.attributes, frozenset(before.conflicts))
    for said in _by_unit(opened).values():
        if _documents(said) != 1:
            return None
        added = facts_of(said)
        if not _is_settled(facts, added) and not is_sole(said[0].origin):
            return None
        facts = union(facts, added)
    return facts


def _is_settled(facts: Facts, added: Facts) -> bool:
    """True when no functional attribute gets another value, so that no other document of the unit can matter."""
    for name, values in added.attributes.items():
        for value in values:
            key = functional_key(name, value)
            if key is not None and any(_rivals(facts, added, key, value)):
                return False
    return True


def _rivals(facts: Facts, added: Facts, key: tuple[str, str], value: Value) -> Iterable[Value]:
    values = (*facts.attributes.get(key[0], ()), *added.attributes[key[0]])
    return (other for other in values if other != value and functional_key(key[0], other) == key)


def is_about_metrics(said: Iterable[Claim]) -> bool:
    """True when claims assert a metric, which may take the place of a derived one (rule 17)."""
    return any(name.startswith(METRIC) for claim in said for name, *_ in claim.statement.attributes)


def with_new_metrics(node: Node, derived: Derived) -> Node | None:
    """The node with metrics that follow from new series; None when it has one of their names, and all claims must tell.

    Source: rule 17.
    """
    facts = Facts(node.attributes, frozenset(node.conflicts))
    for _, found in sorted(derived.items()):
        if not found.attributes.keys().isdisjoint(node.attributes):
            return None
        facts = union(facts, found)
    return make_node(node.iri, node.kinds, node.declared, facts, node.spaces)


def _by_unit(said: Iterable[Claim]) -> dict[Unit, list[Claim]]:
    found: dict[Unit, list[Claim]] = {}
    for claim in said:
        found.setdefault(_unit(claim.origin), []).append(claim)
    return found


def _unit(origin: Origin) -> Unit:
    return origin.space, origin.unit


def _documents(said: Iterable[Claim]) -> int:
    return len({claim.origin.document for claim in said})
