"""Rules 8 and 10: the fold, its conflicts, and comparison by value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.model.fold import Claim, Origin, comparable, fold, functional_key
from provstore.model.statement import Value, statement
from provstore.model.terms import PROV, PS

XSD = "http://www.w3.org/2001/XMLSchema#"
ENTITY = PROV + "Entity"
STRING = XSD + "string"


def text(lexical, language=""):
    return Value(STRING, lexical, language)


def claim(name, value, unit="u", event_time="1", digest="d", sequence=1, others=()):
    origin = Origin("default", unit, event_time, digest, f"doc-{unit}-{event_time}-{digest}", sequence)
    return Claim(origin, None, 0, statement(ENTITY, "x", [(name, *value), *others]))


def kept(folded, name):
    return [one.value for one in folded.attributes[name]]


LABEL, STATUS, METRIC, NOTE = PROV + "label", PS + "status", PS + "metric.acc", PS + "note"


def test_within_a_unit_the_newest_value_wins():
    folded = fold([claim(METRIC, text("1"), event_time="1"), claim(METRIC, text("2"), event_time="2")])
    assert kept(folded, METRIC) == [text("2")]
    assert folded.conflicts == frozenset()


def test_a_terminal_status_wins_over_another_of_the_same_time():
    running, failed = claim(STATUS, text("running"), digest="z"), claim(STATUS, text("failed"), digest="a")
    assert kept(fold([running, failed]), STATUS) == [text("failed")]
    later = claim(STATUS, text("running"), event_time="2")
    assert kept(fold([failed, later]), STATUS) == [text("running")]


def test_a_language_is_one_however_its_tag_is_written():
    # RFC 5646 section 2.1.1: the case of a language tag means nothing.
    folded = fold([claim(LABEL, text("old", "en-GB")), claim(LABEL, text("new", "EN-gb"), event_time="2")])
    assert kept(folded, LABEL) == [text("new", "EN-gb")]
    assert folded.conflicts == frozenset()


def test_terminal_counts_for_the_status_alone():
    finished = claim(METRIC, text("1"), digest="a", others=[(STATUS, STRING, "finished", "")])
    other = claim(METRIC, text("2"), digest="b")
    assert kept(fold([finished, other]), METRIC) == [text("2")]


def test_of_the_same_time_the_greater_content_digest_wins():
    assert kept(fold([claim(METRIC, text("1"), digest="b"), claim(METRIC, text("2"), digest="a")]), METRIC) == [
        text("1")
    ]


def test_between_units_different_values_are_a_conflict():
    folded = fold([claim(METRIC, text("1"), unit="u"), claim(METRIC, text("2"), unit="v")])
    assert kept(folded, METRIC) == [text("1"), text("2")]
    assert folded.conflicts == {METRIC}


def test_between_units_equal_values_are_no_conflict_and_the_earliest_stands():
    one = claim(METRIC, Value(XSD + "double", "1.10"), unit="u", sequence=2)
    two = claim(METRIC, Value(XSD + "decimal", "1.1"), unit="v", sequence=1)
    folded = fold([one, two])
    assert len(kept(folded, METRIC)) == 1
    assert folded.conflicts == frozenset()


def test_within_one_document_two_values_are_a_conflict():
    folded = fold([claim(METRIC, text("1"), others=[(METRIC, STRING, "2", "")])])
    assert kept(folded, METRIC) == [text("1"), text("2")]
    assert folded.conflicts == {METRIC}


def test_what_is_not_functional_is_a_union():
    folded = fold(
        [claim(NOTE, text("1"), event_time="1"), claim(NOTE, text("2"), event_time="2"), claim(NOTE, text("1"))]
    )
    assert kept(folded, NOTE) == [text("1"), text("2")]
    assert folded.conflicts == frozenset()


def test_nothing_folds_to_nothing():
    assert fold([]) == ({}, frozenset())


CLAIMS = st.lists(
    st.builds(
        claim,
        st.sampled_from([LABEL, STATUS, METRIC, NOTE, PS + "digest"]),
        st.builds(
            Value,
            st.sampled_from([STRING, XSD + "double"]),
            st.sampled_from(["1", "1.0", "NaN", "failed", "md5:1"]),
            st.sampled_from(["", "en"]),
        ),
        unit=st.sampled_from("uv"),
        event_time=st.sampled_from("12"),
        digest=st.sampled_from("ab"),
        sequence=st.integers(1, 3),
    ),
    max_size=7,
).map(lambda claims: [one._replace(position=place) for place, one in enumerate(claims)])


def test_a_document_may_say_the_same_inside_and_outside_a_bundle():
    outside = claim(NOTE, text("1"))
    inside = outside._replace(bundle="http://e/b", position=1)
    assert fold([inside, outside]) == fold([outside, inside])
    assert kept(fold([inside, outside]), NOTE) == [text("1")]


@given(CLAIMS, st.randoms())
def test_the_order_of_the_claims_does_not_matter(claims, random):
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(claims)


@given(CLAIMS)
def test_every_kept_value_was_claimed(claims):
    for name, found in fold(claims).attributes.items():
        assert all(one.claim in claims and one.value in one.claim.statement.values(name) for one in found)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        (PROV + "startTime", text("x"), (PROV + "startTime", "")),
        (PROV + "endTime", text("x"), (PROV + "endTime", "")),
        (LABEL, text("x", "en"), (LABEL, "en")),
        (STATUS, text("x"), (STATUS, "")),
        (PS + "size", text("1"), (PS + "size", "")),
        (PS + "digest", text("sha256:ab"), (PS + "digest", "sha256")),
        (PS + "param.lr", text("1"), (PS + "param.lr", "")),
        (PS + "metric.loss@train", text("1"), (PS + "metric.loss@train", "")),
        (PS + "tag.x", text("1"), (PS + "tag.x", "")),
        (PS + "params", text("1"), None),
        (PROV + "type", text("1"), None),
    ],
)
def test_functional_attributes_are_those_of_rule_10(name, value, key):
    assert functional_key(name, value) == key


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (Value(XSD + "double", "1.10"), Value(XSD + "decimal", " 1.1 "), True),
        (Value(XSD + "int", "5"), Value(XSD + "long", "5"), True),
        # Both are the float64 0x3FB999999999999A; the decimals are two numbers.
        (Value(XSD + "double", "0.1"), Value(XSD + "double", "0.10000000000000001"), True),
        (Value(XSD + "decimal", "0.1"), Value(XSD + "decimal", "0.10000000000000001"), False),
        (Value(XSD + "double", "9007199254740993"), Value(XSD + "double", "9007199254740992"), True),
        (Value(XSD + "long", "9007199254740993"), Value(XSD + "long", "9007199254740992"), False),
        (Value(XSD + "double", "1e400"), Value(XSD + "double", "INF"), True),
        (Value(XSD + "double", "-0"), Value(XSD + "int", "0"), True),
        (Value(XSD + "double", "NaN"), Value(XSD + "float", "NaN"), True),
        (Value(XSD + "double", "INF"), Value(XSD + "double", "-INF"), False),
        (Value(XSD + "double", "x"), Value(XSD + "double", "x"), True),
        (Value(XSD + "double", "x"), Value(XSD + "double", "1"), False),
        (Value(XSD + "dateTime", "2026-01-01T01:00:00+01:00"), Value(XSD + "dateTime", "2026-01-01T00:00:00Z"), True),
        (Value(XSD + "dateTime", "soon"), Value(XSD + "dateTime", "later"), False),
        (Value(XSD + "boolean", "1"), Value(XSD + "boolean", "true"), True),
        (Value(XSD + "boolean", "0"), Value(XSD + "boolean", "true"), False),
        (Value(STRING, "1"), Value(XSD + "int", "1"), False),
        (Value(PROV + "InternationalizedString", "a", "en"), Value(PROV + "InternationalizedString", "a", "EN"), True),
        (Value(PROV + "InternationalizedString", "a", "en"), Value(PROV + "InternationalizedString", "a", "fr"), False),
    ],
)
def test_values_compare_by_value(one, other, equal):
    assert (comparable(one) == comparable(other)) == equal
