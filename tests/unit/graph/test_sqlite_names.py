"""The embedded graph knows every text apart that can be an IRI."""

from hypothesis import given
from hypothesis import strategies as st

import provstore
from provstore.graph.contract import Edge, Filter, Node, States, Walk
from provstore.graph.sqlite import SqliteEngine

ODD = st.text(alphabet="\x00\x01ab\\", max_size=4)


@given(names=st.lists(ODD, min_size=1, max_size=6, unique=True), absent=ODD)
def test_a_node_is_found_by_its_iri_and_no_other_is(names: list[str], absent: str) -> None:
    nodes = [Node(iri, ("entity",), True) for iri in names]
    edges = [Edge("wasDerivedFrom", names[0], iri, f"{number:064x}") for number, iri in enumerate(names)]
    with SqliteEngine(":memory:") as engine:
        engine.migrate()
        for number, (node, edge) in enumerate(zip(nodes, edges, strict=True)):
            engine.apply([States(number + 1, [node])])
            engine.apply([States(number + 1, [], [edge])])
        for node, edge in zip(nodes, edges, strict=True):
            assert engine.nodes(Filter(iris=[node.iri])).nodes == [node]
            assert edge in engine.expand([node.iri], None, "in")
        assert set(engine.closure(Walk((names[0],), "out")).depths) == set(names)
        assert [node.iri for node in engine.nodes(Filter(iris=[absent])).nodes] == [
            name for name in names if name == absent
        ]


def test_a_store_with_such_names_is_sound_and_answers(tmp_path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(
        r"""{"prefix": {"ex": "http://e/"}, "entity": {"ex:a\u0000b": {}, "ex:a": {}},
        "wasDerivedFrom": {"_:1": {"prov:generatedEntity": "ex:a\u0000b", "prov:usedEntity": "ex:a"}}}"""
    )
    with provstore.open(tmp_path / "s.db") as store:
        store.ingest(path)
        assert store.check()["ok"]
        assert [row.node.iri for row in store.upstream("http://e/a\x00b").nodes] == ["http://e/a\x00b", "http://e/a"]
        assert [row.node.iri for row in store.upstream("http://e/a").nodes] == ["http://e/a"]
