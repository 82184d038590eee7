"""The metrics of runs that follow from their series, as the claims about both tell them (rule 17).

In: what is claimed, and chunks. Out: facts of each run, by the unit that says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from provstore.errors import NotFound
from provstore.graph.projection import CHUNK, GENERATION, Facts, facts_of, is_series, series_facts
from provstore.model.arguments import Place
from provstore.model.fold import Claim, Mention
from provstore.model.terms import PROV

Unit = tuple[str, str]


class Claims(Protocol):
    """Who asserts what about elements, and the bytes that are kept."""

    def about(
        self, iris: Collection[str], places: Sequence[Place] | None = None, kinds: Sequence[str] | None = None
    ) -> Iterator[Mention]:
        """Mentions of those elements at those places in statements of those kinds; None: any."""
        ...

    def blob(self, sha256: str) -> bytes:
        """The bytes of that SHA-256, 64 hexadecimal digits. Raises: NotFound."""
        ...


def metrics(said: Claims, iris: Collection[str]) -> dict[str, dict[Unit, Facts]]:
    """The metrics of runs among `iris` that follow from their series, by unit (rule 17)."""
    made: dict[Unit, dict[str, set[str]]] = {}
    for mention in said.about(iris, ("second",), (GENERATION,)):
        series = mention.claim.statement.argument(PROV + "entity")
        if series is not None:
            made.setdefault(_unit(mention.claim), {}).setdefault(mention.iri, set()).add(series)
    claims: dict[tuple[Unit, str], list[Claim]] = {}
    for mention in said.about({one for runs in made.values() for ones in runs.values() for one in ones}, ("element",)):
        claims.setdefault((_unit(mention.claim), mention.iri), []).append(mention.claim)
    found: dict[str, dict[Unit, Facts]] = {}
    for unit, runs in made.items():
        for run, ones in runs.items():
            facts = _series_facts(said, [claims[unit, one] for one in sorted(ones) if (unit, one) in claims])
            if facts.attributes:
                found.setdefault(run, {})[unit] = facts
    return found


def _series_facts(said: Claims, series: Iterable[list[Claim]]) -> Facts:
    folded = ((facts_of(claims), claims) for claims in series)
    return series_facts((facts, _chunks(said, claims)) for facts, claims in folded if is_series(facts))


def _chunks(said: Claims, claims: Sequence[Claim]) -> list[tuple[str, bytes]]:
    first: dict[str, str] = {}
    for claim in claims:
        for value in claim.statement.values(CHUNK):
            when = claim.origin.event_time
            first[value.lexical] = min(when, first.get(value.lexical, when))
    found = []
    for digest, when in first.items():
        try:
            found.append((when, said.blob(digest.rpartition(":")[2])))
        except NotFound:
            continue  # Erased (rule 13).
    return found


def _unit(claim: Claim) -> Unit:
    return claim.origin.space, claim.origin.unit
