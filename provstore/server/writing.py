"""Group commit: one thread appends, and takes everything that waits at once, so that many clients share one fsync.

In: submissions from any thread. Out: receipts, when they are durable (rule 12).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from provstore.errors import BackendUnavailable, Conflict
from provstore.graph import projector
from provstore.ledger.contract import Receipt
from provstore.model.document import Document
from provstore.server.problems import Busy
from provstore.store import Store

Result = TypeVar("Result")
# As many as are projected in the ledger's own transaction.
GROUP_STATEMENTS: Final = 5_000
# How long a graph that was away is left alone: a server that does not answer costs seconds.
RETRY_GRAPH_S: Final = 5.0
# How long writes wait for a graph that has much to catch up with, before each group of them.
FOLLOW_S: Final = 0.25


class Delivered(NamedTuple):
    """What became of a list of documents: its receipts, and whether the graph has them already."""

    receipts: list[Receipt]
    projected: bool


@dataclass(frozen=True, slots=True)
class _Job:
    """Documents to append in one transaction, or other work on the store that writes."""

    future: Future[Any]
    documents: Sequence[Document] = ()
    work: Callable[[Store], Any] | None = None
    size: int = 0


class Writer:
    """The one thread that writes.

    Args: open_store: gives its store. max_waiting: jobs that may wait. told: called with the number of jobs of each
    group that was committed.
    """

    def __init__(
        self, open_store: Callable[[], Store], *, max_waiting: int, told: Callable[[int], None] = lambda jobs: None
    ) -> None:
        self._store = open_store()
        self._max_waiting = max_waiting
        self._told = told
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        # At first the graph follows what was written while no service ran; None: it has everything.
        self._graph_rests_until: float | None = 0.0
        self._writes_are_due = False
        # Why nothing may be written: the graph is another ledger's, and never was this one's.
        self._refusal: Conflict | None = None
        self._has_followed = False
        self._thread = threading.Thread(target=self._run, name="provstore-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Jobs that wait."""
        return len(self._jobs)

    def append(self, documents: Sequence[Document]) -> Future[Delivered]:
        """Appends documents, all or none of them; done when they are durable.

        Args: documents: their assertions as sequences, since a group may be tried again without its bad member.
        Raises: Busy: too many wait.
        """
        size = sum(len(document.assertions) for document in documents if isinstance(document.assertions, Sequence))
        return self._enter(_Job(Future(), documents=documents, size=size))

    def do(self, work: Callable[[Store], Result]) -> Future[Result]:
        """Does other work that writes, between the groups. Raises: Busy."""
        return self._enter(_Job(Future(), work=work))

    def deliver(self, documents: Sequence[Document]) -> Delivered:
        """Appends documents at once: for work in the writer's thread. A graph that is behind does not hold them up."""
        if self._refusal:
            raise self._refusal
        if self._graph_rests_until is not None:
            return Delivered(self._store.ledger.append(documents), False)
        delivered = Delivered(*self._store.deliver(documents))
        self._graph_rests_until = None if delivered.projected else time.monotonic() + RETRY_GRAPH_S
        return delivered

    def follow(self) -> None:
        """Lets the graph follow as soon as nothing waits: somebody saw that it is behind."""
        with self._changed:
            if self._graph_rests_until is None:
                self._graph_rests_until = 0.0
                self._changed.notify()

    def close(self) -> None:
        """Writes what waits, then ends."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._store.close()

    def _enter(self, job: _Job) -> Future[Any]:
        with self._changed:
            if self._closing or len(self._jobs) >= self._max_waiting:
                raise Busy("too many writes wait")
            self._jobs.append(job)
            self._changed.notify()
        return job.future

    def _run(self) -> None:
        while group := self._next_group():
            # Who gave up while it waited gets nothing; from here on nobody can.
            group = [job for job in group if job.future.set_running_or_notify_cancel()]
            if not group:
                continue
            if group[0].work is not None:
                _settle(group, partial(self._work, group[0].work))
                continue
            self._told(len(group))
            if not _settle(group, partial(self._append, group), final=len(group) == 1):
                for job in group:
                    _settle([job], partial(self._append, [job]))

    def _work(self, work: Callable[[Store], Any]) -> list[Any]:
        return [work(self._store)]

    def _next_group(self) -> list[_Job]:
        """What is written in one transaction; empty when the writer closes. A graph that is behind comes first."""
        with self._changed:
            while not self._graph_is_due() and not self._jobs and not self._closing:
                rests = self._graph_rests_until
                self._changed.wait(None if rests is None else max(0.0, rests - time.monotonic()))
            if self._graph_is_due() and not self._closing:
                return [_Job(Future(), work=self._follow)]
            return self._taken() if self._jobs else []

    def _graph_is_due(self) -> bool:
        """Whether it follows now; where it has much to catch up with it takes turns with the writes."""
        rests = self._graph_rests_until
        return rests is not None and time.monotonic() >= rests and not (self._jobs and self._writes_are_due)

    def _taken(self) -> list[_Job]:
        self._writes_are_due = False
        group = [self._jobs.popleft()]
        size = group[0].size
        while group[0].work is None and self._jobs and self._jobs[0].work is None:
            size += self._jobs[0].size
            if size > GROUP_STATEMENTS:
                break
            group.append(self._jobs.popleft())
        return group

    def _follow(self, store: Store) -> None:
        # Put off before it is tried: the ledger may be away as well, and neither is tried without end.
        self._graph_rests_until = time.monotonic() + RETRY_GRAPH_S
        self._writes_are_due, self._refusal = True, None
        try:
            reached = projector.catch_up(store.ledger, store.engine, for_s=FOLLOW_S)
        except Conflict as conflict:
            self._refusal = None if self._has_followed else conflict
            raise
        self._has_followed = True
        self._graph_rests_until = None if reached >= store.ledger.head().sequence else 0.0

    def _append(self, group: Sequence[_Job]) -> list[Delivered]:
        receipts, projected = self.deliver([document for job in group for document in job.documents])
        each = iter(receipts)
        return [Delivered([next(each) for _ in job.documents], projected) for job in group]


def _settle(group: Sequence[_Job], work: Callable[[], list[Any]], *, final: bool = True) -> bool:
    """Gives each job its result, or the error; False when the members have to be tried one by one."""
    try:
        results = work()
    except Exception as error:
        # A store that cannot be written refuses each of them alike.
        if not final and not isinstance(error, BackendUnavailable):
            return False
        for job in group:
            job.future.set_exception(error)
        return True
    for job, result in zip(group, results, strict=True):
        job.future.set_result(result)
    return True
