"""Graphs and segments worked by hand: six runs of a small team, and similarity that is not transitive."""

from __future__ import annotations

from typing import Final

from tests.oracle_segment.oracle import Triple

# activity: (command, agent, used, generated)
PIPELINE: Final = {
    "sp": ("split", "alice", "r1", "d1 v1"),
    "t1": ("train", "alice", "d1 m1 s1", "w1 l1"),
    "u2": ("edit", "alice", "m1", "m2"),
    "t2": ("train", "alice", "d1 m2 s1", "w2 l2"),
    "u3": ("edit", "bob", "s1", "s3"),
    "t3": ("train", "bob", "d1 m1 s3", "w3 l3"),
}

_E1: Final = {
    "c1": "r1 sp d1 t2 w2",
    "c2": "r1 m1 sp u2 d1 m2 t2 w2",
    "c3": "d1 v1 m2 w2 l2",
    "c4": "alice",
    "all": "alice d1 l2 m1 m2 r1 sp t2 u2 v1 w2",
    "edges": 12,
}
_E2: Final = {
    "c1": "d1 t2 w2",
    "c2": "d1 m2 s1 t2 w2",
    "c3": "w2 l2",
    "c4": "alice",
    "all": "alice d1 l2 m2 s1 t2 w2",
    "edges": 6,
}
_E5: Final = {
    "c1": "r1 sp d1 t3 l3",
    "c2": "r1 s1 sp u3 d1 s3 t3 l3",
    "c3": "d1 v1 s3 w3 l3",
    "c4": "alice bob",
    "all": "alice bob d1 l3 r1 s1 s3 sp t3 u3 v1 w3",
    "edges": 12,
}
# name: (sources, destinations, expansion or None, the parts)
EXPECTED: Final = {
    "E1": ("r1", "w2", None, _E1),
    "E2": ("d1", "w2", None, _E2),
    "E3": ("m1", "w2", None, _E1 | {"c1": "m1 u2 m2 t2 w2"}),
    "E4": ("d1", "w2", ("w2", 2), _E2 | {
        "c5": "w2 t2 d1 m2 s1 sp u2 r1 m1", "all": "alice d1 l2 m1 m2 r1 s1 sp t2 u2 w2", "edges": 12,
    }),
    "E5": ("r1", "l3", None, _E5),
    "E6": ("r1", "w2 l3", None, {
        "c1": "r1 sp d1 t2 t3 w2 l3",
        "c2": "r1 m1 s1 sp u2 u3 d1 m2 s3 t2 t3 w2 l3",
        "c3": "d1 v1 m2 s3 w2 l2 w3 l3",
        "c4": "alice bob",
        "all": "alice bob d1 l2 l3 m1 m2 r1 s1 s3 sp t2 t3 u2 u3 v1 w2 w3",
        "edges": 22,
    }),
}  # fmt: skip

# d was made by a1 from x, y, w; w by a2 from y, z. Similarity is not transitive: x is like y, y like z, x not like z.
NOT_TRANSITIVE: Final = frozenset(
    {("G", "d", "a1"), ("U", "a1", "x"), ("U", "a1", "y"), ("U", "a1", "w"), ("G", "w", "a2"), ("U", "a2", "y"),
     ("U", "a2", "z")}
)  # fmt: skip
LIKE: Final = {"x": "d a1 x y w", "z": "d a1 w a2 y z", "y": "d a1 a2 w x y z"}


def pipeline() -> frozenset[Triple]:
    """The six runs of `PIPELINE` as edges."""
    edges: set[Triple] = set()
    for run, (_, who, used, made) in PIPELINE.items():
        edges |= {("S", run, who)}
        edges |= {("U", run, entity) for entity in used.split()} | {("G", entity, run) for entity in made.split()}
    return frozenset(edges)


def command(vertex: str) -> str | None:
    """The command of an activity of `PIPELINE`, None for anything else."""
    return PIPELINE[vertex][0] if vertex in PIPELINE else None
