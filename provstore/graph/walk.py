"""The lineage walk: which edges lead from effect to cause, and what may follow. The one place for that table.

Source: rule 22.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

State = Literal["full", "general", "leaf", "agent"]
Option = Literal["agents", "parents"]
# Which targets a step leads to: any, all but those that are only an agent, or those alone.
Target = Literal["any", "other", "agent"]

STATES: Final[tuple[State, ...]] = ("full", "general", "leaf", "agent")
OPTIONS: Final[tuple[Option, ...]] = ("agents", "parents")


class Step(NamedTuple):
    """In `state`, an edge `relation` (effect to cause) leads to state `then`; only with `option`, if it has one."""

    state: State
    relation: str
    then: State
    option: Option | None = None
    target: Target = "any"


_FULL: Final = (
    *("used", "wasGeneratedBy", "wasDerivedFrom", "hadActivity", "wasInformedBy"),
    *("wasStartedBy", "hadStarter", "hadMember", "sameBytes", "bytesOf"),
)
TABLE: Final[tuple[Step, ...]] = (
    *(Step("full", relation, "full") for relation in _FULL),
    Step("full", "wasInfluencedBy", "full", target="other"),
    Step("full", "specializationOf", "general"),
    Step("general", "specializationOf", "general"),
    Step("full", "hadPlan", "leaf"),
    Step("full", "wasAssociatedWith", "agent", "agents"),
    Step("full", "wasAttributedTo", "agent", "agents"),
    Step("full", "wasInfluencedBy", "agent", "agents", target="agent"),
    Step("agent", "actedOnBehalfOf", "agent"),
    Step("full", "partOf", "full", "parents"),
)
STITCHES: Final = frozenset({"sameBytes", "bytesOf"})


def steps(options: Iterable[str] = (), relations: Iterable[str] | None = None) -> tuple[Step, ...]:
    """The table's steps that a walk with those options may take; `relations`: of these only (None: all)."""
    chosen = set(options)
    among = None if relations is None else set(relations)
    return tuple(
        step
        for step in TABLE
        if (step.option is None or step.option in chosen) and (among is None or step.relation in among)
    )


# What makes an entity no dead end (rule 21): steps from full to full, with or without options, stitches aside.
LINEAGE: Final = frozenset(
    step.relation for step in TABLE if step.state == step.then == "full" and step.relation not in STITCHES
)
