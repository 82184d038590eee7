"""What the names in a question `segment` mean: entities, and expansions."""

from __future__ import annotations

from collections.abc import Sequence

from provstore.errors import UsageError
from provstore.graph.contract import Reader
from provstore.model.names import Prefixes
from provstore.questions.lineage import nodes_by_iri
from provstore.questions.resolve import resolve
from provstore.questions.segmenting.parts import Expansion


def entities(reader: Reader, prefixes: Prefixes, names: Sequence[str], option: str) -> frozenset[str]:
    """The IRIs that the names mean, all of entities.

    Raises: NotFound, Ambiguous: a name means nothing, or several things. UsageError: no name, or no entity.
    """
    if not names:
        raise UsageError("expected at least one entity, found none", where=option)
    found: set[str] = set()
    for name in names:
        iris = resolve(reader, prefixes, name)
        for node in nodes_by_iri(reader, iris).values():
            if "entity" not in node.kinds:
                kind = "an element of unknown kind" if node.kind == "unknown" else f"an {node.kind}"
                raise UsageError(
                    f"{option}: expected an entity, found {kind}",
                    where=name,
                    next_step="Name an entity, such as one that a run used or generated.",
                )
        found.update(iris)
    return frozenset(found)


def expansion_of(reader: Reader, prefixes: Prefixes, name: str, steps: int) -> Expansion:
    """The expansion behind what a name means. Raises: as `entities`; UsageError: fewer than 1 step."""
    if steps < 1:
        raise UsageError(f"expected 1 step or more, found {steps}", where="--expand")
    return Expansion(entities(reader, prefixes, [name], "--expand"), steps)
