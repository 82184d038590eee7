"""Rules 4 and 5: equality of documents and the content digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from provstore.model.document import Assertion, ContentDigest, Document, Header, content_digest, equal, identical
from provstore.model.statement import sid, statement

ENTITY = "http://www.w3.org/ns/prov#Entity"
XSD = "http://www.w3.org/2001/XMLSchema#"


def entity(name, *attributes):
    return statement(ENTITY, name, attributes)


ASSERTIONS = st.lists(
    st.builds(
        Assertion,
        st.sampled_from([None, "http://e/b", 'q"\u00e9']),
        st.sampled_from(["x", "y", "z"]).map(entity),
    ),
    max_size=6,
)


def naive_digest(assertions):
    pairs = [[bundle, sid(stated)] for bundle, stated in assertions]
    return hashlib.sha256(json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@given(ASSERTIONS)
def test_the_content_digest_is_that_of_the_ordered_list(assertions):
    assert content_digest(assertions) == naive_digest(assertions)


@given(st.lists(st.lists(st.binary(min_size=32, max_size=32), max_size=3), max_size=4))
def test_assertions_outside_of_bundles_may_be_digested_together(parts):
    digest = ContentDigest()
    for sids in parts:
        digest.add_unbundled(b"".join(sids))
    pairs = [[None, one.hex()] for sids in parts for one in sids]
    assert digest.hexdigest() == hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()


def test_the_digest_of_nothing_is_that_of_an_empty_list():
    assert content_digest([]) == hashlib.sha256(b"[]").hexdigest()


def test_a_digest_can_be_asked_for_on_the_way():
    digest = ContentDigest()
    before = digest.hexdigest()
    digest.add(None, "ab" * 32)
    digest.add("http://e/b", "cd" * 32)
    assert before == hashlib.sha256(b"[]").hexdigest()
    expected = b'[[null,"%s"],["http://e/b","%s"]]' % (b"ab" * 32, b"cd" * 32)
    assert digest.hexdigest() == digest.hexdigest() == hashlib.sha256(expected).hexdigest()


@given(ASSERTIONS, st.randoms())
def test_documents_are_equal_in_any_order_and_identical_in_one(assertions, random):
    shuffled = list(assertions)
    random.shuffle(shuffled)
    assert equal(assertions, iter(shuffled))
    assert identical(assertions, iter(shuffled)) == (assertions == shuffled)


@given(ASSERTIONS, ASSERTIONS)
def test_documents_are_equal_when_their_multisets_are(left, right):
    assert equal(left, right) == (Counter(map(repr, left)) == Counter(map(repr, right)))


def test_a_repeated_statement_counts_twice_and_a_bundle_matters():
    once = [Assertion(None, entity("x"))]
    assert not equal(once, once * 2)
    assert not equal(once, [Assertion("http://e/b", entity("x"))])


def test_nan_equals_nan_by_its_lexical_form():
    nan = [Assertion(None, entity("x", ("a", XSD + "double", "NaN", "")))]
    other = [Assertion(None, entity("x", ("a", XSD + "double", "NaN", "")))]
    assert equal(nan, other)
    assert identical(nan, other)


def test_lexical_forms_of_one_value_are_different_statements():
    spelled = [[Assertion(None, entity("x", ("a", XSD + "double", n, "")))] for n in ("1.10", "1.1")]
    assert not equal(*spelled)


def test_a_header_has_defaults_and_no_blobs_are_no_blobs():
    header = Header(unit="u", event_time="2026-01-01T00:00:00.000000Z")
    assert (header.mode, header.space, header.namespaces, header.derived) == ("snapshot", "default", {}, False)
    assert Document(header, []).blobs == ()
