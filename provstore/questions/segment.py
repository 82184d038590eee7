"""The question `segment`: how some elements came from others, and what else went the same way.

Source: operator PgSeg of Miao and Deshpande, arXiv 1810.04599; rules 24, 25, 28 and 29.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from provstore.collecting import without_collecting
from provstore.errors import UsageError
from provstore.graph.contract import Edge, Reader
from provstore.graph.expressions import Exists, Field
from provstore.model.names import Prefixes
from provstore.questions.lineage import holders
from provstore.questions.resolve import resolve_one
from provstore.questions.segmenting.adjusting import Adjustment, Material, additions
from provstore.questions.segmenting.boundary import Boundary, parse_boundary
from provstore.questions.segmenting.explaining import MirroredPaths
from provstore.questions.segmenting.extract import every_edge, extracted, named
from provstore.questions.segmenting.naming import entities
from provstore.questions.segmenting.parts import Parts, induce, induced_edges, responsible
from provstore.questions.segmenting.result import Basis, Segment, shaped
from provstore.questions.told import attribute_iri
from provstore.questions.unknown_attributes import unknown_attributes, unknown_edge_attributes

Mode = Literal["pre", "post"]
_BYTES: Final = "has the same bytes as"

__all__ = ["Mode", "Segment", "segment"]


@without_collecting()
def segment(
    reader: Reader,
    prefixes: Prefixes,
    src: Sequence[str],
    dst: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    exclude_edges: Sequence[str] = (),
    only_relations: Sequence[str] | None = None,
    expand: Sequence[tuple[str, int]] = (),
    mode: Mode = "pre",
    same: Sequence[str] = (),
    explain: str | None = None,
    as_of: int | None = None,
) -> Segment:
    """The segment between sources and destinations.

    Its parts: `c1` what lies on paths over `used` and `wasGeneratedBy` from a destination back to a source; `c2` what
    lies on walks from a destination with as many activity hops as one that ends at a source; `c3` what else the
    activities of these generated; `c5` expansions; `c4` the agents of all of these.

    Args: src, dst: entities, named as in `resolve`; at least one each. exclude, exclude_edges: expressions; elements,
    or edges, that meet one are left out, sources and destinations never. only_relations: of the five that a segment
    has, keep these (None: all). expand: an entity of the segment, and how many ancestry steps behind it to add (at
    least 1). mode: `pre`: paths run through nothing that is left out; `post`: it is dropped from the finished segment.
    same: attributes whose values must be equal at mirrored places of two similar walks (neither having one is equal).
    explain: an element of the segment of which to say what similar path it is on; not with `same`. as_of: the sequence
    that `reader` is as of.
    Raises: NotFound, Ambiguous: a name means nothing, or several things. UsageError: no entity is named, something
    else than an entity is, or an expression cannot be read. Conflict: what lies behind a destination is circular.
    """
    sources, destinations = entities(reader, prefixes, src, "--src"), entities(reader, prefixes, dst, "--dst")
    boundary = parse_boundary(exclude, exclude_edges, only_relations, sources | destinations, prefixes)
    inducing = boundary if mode == "pre" else Boundary()
    edges = extracted(reader, destinations)
    agreed = [attribute_iri(name, prefixes) for name in same]
    parts = induce(edges, sources, destinations, inducing, prefixes.shorten, agreed)
    if expand:
        inside = parts.vertices() | responsible(edges, parts.vertices(), inducing)
        parts = replace(parts, c5=additions(inside, reader, prefixes, expand, inducing)[0])
    parts = replace(parts, c4=responsible(edges, parts.vertices(), inducing))
    explained = None if explain is None else _explained(reader, prefixes, explain, parts, same)
    asked = {
        "src": list(src), "dst": list(dst), "exclude": list(exclude), "exclude_edges": list(exclude_edges),
        "only_relations": None if only_relations is None else list(only_relations),
        "expand": [list(one) for one in expand], "mode": mode, "same": list(same), "explain": explain,
    }  # fmt: skip
    basis = Basis(reader, inducing, sources | destinations)
    whole = replace(_answer(edges, prefixes, parts, inducing, as_of), basis=basis)
    criteria = asked | {"src": sorted(sources), "dst": sorted(destinations)}
    del criteria["explain"]
    named_in = (*boundary.conditions, *(Exists(Field("attribute", iri)) for iri in agreed))
    of_edges = unknown_edge_attributes(boundary.edge_conditions, prefixes, every_edge(edges, whole.why.keys()))
    notes = (*whole.notes, *unknown_attributes(reader, named_in, prefixes), *of_edges)
    answer = replace(whole, parameters=asked, criteria=criteria, notes=notes)
    if mode == "post":
        answer = answer.adjusted(Adjustment().further(exclude, exclude_edges, only_relations, ()))
    if explained is None:
        return answer
    return replace(answer, explained=explained, notes=(*answer.notes, *_in_words(explained, parts, prefixes)))


def _answer(reader: Reader, prefixes: Prefixes, parts: Parts, boundary: Boundary, as_of: int | None) -> Segment:
    vertices = parts.vertices()
    edges, hidden = induced_edges(reader, vertices, boundary)
    nodes = named(reader, vertices)
    # What is hidden is no node.
    known = vertices if len(nodes) == len(vertices) else nodes.keys()
    material = Material(nodes, edges, parts.tags(known), hidden)
    made = shaped(material, question="segment", prefixes=prefixes, as_of=as_of)
    return replace(
        made,
        incomplete=bool(parts.hidden or hidden),
        notes=_notes(reader, parts, prefixes),
    )


def _explained(
    reader: Reader, prefixes: Prefixes, name: str, parts: Parts, same: Sequence[str]
) -> tuple[str, MirroredPaths | None]:
    if same:
        raise UsageError("the paths of a segment with --same are not explained", where="--explain")
    iri = resolve_one(reader, prefixes, name)
    if iri not in parts.vertices():
        raise UsageError("--explain: expected an element of the segment", where=name)
    return iri, parts.paths_through(iri)


def _in_words(explained: tuple[str, MirroredPaths | None], parts: Parts, prefixes: Prefixes) -> tuple[str, ...]:
    iri, paths = explained
    if paths is None:
        return (f"{prefixes.shorten(iri)} is on no similar path, it is here as {', '.join(parts.why(iri))}",)
    to_source, through = (" < ".join(map(prefixes.shorten, path)) for path in paths)
    return (f"to a source: {to_source}", f"as many steps through {prefixes.shorten(iri)}: {through}")


def _notes(reader: Reader, parts: Parts, prefixes: Prefixes) -> tuple[str, ...]:
    apart = parts.src - parts.c1
    if not apart:
        return ()
    names = sorted(map(prefixes.shorten, apart))
    said = f"no path of used and wasGeneratedBy leads from a destination back to {_some(names)}"
    edges = reader.expand(sorted(parts.dst), {"wasGeneratedBy", "wasDerivedFrom"}, "out")
    made = parts.dst - {edge.source for edge in edges if edge.relation == "wasGeneratedBy"}
    twins = _twins_behind(reader, parts, apart, prefixes), _twins_generated(reader, made, prefixes)
    return tuple(sorted((said, *_generated_instead(edges, made, prefixes), *twins[0], *twins[1])))


def _generated_instead(edges: Iterable[Edge], made: Collection[str], prefixes: Prefixes) -> tuple[str, ...]:
    """What to name in place of destinations that no activity generated: what they are stated to come from."""
    derived = [edge for edge in edges if edge.relation == "wasDerivedFrom" and edge.source in made]
    if not derived:
        return ()
    names, origins = ({prefixes.shorten(getattr(edge, end)) for edge in derived} for end in ("source", "target"))
    return (f"no activity generated {_some(sorted(names))}: name as destination {_some(sorted(origins))}",)


def _twins_behind(reader: Reader, parts: Parts, apart: Collection[str], prefixes: Prefixes) -> Iterator[str]:
    """What to name in place of sources that lie nowhere behind: what has their bytes, and does."""
    for iri, twins in _same_bytes(reader, apart):
        names = [prefixes.shorten(one) for one in twins if parts.behind.both(one)]
        if names:
            yield f"{prefixes.shorten(iri)} {_BYTES} {_some(names)}, which a destination came from: name that as source"


def _twins_generated(reader: Reader, made: Collection[str], prefixes: Prefixes) -> Iterator[str]:
    """What to name in place of destinations that no activity generated: what has their bytes, and was generated."""
    for iri, twins in _same_bytes(reader, made):
        generated = {edge.source for edge in reader.expand(twins, {"wasGeneratedBy"}, "out")}
        names = [prefixes.shorten(one) for one in twins if one in generated]
        if names:
            yield f"{prefixes.shorten(iri)} {_BYTES} {_some(names)}, which was generated: name that as destination"


def _same_bytes(reader: Reader, iris: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Those of the elements whose bytes others have, and these others (rule 21)."""
    for iri in sorted(iris):
        members = {edge.source for edges in holders(reader, [iri]).values() for edge in edges}
        if len(members) > 1:
            yield iri, sorted(members - {iri})


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
