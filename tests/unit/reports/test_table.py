from __future__ import annotations

from provstore.graph.contract import Node
from provstore.model.statement import Value
from provstore.model.terms import INTERNATIONALIZED_STRING, LABEL, QUALIFIED_NAME
from provstore.questions.result import Element, Found, Said, Table, Truncated
from provstore.reports.registry import render
from tests.support.answers import EX, PREFIXES, activity, churn, entity


def test_rows_stand_under_their_columns_and_numbers_to_the_right():
    answer = Table(question="history", parameters={}, columns=("sequence", "what"), rows=((7, "import"), (112, None)))
    assert render(answer, "table") == ("sequence  what\n--------  ------\n       7  import\n     112\n\n2 rows.\n")


def test_wide_and_combining_characters_are_counted_as_a_terminal_shows_them():
    answer = Table(question="q", parameters={}, columns=("a", "b"), rows=(("日本", 1), ("e\u0301", 2), ("abcd", 3)))
    assert render(answer, "table").splitlines()[2:5] == ["日本  1", "e\u0301     2", "abcd  3"]


def test_typed_values_are_shown_as_they_are_written_and_lists_as_json():
    typed = {"value": "2026-01-01T00:00:00Z", "type": "xsd:dateTime"}
    told = {"value": "Haus", "type": "prov:InternationalizedString", "lang": "de"}
    answer = Table(
        question="q", parameters={}, columns=("a",), rows=((typed,), (told,), ([1, "x"],), ({"n": 1},), (True,))
    )
    assert render(answer, "table").splitlines()[2:7] == [
        "2026-01-01T00:00:00Z", "Haus@de", '[1, "x"]', '{"n": 1}', "true",
    ]  # fmt: skip


def test_a_cut_table_says_how_much_is_missing():
    answer = Table(question="q", parameters={}, columns=("a",), rows=((1,),), truncated=Truncated("limit", 1, 41))
    assert render(answer, "table").endswith("1 row.\nCut by limit at 1: 41 more.\n")


def test_a_graph_is_a_table_of_nodes_and_one_of_edges():
    lines = render(churn(), "table").splitlines()
    assert lines[0].split() == ["depth", "type", "label", "name", "remarks"]
    assert lines[2].split() == ["0", "Model", "churn", "v3", "ex:model"]
    assert lines[9].split() == ["source", "relation", "target", "role", "time"]
    assert lines[12].split() == ["ex:run", "used", "ex:train", "training"]


def test_a_page_of_found_nodes_tells_how_many_there_are():
    nodes = (entity("a", "first", "Dataset"), activity("b", status="failed"))
    answer = Found(parameters={}, nodes=nodes, next="c1", total=40, as_of=None, prefixes=PREFIXES)
    assert render(answer, "table") == (
        "type      label  name  start  remarks\n"
        "--------  -----  ----  -----  -------\n"
        "Dataset   first  ex:a\n"
        "Activity  ex:b   ex:b         failed\n"
        "\n"
        "2 nodes of 40.\n"
    )


def test_an_element_lists_attributes_and_who_said_what():
    values = (Value(INTERNATIONALIZED_STRING, "Modell", "de"), Value(QUALIFIED_NAME, EX + "other"))
    node = Node(EX + "m", ("entity",), True, (), "Modell", attributes={LABEL: values})
    document = {
        "document": "urn:d",
        "sequence": 4,
        "time": None,
        "actor": "ann@lab",
        "source": "x.json",
        "bundle": None,
    }
    said = Said(sid="5" * 64, text="entity(ex:m)", documents=(document,))
    answer = Element(node=node, statements=(said,), as_of=9, prefixes=PREFIXES)
    assert render(answer, "table") == (
        "Modell  [Entity]\n"
        "\n"
        "attribute   value\n"
        "----------  --------------------\n"
        "name        ex:m\n"
        "iri         http://example.org/m\n"
        "kind        entity\n"
        "prov:label  Modell@de\n"
        "prov:label  ex:other\n"
        "\n"
        "entity(ex:m)\n"
        f"  sid {'5' * 64}\n"
        "  said in urn:d (sequence 4, actor ann@lab, source x.json)\n"
        "\n"
        "1 statement, as of entry 9.\n"
    )
