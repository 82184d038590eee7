"""Random provenance graphs without cycles, small enough to write all walks out."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.oracle_segment.oracle import Triple

LETTERS = {("activity", "entity"): "U", ("entity", "activity"): "G"}


@st.composite
def questions(draw: st.DrawFn) -> tuple[frozenset[Triple], list[str], list[str]]:
    """A graph of up to 14 vertices besides agents, sources and destinations.

    Now and then a vertex is both an entity and an activity; the names say nothing about the order.
    """
    size = draw(st.integers(2, 14))
    names = draw(st.permutations([f"v{number}" for number in range(size)]))
    kinds = [draw(st.sampled_from([("entity",), ("entity",), ("activity",), ("activity",), ("entity", "activity")]))
             for _ in names]  # fmt: skip
    possible = [
        (LETTERS[mine, its], names[later], names[earlier])
        for later in range(size)
        for earlier in range(later)
        for mine in kinds[later]
        for its in kinds[earlier]
        if mine != its
    ]
    edges = set(draw(st.lists(st.sampled_from(possible), max_size=24))) if possible else set()
    for name, kind in zip(names, kinds, strict=True):
        for agent in draw(st.sets(st.sampled_from(["alice", "bob"]), max_size=1)):
            edges |= {("S" if one == "activity" else "A", name, agent) for one in kind}
    entities = [name for name, kind in zip(names, kinds, strict=True) if "entity" in kind] or [names[0]]
    pairs = st.tuples(st.sampled_from(entities), st.sampled_from(entities)).filter(lambda pair: pair[0] != pair[1])
    derived = draw(st.sets(pairs, max_size=2)) if len(entities) > 1 else set()
    edges |= {("D", *pair) for pair in derived}
    some = st.lists(st.sampled_from(entities), min_size=1, max_size=2, unique=True)
    return frozenset(edges), draw(some), draw(some)
