"""The facts of one PROV instance: statements in full form, and what is inferred from them, over small integers.

What comes in and goes out: `Fact` (a statement's kind, identifier and arguments as terms), `Reason` (why two terms
are equal). Source: PROV-CONSTRAINTS section 2.3 and definitions 1 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_NAME

# The term of the placeholder -, and the identifier of a fact that nothing can refer to.
PLACEHOLDER: Final = 0
ANONYMOUS: Final = -1

ELEMENT_NAMES: Final = ("entity", "activity", "agent")
# Constraint 23 lists these; specialization, alternate and membership have no identifier.
IDENTIFIED: Final = (
    "wasGeneratedBy", "used", "wasInformedBy", "wasStartedBy", "wasEndedBy", "wasInvalidatedBy", "wasDerivedFrom",
    "wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf", "wasInfluencedBy",
)  # fmt: skip
UNIDENTIFIED: Final = ("specializationOf", "alternateOf", "hadMember")
KINDS: Final = (*ELEMENT_NAMES, *IDENTIFIED, *UNIDENTIFIED)
# The attribute IRIs of a kind's arguments, in PROV-N order.
ARGUMENTS: Final = {kind: tuple(argument.iri for argument in BY_NAME[kind].arguments) for kind in KINDS}


@dataclass(slots=True, eq=False)
class Fact:
    """One statement in full form, stated or inferred.

    Args: kind: PROV-N keyword. id: term of its identifier, or ANONYMOUS. args: terms in PROV-N order. stated: what
    states it, None when inferred. inference: its number, 0 when stated. premises: what it follows from.
    """

    kind: str
    id: int
    args: tuple[int, ...]
    stated: Statement | None = None
    inference: int = 0
    premises: tuple[Fact, ...] = ()

    @property
    def other_attributes(self) -> tuple[Attribute, ...]:
        """The attributes that are no formal arguments; inferred facts have none, but influences (inference 15)."""
        if self.inference == 15:
            return self.premises[0].other_attributes
        if self.stated is None:
            return ()
        formal = ARGUMENTS[self.kind]
        return tuple(a for a in self.stated.attributes if a.name not in formal)

    def statements(self) -> list[Statement]:
        """What states this fact or, when it is inferred, its premises."""
        found: list[Statement] = []
        waiting = [self]
        while waiting:
            fact = waiting.pop()
            if fact.stated is not None:
                found.append(fact.stated)
            waiting.extend(fact.premises)
        return found


class Reason(NamedTuple):
    """Why two terms are equal: `constraint` asks it of these two facts."""

    constraint: int
    left: Fact
    right: Fact


class Equation(NamedTuple):
    """Two terms that must be equal, and why."""

    left: int
    right: int
    reason: Reason
