"""The formats that go through `prov`: what they hold, what they lose, what they refuse."""

from __future__ import annotations

import importlib.util
import io
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provstore.errors import BadInput, UsageError
from provstore.formats import bridge, registry
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, XSD, refusal_of

BRIDGED = [one for one in registry.FORMATS if isinstance(one, bridge.BridgedFormat)]
NAMESPACES = {None: PREFIX}


def through(chosen, assertions, namespaces=NAMESPACES):
    out = io.BytesIO()
    losses = chosen.write(assertions, namespaces, out)
    out.seek(0)
    return list(chosen.read(out, source="a").assertions), losses


def refused(chosen, data):
    with pytest.raises(BadInput) as error:
        list(chosen.read(io.BytesIO(data), source="a").assertions)
    return error.value


def full_record(name):
    record = BY_NAME[name]
    arguments = [
        (a.iri, XSD + "dateTime", "2026-01-01T10:00:00Z", "") if a.holds == "time" else reference(a.iri, f"{EX}n{k}")
        for k, a in enumerate(record.arguments)
    ]
    # Membership, specialization, alternate and mention have neither identifier nor attributes in PROV-DM.
    plain = name in ("hadMember", "specializationOf", "alternateOf", "mentionOf")
    others = [] if plain else [(EX + "a", XSD + "string", "x", ""), (PROV + "type", NAME, EX + "T", "")]
    return statement(record.iri, None if plain else f"{EX}r", [*arguments, *others])


@pytest.mark.parametrize("chosen", BRIDGED, ids=lambda one: one.name)
@pytest.mark.parametrize("name", [n for n in BY_NAME if "ictionary" not in n and "derivedBy" not in n])
def test_every_record_type_of_prov_dm_goes_through(chosen, name):
    if name in chosen.unsupported or (name == "mentionOf" and chosen.serializer == "rdf"):
        return
    assertions = [Assertion(None, full_record(name))]
    assert through(chosen, assertions) == (assertions, [])


@pytest.mark.parametrize("chosen", BRIDGED, ids=lambda one: one.name)
def test_values_go_through_by_their_lexical_form_or_are_told(chosen):
    exact = [
        ("int", "5"),
        ("long", "5"),
        ("string", "x"),
        ("anyURI", "http://x/"),
        ("boolean", "true"),
        ("gYear", "2026"),
    ]
    stated = statement(PROV + "Entity", EX + "e", [(EX + t, XSD + t, text, "") for t, text in exact])
    assert through(chosen, [Assertion(None, stated)]) == ([Assertion(None, stated)], [])
    respelled = statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "double", "1.10", "")])
    found, (loss,) = through(chosen, [Assertion(None, respelled)])
    assert loss.what.startswith("the spelling of values")
    assert loss.count == 1
    assert float(found[0].statement.argument(EX + "a")) == 1.1


@pytest.mark.parametrize("chosen", BRIDGED, ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("datatype", "lexical", "language"),
    [
        (PROV + "InternationalizedString", "chat", "fr"),
        (XSD + "double", "NaN", ""),
        (XSD + "double", "INF", ""),
        (XSD + "double", "-INF", ""),
        (XSD + "boolean", "false", ""),
        (XSD + "dateTime", "2026-01-01T10:00:00+01:00", ""),
        ("http://types.org/t", "x", ""),
        (NAME, "http://elsewhere.org/x", ""),
    ],
)
def test_each_sort_of_value_goes_through(chosen, datatype, lexical, language):
    stated = statement(PROV + "Entity", EX + "e", [(EX + "a", datatype, lexical, language)])
    found, losses = through(chosen, [Assertion(None, stated)], {None: {"": EX}})
    # From RDF `prov` reads a datatype only when a prefix fits it.
    held = chosen.serializer != "rdf" or datatype != "http://types.org/t"
    assert (found == [Assertion(None, stated)]) == held
    assert (losses == []) == held


def test_a_document_that_cannot_be_read_back_is_told():
    scruffy = [
        Assertion(
            None,
            statement(PROV + "Usage", EX + "u", [(PROV + "time", XSD + "dateTime", f"2026-01-0{n}T00:00:00Z", "")]),
        )
        for n in (1, 2)
    ]
    (loss,) = bridge.TURTLE.write(scruffy, NAMESPACES, io.BytesIO())
    assert loss.what == "the written document cannot be read back"
    assert loss.count == 2


