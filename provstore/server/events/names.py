"""Identifiers of what the events tell of: a contract, frozen by a test (rule 31).

In: ids of clients. Out: IRIs `urn:provstore:event:<what>/<id>` and units `event:<what>/<id>`.
"""

from __future__ import annotations

from typing import Final

from provstore.model.names import segment

KIND: Final = "event"
NAMESPACE: Final = "urn:provstore:event:"


def iri(what: str, *identifier: str) -> str:
    """A thing: `run`, `artifact`, `series`, `agent`, `code`, `environment`, `experiment`; every part a segment."""
    return f"{NAMESPACE}{what}/{'/'.join(map(segment, identifier))}"


def unit(named: str) -> str:
    """The unit whose main element is named so."""
    return f"{KIND}:{named.removeprefix(NAMESPACE)}"
