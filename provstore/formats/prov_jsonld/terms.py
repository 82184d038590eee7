"""The terms of the PROV-JSONLD context, as tables.

Source: PROV-JSONLD (W3C member submission, 2024-08-25) sections 4 and 5.
"""

from __future__ import annotations

from typing import Final

from provstore.model.terms import BY_IRI, BY_NAME, LABEL, PROV, PS, RDF, RECORD_TYPES, ROLE, TYPE, XSD, RecordType

CONTEXT_URL: Final = "https://openprovenance.org/prov-jsonld/context.jsonld"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
PROVEXT: Final = "https://openprovenance.org/ns/provext#"
PREDECLARED: Final = {"prov": PROV, "xsd": XSD, "rdf": RDF, "rdfs": RDFS, "provext": PROVEXT}

LOCATION: Final = PROV + "location"
VALUE: Final = PROV + "value"
# Attributes that have a term of their own.
SPECIAL: Final = {"type": TYPE, "label": LABEL, "role": ROLE, "location": LOCATION, "value": VALUE}
# Of these the plain texts are qualified names (section 5.2: "@type": "@id").
NAME_TERMS: Final = frozenset({TYPE, ROLE, LOCATION})

# What the submission has no record for is written as the record that it implies, with this attribute naming the class:
# mentionOf is a specialization (PROV-Links section 2), insertion and removal are derivations, dictionary membership is
# membership (PROV-Dictionary section 3).
ASSERTED_AS: Final = PS + "assertedAs"
IMPLIED: Final[dict[str, RecordType]] = {
    PROV + "Mention": BY_NAME["specializationOf"],
    PROV + "Insertion": BY_NAME["wasDerivedFrom"],
    PROV + "Removal": BY_NAME["wasDerivedFrom"],
    PROV + "DictionaryMembership": BY_NAME["hadMember"],
}
# The arguments of these that the implied record has too, under its own names.
IMPLIED_ARGUMENTS: Final[dict[str, dict[str, str]]] = {
    PROV + "Mention": {},
    PROV + "Insertion": {PROV + "after": PROV + "generatedEntity", PROV + "before": PROV + "usedEntity"},
    PROV + "Removal": {PROV + "after": PROV + "generatedEntity", PROV + "before": PROV + "usedEntity"},
    PROV + "DictionaryMembership": {PROV + "dictionary": PROV + "collection"},
}

# `@type` of a record.
KINDS: Final = {one.iri.removeprefix(PROV): one for one in RECORD_TYPES if one.iri not in IMPLIED}
# PROV's own subtypes: the record that something of that type is (PROV-O section 3).
SUBTYPES: Final[dict[str, RecordType]] = {
    **dict.fromkeys(("Person", "Organization", "SoftwareAgent"), BY_NAME["agent"]),
    **dict.fromkeys(("Plan", "Bundle", "Collection", "EmptyCollection", "Dictionary", "EmptyDictionary"),
                    BY_NAME["entity"]),
    **dict.fromkeys(("Revision", "Quotation", "PrimarySource"), BY_NAME["wasDerivedFrom"]),
}  # fmt: skip

_ROLES: Final = ("used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasAssociatedWith")
_PLACES: Final = ("entity", "activity", "agent", *_ROLES[:-1])
# The attributes with a term in the records that the schema admits it in.
TERM_OF: Final[dict[str, dict[str, str]]] = {
    kind: {TYPE: "type", LABEL: "label"}
    | ({ROLE: "role"} if record.name in _ROLES else {})
    | ({LOCATION: "location"} if record.name in _PLACES else {})
    | ({VALUE: "value"} if record.name == "entity" else {})
    for kind, record in BY_IRI.items()
}
# Every bare word of the context: no prefix may be called so.
WORDS: Final = frozenset(
    {*KINDS, "Bundle", "Document", *SPECIAL}
    | {argument.iri.removeprefix(PROV) for record in RECORD_TYPES for argument in record.arguments}
)