def test_what_the_libraries_log_becomes_a_warning(capfd):
    data = b"<http://a|b> a <http://www.w3.org/ns/prov#Entity> ."
    assert any("valid URI" in text for text in bridge.TURTLE.read(io.BytesIO(data), source="a").warnings)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("chosen", [b for b in BRIDGED if b.name != "turtle"], ids=lambda one: one.name)
def test_bundles_go_through(chosen):
    assertions = [
        Assertion(None, statement(PROV + "Entity", EX + "e", [])),
        Assertion(EX + "b", statement(PROV + "Entity", EX + "e", [(EX + "a", XSD + "string", "x", "")])),
    ]
    found, losses = through(chosen, assertions)
    assert (Counter(found), losses) == (Counter(assertions), [])


@pytest.mark.parametrize("chosen", BRIDGED, ids=lambda one: one.name)
def test_dictionaries_are_lost_and_told(chosen):
    pair = (PROV + "key-entity-set", PROV + "KeyEntityPair", json.dumps([XSD + "string", "k", "", EX + "e"]), "")
    membership = statement(PROV + "DictionaryMembership", EX + "m", [pair])
    entity = statement(PROV + "Entity", EX + "e", [])
    found, (loss,) = through(chosen, [Assertion(None, membership), Assertion(None, entity)])
    assert found == [Assertion(None, entity)]
    assert (loss.count, loss.example) == (1, f"hadDictionaryMember {EX}m")


def test_a_mention_is_lost_in_json_ld_and_told():
    mention, entity = full_record("mentionOf"), statement(PROV + "Entity", EX + "e", [])
    found, losses = through(bridge.JSON_LD, [Assertion(None, mention), Assertion(None, entity)])
    assert len(found) == 1
    assert losses[0].count == 1


# -- refusals


def test_json_ld_nested_deeper_than_64_is_refused():
    for levels in (64, 20_000):
        data = '{"@context": [], "@graph": ' + "[" * levels + "]" * levels + "}"
        assert "64 levels" in refused(bridge.JSON_LD, data.encode()).message
    assert "64 levels" not in refused(bridge.JSON_LD, ('{"@context": ' + "[" * 63 + "]" * 63 + "}").encode()).message


def test_a_repeated_key_in_json_ld_is_refused():
    assert "repeated" in refused(bridge.JSON_LD, b'{"@graph": [], "@graph": []}').message


def test_turtle_nested_without_end_is_refused():
    assert refused(bridge.TURTLE, b"@prefix ex: <http://e/> . ex:a ex:b " + b"[ ex:b " * 5_000)


def test_rdf_without_any_prov_is_refused():
    assert "no PROV" in refused(bridge.TURTLE, b"<http://a/> <http://b/> <http://c/> .").message


def test_a_syntax_error_names_line_and_column():
    assert refused(bridge.TURTLE, b"@prefix ex: <http://e/> .\n\nex:a ex:b .").where == "a:3"


def test_a_remote_context_is_never_fetched(monkeypatch):
    import socket

    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    data = json.dumps(
        {"@context": [PREFIX, "http://127.0.0.1:9/context.jsonld"], "@graph": [{"@type": "Entity", "@id": "ex:e"}]}
    )
    found = list(bridge.JSON_LD.read(io.BytesIO(data.encode()), source="a").assertions)
    assert [a.statement.identifier for a in found] == [EX + "e"]


@pytest.mark.parametrize(("chosen", "extra"), [(bridge.TURTLE, "rdf"), (bridge.TRIG, "rdf")])
def test_a_missing_extra_is_named(chosen, extra, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        chosen.read(io.BytesIO(b""), source="a")
    assert f"provstore[{extra}]" in error.value.next_step


SEEDS = {}
for each in BRIDGED:
    written = io.BytesIO()
    each.write([Assertion(None, full_record(n)) for n in ("entity", "used", "wasDerivedFrom")], NAMESPACES, written)
    SEEDS[each.name] = written.getvalue()


@pytest.mark.parametrize("chosen", BRIDGED, ids=lambda one: one.name)
@given(changes=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=2), st.booleans()), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_random_bytes_give_bad_input_or_a_document(chosen, changes):
    data = bytearray(SEEDS[chosen.name])
    for place, inserted, replaces in changes:
        at = place % (len(data) + 1)
        data[at : at + (len(inserted) if replaces else 0)] = inserted
    error = refusal_of(chosen, bytes(data), "a")
    assert error is None or error.where.startswith("a")
