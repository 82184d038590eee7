"""The identifiers of OpenLineage's things. Frozen by a test: stores hold them. Source: rule 31."""

from __future__ import annotations

import re
from typing import Final

from provstore.errors import UsageError
from provstore.model.names import segment

NAMESPACE: Final = "urn:provstore:openlineage:"
PREFIX: Final = "openlineage"
_WHATS: Final = frozenset({"run", "job", "dataset", "producer", "engine", "owner", "code"})
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Names:
    """IRIs below `urn:provstore:openlineage:[scope/]`, every part percent-encoded.

    Raises: UsageError: the scope is one of the words that identifiers begin with.
    """

    def __init__(self, scope: str = "") -> None:
        if scope in _WHATS:
            raise UsageError(f"{scope!r} cannot be a scope", next_step="Choose none of: " + ", ".join(sorted(_WHATS)))
        self._base = NAMESPACE + (f"{segment(scope)}/" if scope else "")

    def run(self, run_id: str) -> str:
        """A run. UUIDs are written in small letters (RFC 9562), other ids as they are."""
        return self._iri("run", _canonical(run_id))

    def job(self, namespace: str, name: str) -> str:
        """A job, across its runs."""
        return self._iri("job", namespace, name)

    def dataset(self, namespace: str, name: str) -> str:
        """A dataset across its versions."""
        return self._iri("dataset", namespace, name)

    def version(self, namespace: str, name: str, version: str) -> str:
        """A version of a dataset that an event names."""
        return self._iri("dataset", namespace, name, version)

    def written(self, namespace: str, name: str, run_id: str) -> str:
        """The version that a run wrote when no event names it."""
        return self._iri("dataset", namespace, name, "run", _canonical(run_id))

    def producer(self, uri: str) -> str:
        """The code that reported an event."""
        return self._iri("producer", uri)

    def engine(self, name: str, version: str) -> str:
        """A processing engine in one version."""
        return self._iri("engine", name, version)

    def owner(self, name: str) -> str:
        """An owner of datasets or jobs."""
        return self._iri("owner", name)

    def code(self, url: str, version: str = "") -> str:
        """Code at an address, in a version when there is one; or `sha256:...` of its text."""
        return self._iri("code", url, version) if version else self._iri("code", url)

    def unit(self, iri: str) -> str:
        """The unit that speaks for the thing with this IRI: its prefixed name (rule 7)."""
        return f"{PREFIX}:{iri.removeprefix(NAMESPACE)}"

    def _iri(self, *parts: str) -> str:
        return self._base + "/".join(map(segment, parts))


def _canonical(run_id: str) -> str:
    return run_id.lower() if _UUID.fullmatch(run_id) else run_id
