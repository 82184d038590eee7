"""Hypothesis strategies: statements of every record type, documents, and prefixes."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from provstore.model.document import Assertion
from provstore.model.statement import statement
from provstore.model.terms import RECORD_TYPES
from tests.unit.formats.reading import EX, NAME, PROV, XSD

TEXTS = st.one_of(
    st.sampled_from(["", "x", "a:b", "xsd:int", "prov:QUALIFIED_NAME", "5", "_:x", "é😀", 'q"\\\n\u2028', "default"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
IRIS = st.one_of(
    st.sampled_from(
        [EX + "a", EX + "b/c", EX, "http://other.org/x:y", "urn:x:1", "mailto:a@b", "no-scheme", "_:x", "#a"]
    ),
    st.builds(lambda stem, local: stem + local, st.sampled_from([EX, "http://y.org/", "urn:z:"]), TEXTS),
)
NUMBERS = st.sampled_from(
    ["0", "-0", "7", "+7", "007", "2147483648", "1" * 20, "1e5", "1.10", "1.", ".5", "NaN", "INF", "x"]
)
NUMBER_TYPES = st.sampled_from([XSD + n for n in ("int", "long", "integer", "double", "decimal", "float")])
DATATYPES = st.sampled_from([XSD + "string", XSD + "token", PROV + "InternationalizedString", EX + "type", "urn:t"])


def values():
    """Any (datatype, lexical form, language) that rule 1 allows."""
    return st.one_of(
        st.tuples(st.just(XSD + "string"), TEXTS, st.just("")),
        st.tuples(NUMBER_TYPES, NUMBERS, st.just("")),
        st.tuples(st.just(XSD + "boolean"), st.sampled_from(["true", "false", "1", "0", "x"]), st.just("")),
        st.tuples(st.just(NAME), IRIS, st.just("")),
        st.tuples(DATATYPES, TEXTS, st.just("")),
        st.tuples(st.just(PROV + "InternationalizedString"), TEXTS, st.sampled_from(["en", "fr-CA", "x-🦆"])),
    )


def _argument(argument):
    if argument.iri == PROV + "key-set":
        return st.lists(values(), max_size=3)
    if argument.holds == "keys":
        pairs = st.tuples(values(), IRIS).map(
            lambda pair: json.dumps([*pair[0], pair[1]], ensure_ascii=False, separators=(",", ":"))
        )
        return st.lists(pairs.map(lambda pair: (PROV + "KeyEntityPair", pair, "")), max_size=3)
    if argument.holds == "time":
        return st.lists(st.tuples(st.just(XSD + "dateTime"), TEXTS, st.just("")), max_size=1)
    return st.lists(st.tuples(st.just(NAME), IRIS, st.just("")), max_size=1)


FORMAL = {argument.iri for record in RECORD_TYPES for argument in record.arguments}


@st.composite
def statements(draw):
    """A statement of any record type, with any of its arguments and any other attributes."""
    record = draw(st.sampled_from(RECORD_TYPES))
    attributes = [(argument.iri, *value) for argument in record.arguments for value in draw(_argument(argument))]
    names = st.one_of(IRIS, st.sampled_from([PROV + "type", PROV + "label"])).filter(lambda n: n not in FORMAL)
    attributes += [(name, *value) for name, value in draw(st.lists(st.tuples(names, values()), max_size=4))]
    identifier = draw(IRIS if record.is_element else st.one_of(st.none(), IRIS))
    return statement(record.iri, identifier, attributes)


def documents():
    """Lists of assertions in any order, some in bundles."""
    bundles = st.sampled_from([None, None, EX + "bundle", "urn:b"])
    return st.lists(st.builds(Assertion, bundles, statements()), max_size=8)


PREFIX_MAPS = st.dictionaries(
    st.sampled_from(["", "ex", "y", "default", "prov", "xsd", "xsi", "_", "a:b", "urn", "http", "ns"]),
    st.sampled_from([EX, EX + "b", "http://y.org/", "urn:", "http:", PROV, XSD, XSD[:-1], ""]),
    max_size=4,
)
NAMESPACES = st.dictionaries(st.sampled_from([None, EX + "bundle", "urn:b"]), PREFIX_MAPS, max_size=3)
