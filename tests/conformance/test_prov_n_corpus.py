"""Every PROV-N document of the test corpus of `prov` and of the constraint cases reads to what `prov` reads (rule 4).

The corpus has ProvToolbox's files and the examples of PROV-DM and PROV-N, most of them statements put into a document.
"""

from __future__ import annotations

import io
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import prov.model as pm
import pytest

from provstore.errors import BadInput
from provstore.formats.prov_n import PROV_N
from provstore.model.document import equal, identical
from tests.support.by_value import of_ours, of_prov

OF_PROV = sorted((Path(find_spec("prov").origin).parent / "tests").rglob("*.provn"))
CASES = sorted((Path(__file__).parents[1] / "data" / "prov-constraints").rglob("*.provn"))
CORPUS = [*OF_PROV, *CASES]

SHORT = "the last arguments are left out, as in PROV-DM's examples; PROV-N production [9], [12] or [17] has all or none"
# Documents that we read and `prov` refuses, each with its reason.
ONLY_OURS = {
    **dict.fromkeys(
        (f"prov-dm-example-{n}" for n in ("03", "04", "16", "24", "34", "52", "53", "55", "56", "63")), SHORT
    ),
    "prov-n-example-37": SHORT,
    "prov-family": "it has a dictionary (PROV-Dictionary production [2])",
    "prov-family-graphics": "it has a dictionary (PROV-Dictionary production [2])",
    "prov-n-example-63": "it has a dictionary (PROV-Dictionary production [2])",
    "prov-n-example-64": "an extension (production [49]) is left out with a warning",
}
UNDECLARED = (
    "a name in quotes has an undeclared prefix, which `prov` keeps as text (section 3.7.1: its meaning is an IRI)"
)
# Documents that `prov` reads and we refuse, each with its reason.
ONLY_PROV = dict.fromkeys(
    ("prov-dm-example-27", "prov-dm-example-31", "prov-dm-example-61", "prov-dm-example-62", "prov-n-example-34",
     "prov-n-example-35"), UNDECLARED,
)  # fmt: skip
# Statements after a bundle come before it when they are written (production [1]).
REORDERED = {"prov-dm-example-42"}
# What `prov` can't read in what we write: the same as in the original.
DICTIONARIES = {"prov-family", "prov-family-graphics", "prov-n-example-63"}
PREDECLARED = ("prov", "xsd")


def ours(path):
    """The Reading and its assertions, or the error."""
    try:
        with path.open("rb") as stream:
            found = PROV_N.read(stream, source=path.name)
            return found, list(found.assertions)
    except BadInput as error:
        return error, None


def theirs(**given):
    """What `prov` reads, or None."""
    try:
        return Counter(of_prov(pm.ProvDocument.deserialize(format="provn", **given)))
    except (pm.ProvException, ValueError):
        return None


READ = {path: ours(path) for path in CORPUS}
READABLE = [path for path in CORPUS if READ[path][1] is not None]


def test_the_corpus_has_524_documents_and_the_cases_186():
    assert (len(OF_PROV), len(CASES)) == (524, 186)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_reads_to_what_prov_reads_or_both_refuse_it(path):
    found, assertions = READ[path]
    expected = theirs(source=str(path))
    if path.stem in ONLY_OURS:
        assert (expected, assertions is None) == (None, False)
    elif path.stem in ONLY_PROV:
        assert isinstance(found, BadInput)
        assert "is not declared" in found.message
        assert expected is not None
    else:
        assert (assertions and Counter(map(of_ours, assertions))) == expected


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_a_document_written_again_reads_back_identical(path):
    found, assertions = READ[path]
    written = io.BytesIO()
    losses = PROV_N.write(assertions, found.namespaces, written)
    written.seek(0)
    again = PROV_N.read(written, source="again")
    assert losses == []
    same = equal if path.stem in REORDERED else identical
    assert same(again.assertions, assertions)
    assert again.namespaces == {
        bundle: {p: n for p, n in prefixes.items() if p not in PREDECLARED}
        for bundle, prefixes in found.namespaces.items()
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", [p for p in READABLE if p.stem not in DICTIONARIES], ids=lambda path: path.stem)
def test_prov_reads_what_we_write_to_the_same_document(path):
    found, assertions = READ[path]
    written = io.BytesIO()
    PROV_N.write(assertions, found.namespaces, written)
    content = written.getvalue().decode()
    assert theirs(content=content) == Counter(map(of_ours, assertions))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_what_was_strict_is_written_strict(path):
    if theirs(source=str(path), profile="strict") is None:
        return
    found, assertions = READ[path]
    written = io.BytesIO()
    PROV_N.write(assertions, found.namespaces, written)
    assert theirs(content=written.getvalue().decode(), profile="strict") == Counter(map(of_ours, assertions))
