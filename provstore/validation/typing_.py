"""Constraint 50: which terms are entities, activities and agents, and who says so.

Source: PROV-CONSTRAINTS section 5.3.
"""

from __future__ import annotations

from typing import Final

from provstore.model.terms import BY_NAME
from provstore.validation.facts import ELEMENT_NAMES, IDENTIFIED, PLACEHOLDER, UNIDENTIFIED, Fact
from provstore.validation.instance import Instance
from provstore.validation.terms import FRESH

ENTITY: Final = 1
ACTIVITY: Final = 2
AGENT: Final = 4
_BITS: Final = {"entity": ENTITY, "activity": ACTIVITY, "agent": AGENT}
# (place of the argument, type) of each relation; wasInfluencedBy types nothing.
PLACES: Final = {
    kind: tuple(
        (place, _BITS[argument.holds])
        for place, argument in enumerate(BY_NAME[kind].arguments)
        if argument.holds in _BITS
    )
    for kind in (*IDENTIFIED, *UNIDENTIFIED)
}


def typing(instance: Instance) -> dict[int, int]:
    """Constraint 50: for each term that is named, the types that it has, as bits.

    Fresh variables are left out: each stands at places of one type only, as its facts are merged place by place.
    """
    types: dict[int, int] = {}
    rank, root = instance.terms.rank, instance.root
    for kind, facts in instance.facts.items():
        places = PLACES.get(kind, ())
        for fact in facts:
            if kind in ELEMENT_NAMES:
                term = root(fact.id)
                types[term] = types.get(term, 0) | _BITS[kind]
            for place, bit in places:
                term = root(fact.args[place])
                if term != PLACEHOLDER and rank(term) != FRESH:
                    types[term] = types.get(term, 0) | bit
    return types


def says(instance: Instance, wanted: set[int], bit: int) -> dict[int, tuple[Fact, int]]:
    """For each of some terms, a fact by which it has a type, and the term of it at that place; a stated fact first."""
    found: dict[int, tuple[Fact, int]] = {}
    for kind, facts in instance.facts.items():
        for fact in facts:
            own = [fact.id] if _BITS.get(kind) == bit else []
            for term in (*own, *(fact.args[place] for place, other in PLACES.get(kind, ()) if other == bit)):
                root = instance.root(term)
                if root in wanted and (root not in found or (found[root][0].stated is None and fact.stated)):
                    found[root] = (fact, term)
    return found
