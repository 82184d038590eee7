"""Pages, one after the other, are the whole order, however few nodes are held at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.graph import paging
from provstore.graph.contract import Node, Page
from provstore.model.statement import Value
from provstore.model.terms import PS, STRING

SIZE = PS + "size"
# Number, text, none: numbers by their value, `NaN` is a text.
values = st.none() | st.sampled_from(["7", "10", "1e1", "0.5", "b", "a", "NaN", ""])


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    monkeypatch.setattr(paging, "_AT_ONCE", 2)


def nodes_of(sizes):
    return [
        Node(f"urn:{number}", (), True, attributes={} if size is None else {SIZE: (Value(STRING, size, ""),)})
        for number, size in enumerate(sizes)
    ]


def place(node, descending):
    """By number, texts after numbers, what has none last; the IRI where these are equal."""
    found = node.attributes.get(SIZE)
    if found is None:
        return (1, 0, 0, "", node.iri)
    text = found[0].lexical
    if text in ("7", "10", "1e1", "0.5"):
        return (0, descending, -float(text) if descending else float(text), "", node.iri)
    return (0, not descending, 0, "".join(chr(0x10FFFF - ord(one)) for one in text) + "\U0010ffff"
            if descending else text, node.iri)  # fmt: skip


@given(st.permutations(range(9)), st.lists(values, max_size=9), st.integers(1, 5), st.booleans())
def test_pages_one_after_the_other_are_the_whole_order(order, sizes, limit, descending):
    nodes = nodes_of(sizes)
    shuffled = [nodes[number] for number in order if number < len(nodes)]
    expected, found, after = sorted(nodes, key=lambda node: place(node, descending)), [], None
    while len(found) < len(nodes):
        page = paging.page_of_nodes(iter(shuffled), Page(SIZE, descending, limit, after))
        assert (len(page.nodes), page.total) == (min(limit, len(nodes) - len(found)), len(nodes))
        found += page.nodes
        after = (paging.sort_value(found[-1], SIZE), found[-1].iri)
    assert found == expected
    assert paging.page_of_nodes(iter(shuffled), Page(SIZE, descending)).nodes == expected


def test_a_page_holds_no_more_than_a_part_of_what_matches():
    held, most = 0, 0

    class Counted(Node):
        def __new__(cls, *given, **named):
            nonlocal held, most
            held += 1
            most = max(most, held)
            return super().__new__(cls, *given, **named)

        def __del__(self):
            nonlocal held
            held -= 1

    matches = (Counted(f"urn:{number:03}", (), True) for number in range(200))
    page = paging.page_of_nodes(matches, Page(descending=True, limit=3))
    assert [node.iri for node in page.nodes] == ["urn:199", "urn:198", "urn:197"]
    assert (page.total, most < 20) == (200, True)
