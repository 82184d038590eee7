"""Hypothesis strategies of small PROV documents: few names, so that things collide; about half of them are valid."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement, statement
from tests.oracle_validation.examples import INVALID, VALID
from tests.oracle_validation.facts import (
    ARGUMENTS,
    IDENTIFIED,
    PROV,
    QUALIFIED_NAME,
    TYPE_OF_KEYWORD,
    Fact,
    all_facts,
    is_variable,
)
from tests.oracle_validation.notation import EX, XSD, document, relation
from tests.oracle_validation.oracle import normal_form

ENTITIES = ("e1", "e2", "e3")
ACTIVITIES = ("a1", "a2", "a3")
AGENTS = ("g1", "g2")
TIMES = ("t1", "t2", "t3")
KEYWORDS = (
    "entity", "activity", "agent", "wasGeneratedBy", "wasGeneratedBy", "used", "used", "wasInformedBy", "wasStartedBy",
    "wasEndedBy", "wasInvalidatedBy", "wasDerivedFrom", "wasDerivedFrom", "wasAttributedTo", "wasAssociatedWith",
    "actedOnBehalfOf", "wasInfluencedBy", "specializationOf", "alternateOf", "hadMember", "mentionOf",
)  # fmt: skip
_REQUIRED = {
    "wasGeneratedBy": 1, "used": 1, "wasStartedBy": 1, "wasEndedBy": 1, "wasInvalidatedBy": 1, "wasAssociatedWith": 1,
    "mentionOf": 3, "activity": 0,
}  # fmt: skip
_POOLS = {
    "entity": ENTITIES, "trigger": ENTITIES, "plan": ENTITIES, "collection": ENTITIES, "generatedEntity": ENTITIES,
    "usedEntity": ENTITIES, "specificEntity": ENTITIES, "generalEntity": ENTITIES, "alternate1": ENTITIES,
    "alternate2": ENTITIES, "activity": ACTIVITIES, "starter": ACTIVITIES, "ender": ACTIVITIES, "informed": ACTIVITIES,
    "informant": ACTIVITIES, "agent": AGENTS, "delegate": AGENTS, "responsible": AGENTS,
    "influencee": (*ENTITIES, *ACTIVITIES), "influencer": (*ENTITIES, *ACTIVITIES, *AGENTS), "bundle": ("b1", "b2"),
    "generation": ("wasGeneratedBy1", "wasGeneratedBy2"), "usage": ("used1", "used2"),
}  # fmt: skip
_MENTION = ("specificEntity", "generalEntity", "bundle")

_text = st.sampled_from("12").map(lambda value: Attribute(EX + "x", XSD + "string", value))
_type = st.sampled_from(("Revision", "EmptyCollection", "Collection")).map(
    lambda value: Attribute(PROV + "type", QUALIFIED_NAME, PROV + value)
)
_attributes = st.one_of(st.just([]), st.just([]), st.lists(st.one_of(_text, _type), min_size=1, max_size=2))
_one_in_12 = st.sampled_from((True, *[False] * 11))
_one_in_4 = st.sampled_from((True, False, False, False))


@st.composite
def statements(draw: st.DrawFn, tidy: bool = False) -> Statement:
    """One statement of any kind; a tidy one has each name for one kind of thing, and what is later a higher number."""
    keyword = draw(st.sampled_from(KEYWORDS))
    if keyword in _ELEMENT_POOLS:
        return draw(_elements(keyword, tidy))
    formal = _MENTION if keyword == "mentionOf" else ARGUMENTS[TYPE_OF_KEYWORD[keyword]][1]
    args = [draw(_argument(name, place < _REQUIRED.get(keyword, 2), tidy)) for place, name in enumerate(formal)]
    if tidy and keyword in ("wasDerivedFrom", "specializationOf"):
        args[:2] = ["e3", "e2"] if args[0] > args[1] else ["e2", "e1"]
    if tidy and keyword == "wasDerivedFrom" and args[2] == "-":
        args[3:] = ["-", "-"]
    if keyword not in IDENTIFIED:
        return relation(keyword, *args)
    attributes = draw(_attributes)
    return relation(keyword, *args, identifier=draw(_identifier(keyword, tidy)), attributes=attributes)


_ELEMENT_POOLS = {"entity": ENTITIES, "activity": ACTIVITIES, "agent": (*AGENTS, "a1", "e1")}


@st.composite
def _elements(draw: st.DrawFn, keyword: str, tidy: bool) -> Statement:
    times = [draw(_argument(name, False, tidy)) for name in ("startTime", "endTime")] if keyword == "activity" else []
    wrong = not tidy and draw(_one_in_12)
    pool = ("e1", "a1", "wasGeneratedBy1", "r1") if wrong else _ELEMENT_POOLS[keyword]
    return relation(keyword, *times, identifier=draw(st.sampled_from(pool)), attributes=draw(_attributes))


@st.composite
def _argument(draw: st.DrawFn, name: str, required: bool, tidy: bool) -> str:
    if not required and draw(st.booleans()):
        return "-"
    if name.lower().endswith("time"):
        return "t1" if tidy else draw(st.sampled_from(TIMES))
    if not tidy and draw(_one_in_12):
        return draw(st.sampled_from(("e1", "a1", "g1", "r1")))
    return draw(st.sampled_from(_POOLS[name]))


@st.composite
def _identifier(draw: st.DrawFn, keyword: str, tidy: bool) -> str:
    if tidy:
        return draw(st.sampled_from(("-", "-", "-", "-", "-", f"{keyword}1")))
    if draw(_one_in_12):
        return draw(st.sampled_from(("r1", "r2", "e1", "used1")))
    return draw(st.sampled_from(("-", "-", f"{keyword}1", f"{keyword}2")))


_TEXTS = [*VALID.values(), *(text for text, _ in INVALID.values())]


@st.composite
def worked(draw: st.DrawFn) -> list[Statement]:
    """A worked example under other names, now and then without one of its statements."""
    text = draw(st.sampled_from(_TEXTS))
    e, a = draw(st.permutations("123")), draw(st.permutations("123"))
    renamed = re.sub(r"\b([ea])([123])\b", lambda m: m[1] + (e if m[1] == "e" else a)[int(m[2]) - 1], text)
    found = [one.statement for one in document(renamed)]
    if len(found) > 1 and draw(_one_in_4):
        found.pop(draw(st.integers(0, len(found) - 1)))
    return found


@st.composite
def documents(draw: st.DrawFn, max_statements: int = 12) -> list[Assertion]:
    """Up to `max_statements` assertions, a few of them in a bundle."""
    tidy = draw(st.sampled_from((True, False, False)))
    said = draw(worked()) if draw(st.sampled_from((True, True, False))) else []
    said = said + draw(st.lists(statements(tidy), min_size=1, max_size=max_statements - len(said)))
    if draw(_one_in_4):
        bundles = draw(st.lists(st.sampled_from((None, EX + "b1")), min_size=len(said), max_size=len(said)))
    else:
        bundles = [draw(st.sampled_from((None, None, EX + "b1")))] * len(said)
    return [Assertion(bundle, stated) for bundle, stated in zip(bundles, said, strict=True)]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Assertion], list[Assertion]]:
    """A document and another that says the same in other words, or almost the same."""
    one = draw(documents(max_statements=7))
    other = list(draw(st.permutations(one)))
    for change in draw(st.lists(st.sampled_from((_repeated, _split, _concluded, _dropped, _changed)), max_size=2)):
        other = draw(change(other))
    return one, other


def _picked(said: list[Assertion]) -> st.SearchStrategy[int]:
    return st.integers(0, len(said) - 1)


@st.composite
def _repeated(draw: st.DrawFn, said: list[Assertion]) -> list[Assertion]:
    """The same: a statement with an identifier once more, or nothing."""
    index = draw(_picked(said)) if said else 0
    again = [one for one in said[index : index + 1] if one.statement.identifier]
    return [*said, *again]


@st.composite
def _split(draw: st.DrawFn, said: list[Assertion]) -> list[Assertion]:
    """The same: one statement with an identifier as two, the attributes with one of them."""
    found = [one for one in said if one.statement.identifier]
    if not found:
        return said
    bundle, (kind, identifier, attributes) = draw(st.sampled_from(found))
    formal = [PROV + name for name in ARGUMENTS[kind.removeprefix(PROV)][1]]
    bare = statement(kind, identifier, [a for a in attributes if a.name in formal])
    return [*said, Assertion(bundle, bare)]


@st.composite
def _concluded(draw: st.DrawFn, said: list[Assertion]) -> list[Assertion]:
    """The same: something that follows is stated too."""
    normal = normal_form(said) or {}
    following = [
        Assertion(bundle, stated)
        for bundle, facts in normal.items()
        for one in all_facts(facts)
        if (stated := _stated(one)) is not None and Assertion(bundle, stated) not in said
    ]
    return [*said, draw(st.sampled_from(following))] if following else said


def _stated(one: Fact) -> Statement | None:
    """The statement of a fact without variables; None when it has any."""
    type_name = TYPE_OF_KEYWORD.get(one.kind)
    if type_name is None or any(map(is_variable, (one.id, *one.args))):
        return None
    said = zip(ARGUMENTS[type_name][1], one.args, strict=True)
    given = [(name, value) for name, value in said if value != "-"]
    if any(not isinstance(value, str) for _, value in given):
        return None
    named = [Attribute(PROV + name, QUALIFIED_NAME, str(value)) for name, value in given]
    return statement(PROV + type_name, None if one.id is None else str(one.id), [*named, *one.attributes])


@st.composite
def _dropped(draw: st.DrawFn, said: list[Assertion]) -> list[Assertion]:
    """Almost the same: one statement less."""
    index = draw(_picked(said)) if said else 0
    return said[:index] + said[index + 1 :]


@st.composite
def _changed(draw: st.DrawFn, said: list[Assertion]) -> list[Assertion]:
    """Almost the same: one statement more."""
    return [*said, Assertion(draw(st.sampled_from((None, EX + "b1"))), draw(statements(tidy=True)))]
