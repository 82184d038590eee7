"""Each document of the test corpora through JSON-LD, Turtle and TriG: equal, or less exactly what RDF forces.

What must be lost is worked out here from the document itself, by the rules of RDF and PROV-O, not from what the
writers say.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path

import prov.model as pm
import pytest

from provstore.errors import BadInput
from provstore.formats.prov_json import PROV_JSON
from provstore.formats.prov_jsonld import JSON_LD
from provstore.formats.prov_o import TRIG, TURTLE
from provstore.formats.registry import by_name, find_out
from tests.conformance.test_prov_json_corpus import CORPUS, of_ours, of_prov

DATA = Path(__file__).parents[1] / "data"
PROV_TESTS = Path(find_spec("prov").origin).parent / "tests"
RDF = sorted((PROV_TESTS / "rdf").glob("*.t*"))
OWN = sorted(
    path
    for folder in ("prov-constraints", "prov-jsonld")
    for path in (DATA / folder).rglob("*")
    if path.suffix in (".provn", ".xml", ".provx", ".json", ".jsonld") and path.name != "expect.json"
)
PROV = "http://www.w3.org/ns/prov#"
NAME = PROV + "QUALIFIED_NAME"


def read(path):
    """The assertions and namespaces of a file, or None when it is no document at all."""
    chosen = find_out(path.name, path.read_bytes()[:4096])
    try:
        with path.open("rb") as stream:
            reading = chosen.read(stream, source=path.name)
            return list(reading.assertions), reading.namespaces
    except BadInput:
        return None


def through(chosen, assertions, namespaces):
    out = io.BytesIO()
    losses = chosen.write(assertions, namespaces, out)
    out.seek(0)
    try:
        return Counter(chosen.read(out, source="written").assertions), losses, out.getvalue().decode()
    except BadInput:
        if assertions and chosen is not TURTLE:
            raise
        return Counter(), losses, out.getvalue().decode()


def must_go(assertions, *, bundles):
    """The assertions that RDF cannot give back: Counter, by RDF 1.1 Concepts 3 and PROV-O 3.3.

    A document is a set of triples about nodes, and an identifier is one node: of the records of one identifier in one
    bundle come back those that say everything that any of them says.
    """
    gone = Counter()
    groups = defaultdict(Counter)
    for assertion in assertions:
        bundle, stated = assertion
        if bundle is not None and not bundles:
            gone[assertion] += 1
        elif stated.identifier is not None:
            groups[bundle, stated.identifier][stated] += 1
    for (bundle, _), stated in groups.items():
        kept = told_apart(list(stated))
        for one, count in stated.items():
            lost = count - (one in kept)
            if lost:
                gone[bundle, one] += lost
    return gone


def arguments_of(stated):
    from provstore.model.terms import BY_IRI

    names = {argument.iri for argument in BY_IRI[stated.kind].arguments}
    own = frozenset(a for a in stated.attributes if a[0] in names)
    return own, frozenset(stated.attributes) - own


def told_apart(records):
    """The records of one identifier that its node says: those that have all the arguments and attributes of any.

    Records of different kinds are told apart by their classes and arguments, but not what else they say.
    """
    kinds = {one.kind for one in records}
    if len(kinds) > 1:
        if any(arguments_of(one)[1] for one in records):
            return set()
        return set().union(*(told_apart([one for one in records if one.kind == kind]) for kind in kinds))
    parts = {one: arguments_of(one) for one in records}
    names = {a[0] for own, _ in parts.values() for a in own}
    others = frozenset().union(*(rest for _, rest in parts.values()))
    return {one for one, (own, rest) in parts.items() if {a[0] for a in own} == names and rest == others}


DOCUMENTS = [*CORPUS, *OWN]


@pytest.mark.parametrize("chosen", [JSON_LD, TRIG, TURTLE], ids=lambda one: one.name)
def test_every_document_comes_back_but_for_what_the_format_forces(chosen):
    read_at_all = 0
    for path in DOCUMENTS:
        found = read(path)
        if found is None:
            continue
        read_at_all += 1
        assertions, namespaces = found
        back, losses, _ = through(chosen, assertions, namespaces)
        gone = Counter(assertions) - back
        expected = Counter() if chosen is JSON_LD else must_go(assertions, bundles=chosen is TRIG)
        assert gone == expected, path.name
        # Where nothing is gone, the node may still say combinations that the document did not.
        assert sum(loss.count for loss in losses) == (gone or back - Counter(assertions)).total(), path.name
        assert all(loss.clause for loss in losses), path.name
        assert bool(losses) == (back != Counter(assertions)), path.name
    # All of the corpus, and of our own all but those that are no PROV-N by its grammar.
    assert read_at_all >= 398 + 190


@pytest.mark.parametrize(
    ("name", "options"), [("json-ld", {"format": "jsonld"}), ("trig", {"format": "rdf", "rdf_format": "trig"})]
)
def test_prov_reads_what_we_write_to_the_same_document(name, options):
    for path in CORPUS[::11]:
        if path.name.startswith("scruffy") or (path.name.startswith("mention") and name == "json-ld"):
            continue  # what `prov` cannot read at all, or reads as the specialization that it implies
        with path.open("rb") as stream:
            reading = PROV_JSON.read(stream, source=path.name)
            out = io.BytesIO()
            assert by_name(name).write(reading.assertions, reading.namespaces, out) == []
        with quiet():
            theirs = pm.ProvDocument.deserialize(content=out.getvalue().decode(), **options)
        original = pm.ProvDocument.deserialize(str(path), format="json")
        assert durations(of_prov(theirs)) == durations(of_prov(original)), path.name


# Documents that we read to something else than `prov`, each with its reason.
DIFFERENCES = {
    # ex:a1 and ex:e1 are entity and activity each: two records for us, one of a further type for `prov`.
    "bundle2.ttl",
}


def test_the_corpus_has_402_documents():
    assert len(RDF) == 402


def test_rdf_is_read_to_what_prov_reads():
    for path in RDF:
        chosen = TRIG if path.suffix == ".trig" else TURTLE
        if path.name.startswith("scruffy"):
            continue
        with path.open("rb") as stream:
            reading = chosen.read(stream, source=path.name)
            ours = durations(of_ours(one) for one in reading.assertions)
        with quiet():
            theirs = durations(of_prov(pm.ProvDocument.deserialize(str(path), format="rdf", rdf_format=chosen.name)))
        assert reading.warnings == [], path.name
        assert (ours == theirs) != (path.name in DIFFERENCES), path.name


SCRUFFY = [path for path in RDF if path.name.startswith("scruffy")]


def test_the_scruffy_documents_are_refused_by_prov_and_read_by_us_with_a_warning():
    # Two records of one identifier are one node (PROV-O section 3.3). Where they differ in one argument only, the node
    # says the two and nothing else; where they differ in more, it says every combination, the two among them.
    assert len(SCRUFFY) == 28
    for path in SCRUFFY:
        with quiet(), pytest.raises(pm.ProvException):
            pm.ProvDocument.deserialize(str(path), format="rdf", rdf_format="turtle")
        with path.open("rb") as stream:
            reading = TURTLE.read(stream, source=path.name)
            ours = Counter(reading.assertions)
        assert len(reading.warnings) == 1, path.name
        with (PROV_TESTS / "json" / f"{path.stem}.json").open("rb") as stream:
            meant = Counter(PROV_JSON.read(stream, source=path.name).assertions)
        arguments = {one: arguments_of(one.statement)[0] for one in meant}
        assert {(a.statement.identifier, arguments[a]) for a in meant} <= {
            (a.statement.identifier, arguments_of(a.statement)[0]) for a in ours
        }, path.name


class quiet(warnings.catch_warnings):
    """What `prov` and `rdflib` say of values that they cannot convert is not our matter."""

    def __enter__(self):
        super().__enter__()
        warnings.simplefilter("ignore")
        logging.disable(logging.ERROR)

    def __exit__(self, *error):
        logging.disable(logging.NOTSET)
        super().__exit__(*error)


_zero = re.compile(r"(?<=[PTYMDHS])0+[YMDHS]")


def durations(records):
    """The records with durations by value: `rdflib` spells P0Y0M0DT0H0M12.225S as PT12.225S."""
    counted = Counter()
    for bundle, kind, identifier, values in records:
        spelled = frozenset(
            (name, (datatype, _zero.sub("", value) if datatype.endswith("#duration") else value, language))
            for name, (datatype, value, language) in values
        )
        counted[bundle, kind, identifier, spelled] += 1
    return counted
