"""What is stated in a bundle, looked up by name, is what going through all live documents finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provstore.ledger.contract import Retraction
from provstore.model.statement import Statement
from provstore.model.terms import BY_IRI, BY_NAME, PROV, QUALIFIED_NAME
from tests.oracle_validation.strategies import statements
from tests.support.databases import empty_ledger
from tests.support.ledgers import document, entity, inside, iri

ARGUMENTS = [
    (record.name, argument.iri)
    for record in BY_IRI.values()
    for argument in record.arguments
    if argument.holds not in ("time", "keys")
]


@st.composite
def histories(draw):
    made = []
    for number in range(draw(st.integers(1, 5))):
        said = [inside("b1", one) if draw(st.booleans()) else one for one in draw(st.lists(statements(), max_size=6))]
        space = draw(st.sampled_from(["default", "default", "other"]))
        own = draw(st.sampled_from([False, False, False, True]))
        made.append(document(f"u{number}", *said, space=space, mode="event", derived=own))
    return made, draw(st.sets(st.sampled_from(made).map(made.index), max_size=2)), draw(st.sampled_from([None, "b1"]))


def live_statements(made, gone, bundle):
    for number, one in enumerate(made):
        if number not in gone and one.header.space == "default" and not one.header.derived:
            yield from (a.statement for a in one.assertions if a.bundle == (iri(bundle) if bundle else None))


@settings(max_examples=60, deadline=None)
@given(histories(), st.booleans())
def test_what_is_stated_is_found_by_each_name_at_each_place(history, retracts):
    find_by_each_name("sqlite", history, retracts)


@pytest.mark.servers
@settings(max_examples=10, deadline=None)
@given(histories(), st.booleans())
def test_postgresql_finds_what_is_stated_by_each_name_at_each_place(history, retracts):
    find_by_each_name("postgres", history, retracts)


def find_by_each_name(kind, history, retracts):
    made, gone, bundle = history
    with empty_ledger(kind) as ledger:
        receipts = ledger.append(made)
        numbers = {receipts[number].sequence for number in gone}
        if retracts:
            ledger.append([Retraction(receipts[number].document, "gone") for number in gone])
        stated = ledger.stated("default", iri(bundle) if bundle else None, () if retracts else numbers)
        expected = set(live_statements(made, gone, bundle))
        everything = [a.statement for one in made for a in one.assertions]
        assert stated.holding(everything) == expected
        names = {one.identifier for one in everything} - {None}
        names |= {a.lexical for one in everything for a in one.attributes if a.datatype == QUALIFIED_NAME}
        for name in {*names, iri("nobody")}:
            found = list(stated.identified(name))
            assert len(found) == len(set(found))
            assert set(found) == {one for one in expected if one.identifier == name}
            for kind, argument in ARGUMENTS:
                there = {one for one in expected if one.kind == BY_NAME[kind].iri and names_at(one, argument, name)}
                assert set(stated.naming(kind, argument, name, None)) == there
                assert len(list(stated.naming(kind, argument, name, 1))) == min(1, len(there))
                assert not there or stated.known([name]) == {name}


def names_at(stated: Statement, argument: str, name: str) -> bool:
    return any((a.name, a.datatype, a.lexical) == (argument, QUALIFIED_NAME, name) for a in stated.attributes)


def test_a_name_that_nothing_has_is_not_known(ledger):
    ledger.append([document("one", entity("e"))])
    assert ledger.stated("default", None).known([iri("e"), iri("f")]) == {iri("e")}
    assert ledger.stated("default", iri("b")).known([iri("e")]) == set()
    assert list(ledger.stated("default", None).naming("used", f"{PROV}entity", iri("e"), None)) == []
