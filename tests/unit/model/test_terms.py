"""The closed table of record types: codes are stored, so they are frozen here."""

from __future__ import annotations

import pytest

from provstore.model.terms import BY_CODE, BY_IRI, BY_NAME, ELEMENTS, PROV, RECORD_TYPES

# (code, PROV-DM type, PROV-N keyword, arguments): written down from PROV-DM, PROV-N, PROV-Dictionary and PROV-Links.
TABLE = [
    (1, "Entity", "entity", ""),
    (2, "Activity", "activity", "startTime endTime"),
    (3, "Agent", "agent", ""),
    (4, "Generation", "wasGeneratedBy", "entity activity time"),
    (5, "Usage", "used", "activity entity time"),
    (6, "Communication", "wasInformedBy", "informed informant"),
    (7, "Start", "wasStartedBy", "activity trigger starter time"),
    (8, "End", "wasEndedBy", "activity trigger ender time"),
    (9, "Invalidation", "wasInvalidatedBy", "entity activity time"),
    (10, "Derivation", "wasDerivedFrom", "generatedEntity usedEntity activity generation usage"),
    (11, "Attribution", "wasAttributedTo", "entity agent"),
    (12, "Association", "wasAssociatedWith", "activity agent plan"),
    (13, "Delegation", "actedOnBehalfOf", "delegate responsible activity"),
    (14, "Influence", "wasInfluencedBy", "influencee influencer"),
    (15, "Specialization", "specializationOf", "specificEntity generalEntity"),
    (16, "Alternate", "alternateOf", "alternate1 alternate2"),
    (17, "Membership", "hadMember", "collection entity"),
    (18, "Mention", "mentionOf", "specificEntity generalEntity bundle"),
    (19, "Insertion", "derivedByInsertionFrom", "after before key-entity-set"),
    (20, "Removal", "derivedByRemovalFrom", "after before key-set"),
    (21, "DictionaryMembership", "hadDictionaryMember", "dictionary key-entity-set"),
]


def test_the_table_is_frozen():
    assert [
        (r.code, r.iri.removeprefix(PROV), r.name, " ".join(a.iri.removeprefix(PROV) for a in r.arguments))
        for r in RECORD_TYPES
    ] == TABLE


def test_each_record_type_is_found_by_iri_keyword_and_code():
    assert [BY_IRI[r.iri] for r in RECORD_TYPES] == [BY_NAME[r.name] for r in RECORD_TYPES] == list(RECORD_TYPES)
    assert [BY_CODE[code] for code, *_ in TABLE] == list(RECORD_TYPES)


def test_the_elements_are_entity_activity_and_agent():
    assert [r.name for r in RECORD_TYPES if r.is_element] == list(ELEMENTS.values())
    assert set(ELEMENTS) == {r.iri for r in RECORD_TYPES if r.is_element}


@pytest.mark.filterwarnings("ignore")
def test_prov_has_the_same_types_keywords_and_arguments():
    from prov.constants import PROV_N_MAP
    from prov.model import PROV_REC_CLS

    ours = {r.iri: (r.name, [a.iri for a in r.arguments]) for r in RECORD_TYPES if r.code < 19}
    theirs = {
        kind.uri: (keyword, [a.uri for a in PROV_REC_CLS[kind].FORMAL_ATTRIBUTES])
        for kind, keyword in PROV_N_MAP.items()
        if kind in PROV_REC_CLS
    }
    assert ours == theirs
