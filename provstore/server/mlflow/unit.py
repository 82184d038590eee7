"""What the live documents of one unit say together, kept up to date document by document.

In: documents of a unit in the order of their event times. Out: attributes, relations and metric points.
Source: rules 8, 10 and 17.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import unquote

from provstore.importers.mlflow.points import ordered
from provstore.importers.mlflow.records import Series
from provstore.importers.statements import ps
from provstore.model import series
from provstore.model.document import Assertion
from provstore.model.fold import functional_key
from provstore.model.statement import Statement, Value
from provstore.model.terms import BY_IRI, BY_NAME, LABEL, PROV, PS, TYPE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK: Final = ps("chunk")
_SHA256: Final = "sha256:"
_POINT_BYTES: Final = 24


class Said(NamedTuple):
    """A document as the fold takes it in: `blobs` by SHA-256 has the chunks that its statements name."""

    document: str
    is_snapshot: bool
    event_time: str
    assertions: Iterable[Assertion]
    blobs: Mapping[str, bytes]


class Unit:
    """A unit as it is now; who reads several things of it holds `lock`, since a document may come in between.

    `known`: documents that were taken in, or closed. `newest`: the latest event time, "" for none. `events`: how many
    came since the last snapshot.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.known: set[str] = set()
        self.newest = ""
        self.events = 0
        self._attributes: dict[str, dict[str, dict[object, Value]]] = {}
        self._relations: dict[str, dict[Statement, None]] = {}
        self._chunks: dict[str, list[tuple[str, bytes]]] = {}
        self._series: dict[str, tuple[int, Series]] = {}

    def take(self, said: Said) -> None:
        """Takes in one more document, the newest so far; a snapshot replaces what was said before."""
        with self.lock:
            self._take(said)

    def _take(self, said: Said) -> None:
        if said.is_snapshot:
            self._attributes, self._relations, self._chunks, self._series = {}, {}, {}, {}
        self.events = 0 if said.is_snapshot else self.events + 1
        self.known.add(said.document)
        self.newest = max(self.newest, said.event_time)
        for _, stated in said.assertions:
            if BY_IRI[stated.kind].is_element:
                self._describe(stated, said)
            else:
                self._relations.setdefault(stated.kind, {})[stated] = None

    def is_described(self, iri: str) -> bool:
        """True when something is said of the element itself."""
        return iri in self._attributes

    def elements(self, kind: str) -> Iterator[str]:
        """The elements of a `ps:` type, in the order in which they were first described."""
        wanted = PS + kind
        return (iri for iri in self._attributes if any(one.lexical == wanted for one in self._values(iri, TYPE)))

    def text(self, iri: str, name: str) -> str | None:
        """The value of the `ps:` attribute `name`, None for none."""
        return self._first(iri, PS + name)

    def label(self, iri: str) -> str | None:
        """The element's label."""
        return self._first(iri, LABEL)

    def texts(self, iri: str, name: str) -> list[str]:
        """All values of the `ps:` attribute `name`."""
        return [one.lexical for one in self._values(iri, PS + name)]

    def family(self, iri: str, prefix: str) -> dict[str, str]:
        """The values of all `ps:<prefix>.<name>`, by name as MLflow has it."""
        start = f"{PS}{prefix}."
        return {
            unquote(name.removeprefix(start)): next(iter(values.values())).lexical
            for name, values in self._attributes.get(iri, {}).items()
            if name.startswith(start)
        }

    def milliseconds(self, iri: str, name: str) -> int | None:
        """A time in milliseconds since 1970. Args: name: full IRI."""
        return milliseconds(self._first(iri, name))

    def relations(self, name: str) -> list[Statement]:
        """The relations with that PROV-N keyword."""
        return list(self._relations.get(BY_NAME[name].iri, ()))

    def targets(self, name: str, first: str, second: str) -> list[str]:
        """The second ends of relations that begin at `first`. Args: second: the argument's name in PROV-DM."""
        start = BY_NAME[name].arguments[0].iri
        found = (one.argument(PROV + second) for one in self.relations(name) if one.argument(start) == first)
        return [iri for iri in found if iri]

    def invalidated_ms(self, iri: str) -> int | None:
        """When the entity was deleted; None when it was not."""
        for one in self.relations("wasInvalidatedBy"):
            if one.argument(PROV + "entity") == iri:
                return milliseconds(one.argument(PROV + "time")) or 0
        return None

    def points(self) -> int:
        """How many metric points it has, those that were sent again counted again."""
        return sum(len(chunk) for chunks in self._chunks.values() for _, chunk in chunks) // _POINT_BYTES

    def metrics(self) -> list[str]:
        """The names of the metrics that have points, sorted."""
        return sorted(filter(None, (self.text(iri, "metric_name") for iri in self._chunks)))

    def series(self, metric: str) -> Series | None:
        """The points of a metric in MLflow's order, its latest last; None for no points."""
        iri = next((one for one in self._chunks if self.text(one, "metric_name") == metric), None)
        if iri is None:
            return None
        chunks = self._chunks[iri]
        held = self._series.get(iri)
        if held is None or held[0] != len(chunks):
            points = ((one.step, one.time_ms, one.value) for one in series.points(chunks))
            held = self._series[iri] = len(chunks), ordered(metric, points, where=iri)
        return held[1]

    def _describe(self, stated: Statement, said: Said) -> None:
        iri = stated.identifier or ""
        attributes = self._attributes.setdefault(iri, defaultdict(dict))
        for name, *rest in stated.attributes:
            value = Value(*rest)
            attributes[name][functional_key(name, value) or value] = value
        for value in stated.values(_CHUNK):
            chunk = said.blobs[value.lexical.removeprefix(_SHA256)]
            self._chunks.setdefault(iri, []).append((said.event_time, chunk))

    def _values(self, iri: str, name: str) -> Iterable[Value]:
        return self._attributes.get(iri, {}).get(name, {}).values()

    def _first(self, iri: str, name: str) -> str | None:
        return next((one.lexical for one in self._values(iri, name)), None)


def milliseconds(written: str | None) -> int | None:
    """Milliseconds since 1970 of a UTC text; None for none."""
    if written is None:
        return None
    return round((datetime.fromisoformat(written) - _EPOCH).total_seconds() * 1_000)
