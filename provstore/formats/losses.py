"""What formats cannot hold: the table of losses that a format itself forces, and the counting of them.

Single cases come in, one Loss per kind goes out, with the clause that forces it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from provstore.formats.contract import Loss
from provstore.model.statement import Statement
from provstore.model.terms import BY_IRI

RDF_FORMATS: Final = ("turtle", "trig")
_ALL: Final = ("prov-json", "json-ld", "prov-xml", *RDF_FORMATS)
_PROV_N: Final = ("prov-n",)
_PROV_XML: Final = ("prov-xml",)

QNAME_DATATYPE: Final = "the datatype xsd:QName"
SEVERAL_VALUES: Final = "further values of an argument that has one"
NO_PAIRS: Final = "values that are no key-entity pairs"
OWN_MARK: Final = "the attribute ps:assertedAs, which is provstore's own"
NO_BUNDLES: Final = "statements in bundles"
REPEATED: Final = "repetitions of a statement"
ONE_IDENTIFIER: Final = "which of several records of one identifier says what"
NO_IRI: Final = "statements with a name that is no IRI"
LANGUAGE_TAGS: Final = "language tags that are not well-formed"
OWN_NAMES: Final = "attributes and types that are the format's own way to say something else"
NOT_ONE_ARGUMENT: Final = "values of an argument, which PROV-N gives once and as a name or time"
NO_DATE_TIME: Final = "times that are no xsd:dateTime"
NO_KEYS: Final = "keys without an entity, or entities of removed keys"
ENCODED_NAMES: Final = "characters that no name and no IRI has; they were percent-encoded"
UNNAMED_ELEMENTS: Final = "elements without an identifier"
UNWRITABLE_STATEMENT: Final = "statements with a name that XML cannot hold"
UNWRITABLE_VALUE: Final = "values with a character or a name that XML cannot hold"
WHITE_SPACE: Final = "white space that the datatype of a value collapses"
# Not forced by anything: a mistake of ours, that is told rather than hidden.
OTHERWISE: Final = "statements that come back otherwise"


class Forced(NamedTuple):
    """A kind of loss: the sentence that names it, the clause that forces it, and the formats that it occurs in."""

    what: str
    clause: str
    formats: tuple[str, ...]


FORCED: Final = (
    Forced(QNAME_DATATYPE, "PROV-DM section 5.7.3: a value of that type is a qualified name", (*_ALL, *_PROV_N)),
    Forced(SEVERAL_VALUES, "PROV-DM section 5: an argument has one value", _ALL),
    Forced(NO_PAIRS, "PROV-Dictionary section 3.2: a key-entity set has pairs only", ("prov-json", *_PROV_XML)),
    Forced(OWN_MARK, "provstore's own: it marks what PROV-JSONLD has no record for", ("json-ld",)),
    Forced(NO_BUNDLES, "RDF 1.1 Turtle section 1: a document is one graph (TriG has several)", ("turtle",)),
    Forced(REPEATED, "RDF 1.1 Concepts section 3: a graph is a set of triples", RDF_FORMATS),
    Forced(ONE_IDENTIFIER, "PROV-O section 3.3: an identifier names one node", RDF_FORMATS),
    Forced(NO_IRI, "RDF 1.1 Concepts section 3.2: an IRI is absolute and has the characters of RFC 3987", RDF_FORMATS),
    Forced(LANGUAGE_TAGS, "BCP 47; RDF 1.1 Concepts section 3.3, PROV-N production [63]", (*_PROV_N, *RDF_FORMATS)),
    Forced(NOT_ONE_ARGUMENT, "PROV-N productions [7] to [26]: an argument is one name or time", _PROV_N),
    Forced(NO_DATE_TIME, "PROV-N production [62]: a time is an xsd:dateTime", _PROV_N),
    Forced(NO_KEYS, "PROV-Dictionary productions [6] and [8]: pairs when inserted, keys when removed", _PROV_N),
    Forced(ENCODED_NAMES, "PROV-N section 3.7.1: the characters of a name", _PROV_N),
    Forced(UNNAMED_ELEMENTS, "PROV-N productions [3], [7] and [15]: an element has an identifier", _PROV_N),
    Forced(UNWRITABLE_STATEMENT, "XML 1.0 section 2.2; Namespaces in XML section 4 (QName)", _PROV_XML),
    Forced(UNWRITABLE_VALUE, "XML 1.0 section 2.2", _PROV_XML),
    Forced(WHITE_SPACE, "XML Schema part 2 section 4.3.6", _PROV_XML),
    Forced(OWN_NAMES, "PROV-O section 4, PROV-XML section 2: these names mean that", (*_PROV_XML, *RDF_FORMATS)),
)
_CLAUSES: Final = {one.what: one.clause for one in FORCED}


class Losses:
    """Collects losses by what is lost; the first case is the example."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, str]] = {}

    def add(self, what: str, of: Statement | str, count: int = 1) -> None:
        """Notes that `what` is lost of a statement, or of what is named so, `count` times."""
        named = of if isinstance(of, str) else f"{BY_IRI[of.kind].name} {of.identifier or ''}".strip()
        known, example = self._found.get(what, (0, named))
        self._found[what] = known + count, example

    def found(self) -> list[Loss]:
        """The losses, in the order of their first cases."""
        return [Loss(what, count, example, _CLAUSES.get(what, "")) for what, (count, example) in self._found.items()]
