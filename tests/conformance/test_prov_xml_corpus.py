"""Every PROV-XML document of the test corpora of `prov` and ProvToolbox reads to the document that `prov` reads, by
value (rule 4), and every document of the PROV-JSON corpus goes through PROV-XML and comes back.
"""

from __future__ import annotations

import io
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import prov.model as pm
import pytest
from lxml import etree

from provstore.formats.prov_documents import assertions_of
from provstore.formats.prov_json import PROV_JSON
from provstore.formats.prov_xml import PROV_XML
from provstore.model.terms import PROV, RECORD_TYPES, XSD
from tests.support.differences import losses_between

TESTS = Path(find_spec("prov").origin).parent / "tests"
DATA = Path(__file__).parents[1] / "data"
NOTE = sorted((TESTS / "xml").glob("*.xml"))
CONSTRAINTS = sorted(path for path in (DATA / "prov-constraints").rglob("*") if path.suffix in (".xml", ".provx"))
JSON = sorted((TESTS / "json").glob("*.json"))

# Documents that `prov` refuses. The Note's own examples have QNames without prefix and default namespace, which are
# names in no namespace (XML Schema part 2, 3.2.18); ProvToolbox writes the content of a bundle into prov:bundle.
NO_NAMESPACE = {f"example_{n}.xml" for n in (11, 12, 17, 22, 23, 24, 25, 27, 28, 37, 38, 39)}
BUNDLE_DIALECT = {"bundle-fail1.xml", "bundle-success1.xml", "bundle-success2.xml"}


def read(data):
    return list(PROV_XML.read(io.BytesIO(data), source="a").assertions)


def by_prov(data, format_name="xml"):
    return list(assertions_of(pm.ProvDocument.deserialize(content=data, format=format_name)))


def test_the_corpora_are_whole():
    assert (len(NOTE), len(CONSTRAINTS), len(SIBLINGS), len(JSON)) == (44, 193, 186, 398)


@pytest.mark.parametrize(
    "path", [p for p in NOTE + CONSTRAINTS if p.name not in NO_NAMESPACE | BUNDLE_DIALECT], ids=lambda path: path.name
)
@pytest.mark.filterwarnings("ignore")
def test_a_document_reads_to_what_prov_reads(path):
    data = path.read_bytes()
    assert differences(read(data), by_prov(data)) == []


@pytest.mark.parametrize("path", [p for p in NOTE if p.name in NO_NAMESPACE], ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")
def test_a_name_in_no_namespace_is_what_prov_reads_when_one_is_declared(path):
    # The same document with the default namespace `x:` says the same with `x:` before each of those names.
    declared = path.read_bytes().replace(b"<prov:document", b'<prov:document xmlns="x:"')
    with pytest.raises(Exception, match="Could not create a valid QualifiedName"):
        by_prov(path.read_bytes())
    expected = Counter(
        (bundle, kind, name, tuple((n, d, v.removeprefix("x:"), lang) for n, d, v, lang in attributes))
        for bundle, (kind, name, attributes) in by_prov(declared)
    )
    found = Counter((bundle, kind, name, tuple(map(tuple, a))) for bundle, (kind, name, a) in read(path.read_bytes()))
    assert {(*k[:3], frozenset(k[3])) for k in found} == {(*k[:3], frozenset(k[3])) for k in expected}


@pytest.mark.parametrize("path", [p for p in CONSTRAINTS if p.name in BUNDLE_DIALECT], ids=lambda path: path.name)
def test_the_bundle_dialect_reads_to_what_prov_reads_in_the_schemas_words(path):
    data = path.read_bytes()
    assert differences(read(data), by_prov(data.replace(b"prov:bundle", b"prov:bundleContent"))) == []


def differences(ours, theirs):
    """What differs by value; that `prov` spells a value in another way is none."""
    return [loss for loss in losses_between(ours, theirs) if not loss.what.startswith("the spelling of values")]


# The same document in PROV-N, which ProvToolbox wrote by hand.
SIBLINGS = [path for path in CONSTRAINTS if path.with_suffix(".provn").exists()]


@pytest.mark.parametrize("path", SIBLINGS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore")
def test_a_document_says_what_its_prov_n_says(path):
    theirs = by_prov(path.with_suffix(".provn").read_text(), "provn")
    assert differences(read(path.read_bytes()), theirs) == []


SCHEMA = etree.XMLSchema(etree.parse(DATA / "schemas" / "prov.xsd"))
# Types that PROV-DM allows and XML Schema 1.0 does not have, so that no xsi:type can name them.
UNKNOWN_TYPES = {XSD + "yearMonthDuration", XSD + "dayTimeDuration"} | {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
}
# The arguments without which the schema (and PROV-N) has no such record; the others may be absent.
OPTIONAL = {
    PROV + name: set(optional)
    for name, optional in {
        "Activity": ["startTime", "endTime"],
        "Generation": ["activity", "time"],
        "Usage": ["entity", "time"],
        "Start": ["trigger", "starter", "time"],
        "End": ["trigger", "ender", "time"],
        "Invalidation": ["activity", "time"],
        "Derivation": ["activity", "generation", "usage"],
        "Association": ["agent", "plan"],
        "Delegation": ["activity"],
    }.items()
}
REQUIRED = {r.iri: {a.iri for a in r.arguments} - {PROV + o for o in OPTIONAL.get(r.iri, ())} for r in RECORD_TYPES}


def is_valid(stated):
    """True when the schema has a form for the statement."""
    present = {a.name for a in stated.attributes}
    return present >= REQUIRED[stated.kind] and not any(a.datatype in UNKNOWN_TYPES for a in stated.attributes)


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.stem)
def test_a_prov_json_document_goes_through_prov_xml_without_a_loss(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        assertions = list(reading.assertions)
    written = io.BytesIO()
    assert PROV_XML.write(assertions, reading.namespaces, written) == []
    assert read(written.getvalue()) == assertions
    document = etree.fromstring(written.getvalue())
    assert SCHEMA.validate(document) == all(is_valid(a.statement) for a in assertions), SCHEMA.error_log.last_error


@pytest.mark.parametrize("path", JSON[::7], ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_prov_reads_what_we_write_to_the_same_document(path):
    with path.open("rb") as stream:
        reading = PROV_JSON.read(stream, source=path.name)
        written = io.BytesIO()
        PROV_XML.write(reading.assertions, reading.namespaces, written)
    original = list(assertions_of(pm.ProvDocument.deserialize(str(path), format="json")))
    assert differences(original, by_prov(written.getvalue())) == []
