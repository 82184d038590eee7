"""Rule 22: the regular walk of lineage, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """In state `before`, an edge of one of `relations` (from effect to cause) leads to state `after`.

    `option`: the row holds only with it ("agents", "parents"). `only_agent`: True, the row leads only to what is only
    an agent; False, it does not lead there; None, no matter. It is about `wasInfluencedBy`.
    """

    before: str
    relations: frozenset[str]
    after: str
    option: str | None = None
    only_agent: bool | None = None


def _row(before: str, relations: str, after: str, option: str | None = None, only_agent: bool | None = None) -> Row:
    return Row(before, frozenset(relations.split()), after, option, only_agent)


TABLE = (
    _row("full", "used wasGeneratedBy wasDerivedFrom hadActivity wasInformedBy wasStartedBy hadStarter", "full"),
    _row("full", "wasInfluencedBy", "full", only_agent=False),
    _row("full", "hadMember sameBytes bytesOf", "full"),
    _row("full", "specializationOf", "general"),
    _row("general", "specializationOf", "general"),
    _row("full", "hadPlan", "leaf"),
    _row("full", "wasAssociatedWith wasAttributedTo", "agent", option="agents"),
    _row("full", "wasInfluencedBy", "agent", option="agents", only_agent=True),
    _row("agent", "actedOnBehalfOf", "agent"),
    _row("full", "partOf", "full", option="parents"),
)

STATES = ("full", "general", "leaf", "agent")
STITCHES = {"sameBytes", "bytesOf"}


def is_only_agent(kinds: Iterable[str]) -> bool:
    """What is an agent and nothing else."""
    return set(kinds) == {"agent"}


def full_to_full(relation: str, target_kinds: Iterable[str]) -> bool:
    """Rule 21: does an edge lead from full to full in rule 22, stitches aside? (With or without options.)"""
    if relation in STITCHES:
        return False
    rows = [r for r in TABLE if (r.before, r.after) == ("full", "full") and relation in r.relations]
    return any(r.only_agent is None or r.only_agent == is_only_agent(target_kinds) for r in rows)
