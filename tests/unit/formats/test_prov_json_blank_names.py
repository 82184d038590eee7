"""Rule 3: what `_:` names of a file become, against digests worked out with hashlib."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.statements import OracleStatement, name_blanks
from tests.unit.formats.reading import EX, NAME, PREFIX, PROV, read, reading, statements


def digest_of(*records):
    """Rule 5 over rule 2's sids, by hand; a record is (bundle, [kind, id, quadruples])."""
    listed = [
        [bundle, hashlib.sha256(json.dumps(record, separators=(",", ":")).encode()).hexdigest()]
        for bundle, record in records
    ]
    return hashlib.sha256(json.dumps(listed, separators=(",", ":")).encode()).hexdigest()


def test_a_relation_that_nothing_refers_to_has_no_identifier():
    document = {"prefix": PREFIX, "used": {"_:u1": {"prov:activity": "ex:a"}, "_:u2": {"prov:entity": "ex:e"}}}
    assert [s.identifier for s in statements(document)] == [None, None]


def test_a_relation_that_is_referred_to_gets_an_iri_of_the_content_as_written():
    document = {
        "prefix": PREFIX,
        "wasGeneratedBy": {"_:g": {"prov:entity": "ex:e"}},
        "wasDerivedFrom": {"_:d": {"prov:generation": "_:g"}},
    }
    digest = digest_of(
        (None, [PROV + "Generation", "_:g", [[PROV + "entity", NAME, EX + "e", ""]]]),
        (None, [PROV + "Derivation", "_:d", [[PROV + "generation", NAME, "_:g", ""]]]),
    )
    generation, derivation = statements(document)
    assert generation.identifier == f"urn:provstore:blank:{digest}:g"
    assert derivation.identifier is None
    assert derivation.argument(PROV + "generation") == generation.identifier


def test_an_element_always_gets_an_iri():
    digest = digest_of((None, [PROV + "Entity", "_:e", []]))
    assert statements({"entity": {"_:e": {}}})[0].identifier == f"urn:provstore:blank:{digest}:e"


def test_a_bundle_gets_an_iri_and_its_names_are_those_of_the_file():
    document = {"entity": {"_:e": {}}, "bundle": {"_:b": {"entity": {"_:e": {}}}}}
    digest = digest_of((None, [PROV + "Entity", "_:e", []]), ("_:b", [PROV + "Entity", "_:e", []]))
    iri = f"urn:provstore:blank:{digest}:"
    assert [(a.bundle, a.statement.identifier) for a in read(document)] == [(None, iri + "e"), (iri + "b", iri + "e")]
    assert set(reading(document).namespaces) == {None, iri + "b"}


def test_a_qualified_name_value_refers_and_a_text_does_not():
    relation = {"used": {"_:u": {"prov:activity": "ex:a"}}}
    text = {"prefix": PREFIX, "entity": {"ex:e": {"prov:label": "_:u"}}} | relation
    name = {"prefix": PREFIX, "entity": {"ex:e": {"ex:a": {"$": "_:u", "type": "xsd:QName"}}}} | relation
    assert statements(text)[1].identifier is None
    assert statements(name)[1].identifier.startswith("urn:provstore:blank:")


def test_a_relation_that_shares_its_name_with_an_element_has_that_name():
    found = statements({"prefix": PREFIX, "used": {"_:x": {"prov:activity": "ex:a"}}, "entity": {"_:x": {}}})
    assert found[0].identifier == found[1].identifier
    assert found[0].identifier.startswith("urn:provstore:blank:")


def test_an_escape_does_not_hide_a_reference():
    text = '{"used": {"_:u": {}}, "wasDerivedFrom": {"_:d": {"prov:usage": "\\u005f:u"}}}'
    assert statements(text)[0].identifier.startswith("urn:provstore:blank:")


LABELS = st.sampled_from(["_:x", "_:y", "_:z", "ex:n"])
KINDS = {"entity": "Entity", "used": "Usage", "wasDerivedFrom": "Derivation"}
RECORDS = st.lists(
    st.tuples(
        st.sampled_from([None, "ex:b", "_:b"]),
        st.sampled_from(list(KINDS)),
        LABELS,
        st.dictionaries(st.sampled_from(["prov:activity", "prov:usage"]), LABELS, max_size=2),
    ),
    max_size=6,
)


def full(name):
    return name and name.replace("ex:", EX).replace("prov:", PROV)


def document_of(records):
    document = {"prefix": PREFIX}
    for bundle, kind, name, attributes in records:
        place = document if bundle is None else document.setdefault("bundle", {}).setdefault(bundle, {})
        place.setdefault(kind, {}).setdefault(name, []).append(attributes)
    return document


def as_written(bundle, container):
    """The naive model's assertions of a document or bundle, in the order of the file."""
    for member, group in container.items():
        if member == "bundle":
            for name, inner in group.items():
                yield from as_written(name, inner)
        elif member in KINDS:
            for name, attributes in ((n, one) for n, listed in group.items() for one in listed):
                quadruples = tuple((full(a), NAME, full(v), "") for a, v in attributes.items())
                yield full(bundle), OracleStatement(PROV + KINDS[member], full(name), quadruples)


@given(RECORDS, st.sampled_from([": ", ":"]), st.sampled_from([None, 1]))
def test_blank_names_mean_what_the_naive_model_says(records, colon, indent):
    document = document_of(records)
    expected = [
        (bundle, s.kind, s.identifier, set(s.attributes))
        for bundle, s in name_blanks(list(as_written(None, document)), {PROV + "Usage", PROV + "Derivation"})
    ]
    found = read(json.dumps(document, indent=indent, separators=(",", colon)))
    assert [(b, s.kind, s.identifier, set(map(tuple, s.attributes))) for b, s in found] == expected
