"""What the words of the expression language mean for an edge."""

from __future__ import annotations

import pytest

from provstore.graph.contract import Edge
from provstore.graph.edge_conditions import attribute_names, edge_matches, undecided
from provstore.graph.expressions import parse
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import INT, LABEL, PROV, PS, QUALIFIED_NAME, STRING, TYPE

EX = "http://example.org/"
PREFIXES = Prefixes({"ex": EX, "prov": PROV, "ps": PS})
USED = Edge(
    "used", EX + "train", EX + "data", "0" * 64, EX + "u1", ("training", EX + "Input"), "2026-01-05T10:00:00Z",
    (PS + "Read",),
    {
        TYPE: (Value(STRING, "bulk"),),
        LABEL: (Value(STRING, "Reads it all"),),
        PS + "rows": (Value(INT, "36"),),
        EX + "by": (Value(QUALIFIED_NAME, EX + "ann"),),
    },
    spaces=("default", "team"),
)  # fmt: skip
ASSOCIATED = Edge("wasAssociatedWith", EX + "train", EX + "ann", "1" * 64, third={"plan": EX + "recipe"})


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("relation = used", True),
        ("relation in (wasGeneratedBy, wasDerivedFrom)", False),
        ("type = ps:Read", True),
        ("type = bulk", True),
        ("type = ps:Write", False),
        ("iri = ex:u1", True),
        ("iri = ex:train", False),
        ("label ~ 'READS'", True),
        ("space = team and space = default", True),
        ("start = 2026-01-05T11:00:00+01:00", True),
        ("end < 2026-01-06", True),
        ("prov:time < 2026-01-01", False),
        ("prov:time >= 2026-01-05T10:00:00Z", True),
        ("prov:role = training", True),
        ("prov:role in (validation, test)", False),
        ("prov:role = ex:Input", True),
        ("prov:role = http://example.org/Input", True),
        ("prov:role = ex:training", False),
        ("exists prov:role", True),
        ("rows > 35 and ps:rows < 36.5", True),
        ("ex:by = ex:ann", True),
        ("prov:activity = ex:train and prov:entity = ex:data", True),
        ("prov:entity = ex:train", False),
        ("not (relation = used and prov:role = training)", False),
        ("not (relation = wasGeneratedBy or missing label)", True),
        # an edge has no kind and no agent: comparisons are false, whatever the operator
        ("kind = entity or kind != entity or exists kind", False),
        ("missing kind and missing agent and missing digest and missing status", True),
        ("status != finished", False),
    ],
)
def test_an_edge_meets_what_its_statement_says(text, met):
    assert edge_matches(parse(text, PREFIXES), USED) is met


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("prov:plan = ex:recipe", True),
        ("prov:agent = ex:ann", True),
        ("agent = ex:ann", False),
        ("missing iri and missing type and missing label and missing space", True),
        ("missing start and missing end and missing prov:time and missing prov:role", True),
        ("start < 2030-01-01 or prov:role != training or iri != ex:u1", False),
    ],
)
def test_what_an_edge_lacks_is_missing_and_compares_false(text, met):
    assert edge_matches(parse(text, PREFIXES), ASSOCIATED) is met


def test_a_role_unlike_another_is_told_apart_whether_it_was_text_or_a_name():
    named = USED._replace(roles=(EX + "Input",))
    assert not edge_matches(parse("prov:role != ex:Input", PREFIXES), named)
    assert edge_matches(parse("prov:role != ex:Output", PREFIXES), named)
    assert not edge_matches(parse("prov:role != 1", PREFIXES), USED._replace(roles=("1.0",)))


def test_every_attribute_that_an_expression_can_name_is_listed():
    for edge in (USED, ASSOCIATED):
        listed = set(attribute_names(edge))
        for iri in listed:
            assert edge_matches(parse(f"exists {iri}", PREFIXES), edge), iri
    assert {PROV + name for name in ("time", "role", "type", "label", "activity", "entity")} <= set(
        attribute_names(USED)
    )
    assert set(attribute_names(ASSOCIATED)) == {PROV + name for name in ("activity", "agent", "plan")}


@pytest.mark.parametrize(
    ("text", "of_used", "of_derived"),
    [
        ("relation = used", "all", "none"),
        ("not relation = used", "none", "all"),
        ("exists relation", "all", "all"),
        ("missing relation", "none", "none"),
        ("prov:role = x", "some", "some"),
        ("relation = used and prov:role = x", "some", "none"),
        ("relation = used or prov:role = x", "all", "some"),
        ("not (relation = used and prov:role = x)", "some", "all"),
        ("not (relation != used or prov:role = x)", "some", "none"),
    ],
)
def test_the_relation_alone_decides_where_it_can(text, of_used, of_derived):
    condition = parse(text, PREFIXES)
    meaning = {"all": None, "none": (), "some": (condition,)}
    assert undecided([condition], "used") == meaning[of_used]
    assert undecided([condition], "wasDerivedFrom") == meaning[of_derived]
