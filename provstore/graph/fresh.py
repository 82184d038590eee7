"""What a group says of elements that nobody has named before it: nothing else is said of them, so nothing is read.

In: a group's changes. Out: claims, as a history would tell them. Source: rule 17.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from provstore.graph.changes import Touched
from provstore.graph.history import History
from provstore.graph.projection import METRIC_SERIES
from provstore.model.arguments import Place
from provstore.model.fold import Claim, Mention
from provstore.model.terms import QUALIFIED_NAME, TYPE


class Fresh:
    """The metric series that begin in a group, as `metrics.Claims`. `series`: their IRIs.

    Args: history: for chunks. touched: what the group changed. held: elements that were there before.
    """

    def __init__(self, history: History, touched: Mapping[str, Touched], held: Collection[str]) -> None:
        self._history = history
        self._touched = touched
        self.series = {iri for iri, touch in touched.items() if iri not in held and any(map(is_series, touch.stated))}

    def about(
        self, iris: Collection[str], places: Sequence[Place] | None = None, kinds: Sequence[str] | None = None
    ) -> Iterator[Mention]:
        """As `History.about`, of what the group says: all there is, where the series are among `series`."""
        for iri in iris:
            for mention in self._touched[iri].opened:
                if (places is None or mention.place in places) and (
                    kinds is None or mention.claim.statement.kind in kinds
                ):
                    yield mention

    def blob(self, sha256: str) -> bytes:
        """As `History.blob`."""
        return self._history.blob(sha256)


def is_series(claim: Claim) -> bool:
    """True when the claim is that an element is a metric series."""
    wanted = (TYPE, QUALIFIED_NAME, METRIC_SERIES)
    return any(attribute[:3] == wanted for attribute in claim.statement.attributes)
