"""Where ProvToolbox 2.2.1 errs by the text of PROV-CONSTRAINTS (Recommendation, 30 April 2013), each with an argument.

An error excuses a disagreement only in an instance that it applies to, and only for the constraints that it names. What
is right is said by the oracle, never by us.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from provstore.model.statement import Statement
from provstore.model.terms import QUALIFIED_NAME
from tests.oracle_validation.facts import ELEMENTS, IDENTIFIED, PROV, TYPE_OF_KEYWORD

ORDERING: Final = frozenset(range(30, 50))
_KINDS: Final = {PROV + name: keyword for keyword, name in TYPE_OF_KEYWORD.items()}
_TYPES: Final = {"Collection": "entity", "EmptyCollection": "entity", "Revision": "wasDerivedFrom"}
# Its indexer notes the identifiers of other relations as typed, and not of these.
_UNTYPED: Final = {
    "wasInformedBy", "wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf", "wasInfluencedBy",
}  # fmt: skip


@dataclass(frozen=True)
class Error:
    """One error.

    Args: says: what it answers: valid, invalid or failed. example: a smallest document, as in
    `tests.oracle_validation.notation`. violated: the constraints that the example violates. excuses: the constraints
    that it overlooks; none when it finds fault with what is valid. applies: whether an instance gives rise to it. why:
    the argument.
    """

    says: str
    example: str
    violated: frozenset[int]
    excuses: frozenset[int]
    applies: Callable[[list[Statement]], bool]
    why: str


def keyword(stated: Statement) -> str:
    """The PROV-N keyword of a statement."""
    return _KINDS.get(stated.kind, "mentionOf")


def argument(stated: Statement, name: str) -> str | None:
    """What stands at the place of a formal argument."""
    return next((a.lexical for a in stated.attributes if a.name == PROV + name), None)


def arguments(stated: Statement) -> set[str]:
    """The names that stand at the places of elements."""
    places = [a for a in stated.attributes if a.datatype == QUALIFIED_NAME and a.name != PROV + "type"]
    return {a.lexical for a in places if a.name not in (PROV + "generation", PROV + "usage")}


def misplaced_types(stated: Statement) -> set[str]:
    """The prov:type values that say nothing of statements of this kind."""
    return {
        a.lexical
        for a in stated.attributes
        if a.name == PROV + "type" and _TYPES.get(a.lexical.removeprefix(PROV)) not in (None, keyword(stated))
    }


def _has_misplaced_types(instance: list[Statement]) -> bool:
    return any(map(misplaced_types, instance))


def uninformed(instance: list[Statement]) -> set[str]:
    """Activities of communications without an activity statement."""
    stated = {one.identifier for one in instance if keyword(one) == "activity"}
    named = [one for one in instance if keyword(one) == "wasInformedBy"]
    found = {argument(one, name) for one in named for name in ("informant", "informed")}
    return {name for name in found - stated if name is not None}


def _names_relation_as_element(instance: list[Statement]) -> bool:
    elements = set().union(*map(arguments, instance)) | {one.identifier for one in instance if keyword(one) in ELEMENTS}
    relations = {one.identifier for one in instance if keyword(one) in IDENTIFIED}
    derived = {argument(one, name) for one in instance for name in ("generation", "usage")}
    return bool((elements & (relations | derived)) - {None})


def _shares_an_untyped_identifier(instance: list[Statement]) -> bool:
    untyped = [one.identifier for one in instance if keyword(one) in _UNTYPED and one.identifier]
    others = {(one.identifier, keyword(one)) for one in instance}
    others |= {(argument(one, "generation"), "wasGeneratedBy") for one in instance}
    others |= {(argument(one, "usage"), "used") for one in instance}
    return any(len({kind for name, kind in others if name == identifier}) > 1 for identifier in untyped)


def _has_types_by_place_only(instance: list[Statement]) -> bool:
    places = {"alternate1", "alternate2", "plan"}
    return any(argument(one, name) for one in instance for name in places) or any(
        argument(one, "activity") for one in instance if keyword(one) == "wasDerivedFrom"
    )


def _derives_by_unstated_events(instance: list[Statement]) -> bool:
    stated = {one.identifier for one in instance if keyword(one) in ("wasGeneratedBy", "used")}
    return any(
        argument(one, "activity") and not {argument(one, "generation"), argument(one, "usage")} <= stated - {None}
        for one in instance
        if keyword(one) == "wasDerivedFrom"
    )


def _starts_by_trigger(instance: list[Statement]) -> bool:
    return any(argument(one, "trigger") for one in instance)


ERRORS: Final[dict[str, Error]] = {
    "prov:type is taken as a type of whatever has it": Error(
        "invalid", "used(u1; a1, e1, -, [type=Collection])", frozenset(), frozenset(), _has_misplaced_types,
        "Constraint 50 derives typeOf from the kind of a statement and from the places of arguments; of prov:type "
        "values it reads prov:EmptyCollection on entity statements only. 55 sets apart entities and activities, "
        "nothing else. So an attribute prov:type of a usage says nothing of an entity.",
    ),
    "a relation's identifier at an element's place is an overlap": Error(
        "invalid", "used(r1; a1, r1, -)", frozenset(), frozenset(), _names_relation_as_element,
        "Constraint 54 wants a statement entity(id), activity(id) or agent(id) beside the relation r(id; ...); a name "
        "that stands as an argument is none, and no inference makes an element statement of it.",
    ),
    "a communication of an activity that is not stated breaks it off": Error(
        "failed", "wasInformedBy(a2, a1)", frozenset(), frozenset(), lambda one: bool(uninformed(one)),
        "Constraint 35 orders the start of the informant and the end of the informed where they are known; where they "
        "are not there is nothing to order. It looks up the informant's entry without asking whether it is there.",
    ),
    "identifiers of five relations are not compared": Error(
        "valid", "wasInvalidatedBy(r1; e1, -, -)\nwasAttributedTo(r1; e2, g1)", frozenset({23, 53}),
        frozenset({23, 50, 53, 54, 55}), _shares_an_untyped_identifier,
        "Constraint 53 is for any two of nine relations, among them wasInformedBy, wasAttributedTo, wasAssociatedWith "
        "and actedOnBehalfOf; 54 for these and wasInfluencedBy beside each element statement. Inference 15 gives both "
        "relations of one identifier an influence of that identifier, which 23 must unify: that fails, or it makes one "
        "of their arguments, which 50 types by the places of both.",
    ),
    "places that type an argument are overlooked": Error(
        "valid", "activity(x, -, -)\nalternateOf(x, x)", frozenset({50, 55}), frozenset({50, 55}),
        _has_types_by_place_only,
        "Constraint 50: both arguments of alternateOf and the plan of wasAssociatedWith have the type entity, the "
        "activity of wasDerivedFrom the type activity. 55 forbids both types.",
    ),
    "generation and usage of a derivation are not inferred": Error(
        "valid", "wasDerivedFrom(e1, e1, a1, -, -)", frozenset({37, 41, 42}),
        ORDERING | frozenset({23, 24}), _derives_by_unstated_events,
        "Inference 11: wasDerivedFrom(id; e2,e1,a,gen2,use1,attrs) implies used(use1; a,e1,t1) and "
        "wasGeneratedBy(gen2; e2,a,t2), whether these are stated or not; by definition 4 the placeholders "
        "of generation and usage are variables when the activity is given. It orders and unifies only "
        "those that are stated.",
    ),
    "the generation of a trigger is not inferred": Error(
        "valid", "wasStartedBy(a1, e2, a2, -)\nwasDerivedFrom(e2, e2, -, -, -)", frozenset({42}), ORDERING,
        _starts_by_trigger,
        "Inferences 9 and 10: wasStartedBy(id; a,e1,a1,t,attrs) implies wasGeneratedBy(gen; e1,a1,t1), and likewise "
        "wasEndedBy; by definition 4 a placeholder for a1 is a variable. Constraints 42 and 43 then order that "
        "generation.",
    ),
}  # fmt: skip

# It finds a cycle and then, to report it, now and then looks for its path without end (EventMatrix.getPath2); whether
# it does depends on the order of its hash tables, so no example does it each time. There is no verdict to compare.
ENDLESS_PATH: Final = "java.lang.StackOverflowError"


def excused(instance: list[Statement], violated: set[int]) -> bool:
    """Whether the listed errors account for each constraint that it overlooked in an instance."""
    applying = [error for error in ERRORS.values() if error.says == "valid" and error.applies(instance)]
    return violated <= {number for error in applying for number in error.excuses}
