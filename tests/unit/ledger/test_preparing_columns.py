"""What is prepared in columns is what is prepared one by one."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.ledger.preparing import batch
from provstore.ledger.preparing_columns import batch_of
from provstore.model.arguments import pair
from provstore.model.document import Assertion
from provstore.model.statement import statement
from provstore.model.terms import KEY_ENTITY_SET, PROV, PS, QUALIFIED_NAME, STRING
from tests.support.columns import in_columns
from tests.support.ledgers import entity, inside
from tests.unit.formats.strategies import documents


def content(made):
    """A batch with what is mentioned in one order; columns have it shape by shape."""
    mentions = zip(array("q", made.mention_keys), made.slots, array("H", made.owners), strict=True)
    return made.records, made.sids, made.bundles, sorted(mentions), sorted(array("q", made.elements))


@given(documents().filter(len))
def test_columns_are_prepared_as_their_statements_are(assertions):
    (chunk,) = in_columns(assertions, len(assertions))
    assert content(batch_of(chunk)) == content(batch(assertions))


@given(documents().filter(len), st.integers(2, 4))
def test_several_statements_of_one_shape_are_prepared_each_by_itself(assertions, times):
    many = [
        Assertion(bundle, statement(kind, identifier and f"{identifier}%s{n}", attributes))
        for n in range(times)
        for bundle, (kind, identifier, attributes) in assertions
    ]
    (chunk,) = in_columns(many, len(many))
    assert content(batch_of(chunk)) == content(batch(many))


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("Entity", (PS + "digest", STRING, "sha256:50%s", "")),
        ("Entity", (PROV + "entity", QUALIFIED_NAME, "urn:no argument here", "")),
        ("Usage", (PROV + "entity", QUALIFIED_NAME, "urn:e", "")),
        ("Usage", (PROV + "entity", STRING, "no name", "")),
        ("Usage", (PROV + "time", QUALIFIED_NAME, "urn:no element", "")),
        ("Usage", (PS + "digest", STRING, "sha256:1", "")),
        ("Derivation", (PROV + "usage", QUALIFIED_NAME, "urn:u", "")),
        ("DictionaryMembership", (KEY_ENTITY_SET, *pair((STRING, "k", ""), "urn:e"), "")),
    ],
)
@pytest.mark.parametrize("number", [1, 3])
def test_what_is_mentioned_depends_on_kind_and_datatype(kind, attribute, number):
    name, datatype, lexical, language = attribute
    said = [
        Assertion(
            None, statement(PROV + kind, f"urn:{n}", [(name, datatype, lexical.replace("urn:", f"urn:{n}"), language)])
        )
        for n in range(number)
    ]
    (chunk,) = in_columns(said)
    assert len(chunk.alike) == 1
    assert content(batch_of(chunk)) == content(batch(said))


@pytest.mark.parametrize("said", [[entity("e\ud800"), entity("f")], [inside("b\ud800", entity("e"))]])
def test_a_lone_surrogate_is_refused_with_its_place(said):
    assertions = [one if isinstance(one, Assertion) else Assertion(None, one) for one in said]
    (chunk,) = in_columns(assertions)
    with pytest.raises(BadInput, match="lone surrogate") as in_columns_:
        batch_of(chunk)
    with pytest.raises(BadInput) as one_by_one:
        batch(assertions)
    assert in_columns_.value.where == one_by_one.value.where
