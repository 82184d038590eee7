"""Similar paths whose mirrored elements agree on what is asked: the self-product of a Subgraph, pair by pair.

Source: the property-constrained form of SimProv, arXiv 1810.04599. Time and memory grow with the pairs of elements at
one depth, so their number is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import Final

from provstore.errors import UsageError
from provstore.questions.segmenting.subgraph import Subgraph

MAX_PAIRS: Final = 2_000_000
_Pair = tuple[int, int]


def similar_alike(
    subgraph: Subgraph,
    sources: Collection[int],
    destinations: Sequence[int],
    word: Callable[[str], Hashable],
    max_pairs: int = MAX_PAIRS,
) -> set[str]:
    """C2, where two walks are alike only if the words of their elements are equal, place by place.

    Args: sources, destinations: places. word: of an IRI, what mirrored elements must agree on.
    Raises: UsageError: more than `max_pairs` pairs lie behind one destination.
    """
    words = [word(iri) for iri in subgraph.names]
    found: set[int] = set()
    for destination in destinations:
        good = _leading_to(subgraph, set(sources), _pairs(subgraph, destination, words, max_pairs), words)
        if good:
            found.add(destination)
            found.update(place for pair in good for place in pair)
    return subgraph.named(found)


def _pairs(subgraph: Subgraph, destination: int, words: Sequence[Hashable], max_pairs: int) -> set[_Pair]:
    """The pairs of places that two walks of equal words reach together, each pair in ascending order."""
    frontier = list(set(_causes(subgraph, (destination, destination), words)))
    found = set(frontier)
    for pair in frontier:  # grows while it is read
        for cause in _causes(subgraph, pair, words):
            if cause not in found:
                found.add(cause)
                frontier.append(cause)
        if len(found) > max_pairs:
            raise UsageError(
                f"more than {max_pairs:,} pairs of elements would have to be compared",
                where="--same",
                next_step="Leave more out with --exclude, or ask without --same.",
            )
    return found


def _leading_to(
    subgraph: Subgraph, sources: Collection[int], pairs: Collection[_Pair], words: Sequence[Hashable]
) -> set[_Pair]:
    """The pairs of which one is a source, or from which such a pair is reached."""
    good: set[_Pair] = set()
    for pair in sorted(pairs, key=sum, reverse=True):  # causes have greater numbers
        if pair[0] in sources or pair[1] in sources or any(one in good for one in _causes(subgraph, pair, words)):
            good.add(pair)
    return good


def _causes(subgraph: Subgraph, pair: _Pair, words: Sequence[Hashable]) -> Iterator[_Pair]:
    """One half step of both walks at once, to places whose words are equal."""
    for one in subgraph.causes.of(pair[0]):
        for other in subgraph.causes.of(pair[1]):
            if words[one] == words[other]:
                yield (one, other) if one <= other else (other, one)
