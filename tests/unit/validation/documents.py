"""Small PROV documents for the tests of validation: statements written short, and random ones over few names."""

from __future__ import annotations

from hypothesis import strategies as st

from provstore.model.document import Assertion
from provstore.model.statement import Statement, reference, statement
from provstore.model.terms import BY_NAME, DATE_TIME, PROV, TYPE

EX = "http://example.org/"


def say(kind: str, *arguments: str, id: str | None = None, type: str | None = None) -> Statement:
    """`say("used", "a", "e", "-", id="u")`: arguments in PROV-N order; `-` and those left out are absent."""
    if kind in ("entity", "activity", "agent"):
        id, arguments = arguments[0], arguments[1:]
    attributes = [reference(TYPE, PROV + type)] if type else []
    for argument, given in zip(BY_NAME[kind].arguments, arguments, strict=False):
        if given != "-":
            is_time = argument.holds == "time"
            attributes.append((argument.iri, DATE_TIME, given, "") if is_time else reference(argument.iri, EX + given))
    return statement(BY_NAME[kind].iri, None if id is None else EX + id, attributes)


def document(*statements: Statement, bundle: str | None = None) -> list[Assertion]:
    return [Assertion(bundle, stated) for stated in statements]


TIMES = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
# For each kind: what may stand at each place; "?" in front: may be absent.
SHAPES = {
    "wasGeneratedBy": ("e", "?a", "?t"), "used": ("a", "?e", "?t"), "wasInformedBy": ("a", "a"),
    "wasStartedBy": ("a", "?e", "?a", "?t"), "wasEndedBy": ("a", "?e", "?a", "?t"),
    "wasInvalidatedBy": ("e", "?a", "?t"), "wasDerivedFrom": ("e", "e", "?a", "?g", "?u"),
    "wasAttributedTo": ("e", "x"), "wasAssociatedWith": ("a", "?x", "?e"), "actedOnBehalfOf": ("x", "x", "?a"),
    "wasInfluencedBy": ("x", "x"), "specializationOf": ("e", "e"), "alternateOf": ("e", "e"), "hadMember": ("e", "e"),
}  # fmt: skip
NAMES = {
    "e": ["e1", "e2", "e3"],
    "a": ["a1", "a2"],
    "x": ["ag1", "ag2", "e1", "a1"],
    "g": ["g1", "g2"],
    "u": ["u1", "u2"],
    "t": TIMES,
}
IDENTIFIERS = {"wasGeneratedBy": ["g1", "g2"], "used": ["u1", "u2"], "wasInfluencedBy": ["g1", "r1"]}
UNNAMED = ("specializationOf", "alternateOf", "hadMember")


@st.composite
def statements(draw) -> Statement:
    kind = draw(st.sampled_from(["entity", "activity", "agent", *SHAPES]))
    if kind in ("entity", "activity", "agent"):
        times = [draw(st.sampled_from(["-", *TIMES])) for _ in range(2 * (kind == "activity"))]
        type_ = draw(st.sampled_from([None, None, None, "EmptyCollection"])) if kind == "entity" else None
        return say(kind, draw(st.sampled_from(NAMES[kind[0] if kind != "agent" else "x"])), *times, type=type_)
    arguments = []
    for place in SHAPES[kind]:
        names = NAMES[place[-1]]
        arguments.append(draw(st.sampled_from(["-", *names] if place[0] == "?" else names)))
    names = IDENTIFIERS.get(kind, ["r1", "r2"])
    identifier = None if kind in UNNAMED else draw(st.sampled_from([None, None, *names]))
    return say(kind, *arguments, id=identifier)


documents = st.lists(statements(), max_size=9).map(lambda said: document(*said))
