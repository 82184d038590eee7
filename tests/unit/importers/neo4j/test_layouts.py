"""Mapping files: what they may say, and how a mistake in one is told."""

from itertools import pairwise

import pytest

from provstore.errors import BadInput, UsageError
from provstore.importers.neo4j import layouts
from provstore.model.terms import PROV, PS


def parse(text):
    return layouts.parse(text, name="ours", where="ours.yaml")


MISTAKES = [
    ("[1, 2]", "the whole file: expected a table"),
    ("", "the whole file: expected a table"),
    ("a: [", "no YAML"),
    ("identifier: id\nrelationz: {}", "relationz: no key of a mapping"),
    ("prefixes: {}", "identifier: expected the property"),
    ("identifier: 5", "identifier: expected a text, or a list of texts, found '5'"),
    ("identifier: []", "identifier: expected the property"),
    ("identifier: id\nelements: {Job: run}", "elements.Job.kind: expected one of entity, activity, agent, found 'run'"),
    ("identifier: id\nelements: {Job: {type: 'ps:Run'}}", "elements.Job.kind: it is missing"),
    ("identifier: id\nelements: {Job: {kind: entity, sort: x}}", "elements.Job.sort: expected one of kind, type"),
    (
        "identifier: id\nelements: {Job: {kind: entity, type: 'no:Run'}}",
        "elements.Job.type: expected an IRI, or a name",
    ),
    ("identifier: id\nelements: {1: entity}", "elements: expected a table of texts"),
    ("identifier: id\nrelations: {R: reads}", "relations.R.relation: expected one of wasGeneratedBy, used"),
    (
        "identifier: id\nrelations: {R: {relation: used, reversed: maybe}}",
        "relations.R.reversed: expected true or false",
    ),
    ("identifier: id\nrelations: {R: hadDictionaryMember}", "relations.R.relation: expected one of"),
    ("identifier: id\nproperties: {a: b}", "properties.a: expected an IRI, or a name"),
    ("identifier: id\nprefixes: {a: b}", "prefixes.a: expected the IRI of a namespace, found 'b'"),
    ("identifier: id\nbookkeeping: {a: b}", "bookkeeping: expected a text, or a list"),
    ("identifier: id\nabsent: 1", "absent: expected a text, found '1'"),
    ("identifier: id\nbundles: {label: B}", "bundles.relationship: it is missing"),
    ("identifier: id\nbundles: {relationship: in, where: 1}", "bundles.where: expected a table"),
    ("identifier: id\nliterals: turtle", "literals: expected plain or prov-n, found 'turtle'"),
    ("layout: other", "layout: expected one of prov2neo, yprov, prov-db-connector, provdb, found 'other'"),
    (b"identifier: \xff", "no YAML"),
    ("identifier: &a [*a]", "a YAML alias refers to a node that contains it"),
    ("layout: " + "[" * 50 + "x" * 200 + "]" * 50, "[" * 50 + "'" + "x" * 29 + '"'),
]
# Nine times nine times nine ... texts in some hundred characters.
NESTED = "identifier: id\nelements:\n  Job:\n  - &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"  - &{this} [{', '.join([f'*{last}'] * 9)}]\n" for last, this in pairwise("abcdefghi")
)


def test_aliases_that_repeat_each_other_are_refused():
    with pytest.raises(BadInput, match="aliases make a value of more than") as refused:
        parse(NESTED)
    assert refused.value.where == "ours.yaml"


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_names_file_key_and_expectation(text, said):
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert str(refused.value.where).startswith("ours.yaml")
    assert said in refused.value.message


def test_names_in_a_mapping_are_expanded():
    found = parse(
        "identifier: id\nprefixes: {lab: 'http://lab.example/'}\n"
        "elements: {Job: {kind: activity, type: 'ps:Run'}}\nproperties: {a: 'lab:a', b: 'prov:time', c: 'urn:x:y'}"
    )
    assert found.elements == {"Job": layouts.Element("activity", PS + "Run")}
    assert found.properties == {"a": "http://lab.example/a", "b": PROV + "time", "c": "urn:x:y"}


def test_a_mapping_may_add_to_a_known_layout():
    found = parse("layout: yprov\nprefixes: {ex: 'http://example.org/'}")
    assert found.prefixes == {"ex": "http://example.org/"}
    assert (found.identifiers, found.prefixes_label) == (("id",), "_Namespace")


@pytest.mark.parametrize("name", layouts.NAMES)
def test_every_known_layout_can_be_read(name):
    assert layouts.named(name).name == name


def test_what_is_no_layout_and_no_file_is_told_with_those_that_are_known(tmp_path):
    with pytest.raises(UsageError, match="prov2neo"):
        layouts.named(str(tmp_path / "none.yaml"))
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(BadInput, match="larger"):
        layouts.named(str(large))
