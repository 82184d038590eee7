"""What the view reads: the history of documents, as a ledger offers it without being imported (rule 23)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from provstore.model.arguments import Place
from provstore.model.document import Assertion, Header
from provstore.model.fold import Mention


class HistoryHead(Protocol):
    """The state of a history: its id, last sequence (0: empty), the tree's root there, (prefix, namespace) pairs."""

    @property
    def ledger_id(self) -> str: ...  # noqa: D102
    @property
    def sequence(self) -> int: ...  # noqa: D102
    @property
    def root(self) -> bytes: ...  # noqa: D102
    @property
    def prefixes(self) -> Sequence[tuple[str, str]]: ...  # noqa: D102


class HistoryEntry(Protocol):
    """An entry: its sequence, its own header and the documents whose liveness it changed."""

    @property
    def sequence(self) -> int: ...  # noqa: D102
    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def header(self) -> Header | None: ...  # noqa: D102
    @property
    def content_digest(self) -> str | None: ...  # noqa: D102
    @property
    def statements(self) -> int: ...  # noqa: D102
    @property
    def opened(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def closed(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def root(self) -> bytes: ...  # noqa: D102


class HistoryDocument(Protocol):
    """A stored document: its entry and its assertions, which can be read again."""

    @property
    def entry(self) -> HistoryEntry: ...  # noqa: D102
    @property
    def assertions(self) -> Iterable[Assertion]: ...  # noqa: D102


class History(Protocol):
    """The reading side of a ledger (ledger/contract.py says what each method promises)."""

    def head(self, as_of: int | str | None = None) -> HistoryHead: ...  # noqa: D102
    def entries(self, after: int = 0) -> Iterator[HistoryEntry]: ...  # noqa: D102
    def document(self, document: str) -> HistoryDocument: ...  # noqa: D102
    def live(  # noqa: D102
        self, unit: str | None = None, space: str | None = None, as_of: int | None = None
    ) -> Sequence[HistoryEntry]: ...
    def about(  # noqa: D102
        self,
        iris: Collection[str] | None,
        *,
        places: Sequence[Place] | None = None,
        kinds: Sequence[str] | None = None,
        as_of: int | None = None,
        one_each: bool = False,
        spaces: Collection[str] | None = None,
    ) -> Iterator[Mention]: ...
    def blob(self, sha256: str) -> bytes: ...  # noqa: D102
