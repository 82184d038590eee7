"""Clients that write and ask all the time, each in a thread with a store of its own, and note how it went."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import provstore
from provstore.errors import ProvstoreError
from provstore.model.document import Document
from provstore.questions.upstream import upstream
from tests.support.ledgers import activity, associated, document, entity, generated, iri, used

RUNS = 5


class Call(NamedTuple):
    """One append or one question: when it began and ended (time.monotonic), and whether the graph had a part in it."""

    began: float
    ended: float
    by_graph: bool


class Span(NamedTuple):
    """A part of the time, and how clients fared in it: documents a second, the longest wait for one, answers."""

    seconds: float
    acknowledged: int
    projected: int
    longest_gap_s: float
    answers: int
    answered_by_graph: int


def told(part: str, number: int) -> Document:
    """Runs of their own over data that all of them share, which keeps changing its label."""
    said = [entity(f"data{n}", label=f"version {part} {number}") for n in range(2)]
    for n in range(RUNS):
        run, model = f"run/{part}/{number}/{n}", f"model/{part}/{number}/{n}"
        said += [activity(run, status="finished"), entity(model, label=model), used(run, f"data{n % 2}")]
        said += [generated(model, run), associated(run, "ann")]
    return document(f"unit/{part}/{number}", *said)


def made_from(part: str, number: int, n: int) -> set[str]:
    """The IRIs of a model's upstream, itself included."""
    return {iri(f"model/{part}/{number}/{n}"), iri(f"run/{part}/{number}/{n}"), iri(f"data{n % 2}")}


class Load:
    """A writer and a reader. `appends`, `answers`: what was done; `documents`: what was acknowledged."""

    def __init__(self, location: Path, graph: str, part: str) -> None:
        self._location, self._graph, self._part = location, graph, part
        self._stop = threading.Event()
        self.appends: list[Call] = []
        self.answers: list[Call] = []
        self.documents: set[str] = set()
        self.errors: list[BaseException] = []
        self.wrong: list[set[str]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Both at work, until the end of the context."""
        threads = [threading.Thread(target=self._guarded, args=(work,)) for work in (self._write, self._ask)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def span(self, began: float, ended: float) -> Span:
        """How it went between two moments."""
        appends = [one for one in self.appends if began <= one.ended < ended]
        projected = [one.ended for one in appends if one.by_graph]
        moments = [began, *projected, ended]
        gap = max(later - earlier for earlier, later in pairwise(moments))
        answers = [one for one in self.answers if began <= one.began and one.ended < ended]
        by_graph = sum(one.by_graph for one in answers)
        return Span(ended - began, len(appends), len(projected), gap, len(answers), by_graph)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self.errors.append(error)

    def _write(self) -> None:
        with provstore.open(self._location, graph=self._graph) as store:
            while not self._stop.is_set():
                began = time.monotonic()
                receipts, projected = store.deliver([told(self._part, len(self.appends))])
                self.documents |= {receipt.document for receipt in receipts}
                self.appends.append(Call(began, time.monotonic(), projected))

    def _ask(self) -> None:
        """Asks for models in turn, the newest that is acknowledged."""
        with provstore.open(self._location, graph=self._graph) as store:
            while not self._stop.wait(0.2):
                if not self.appends:
                    continue
                number, n = len(self.appends) - 1, len(self.answers) % RUNS
                began = time.monotonic()
                try:
                    reader = store.reader()
                    asked = upstream(reader, store.prefixes, iri(f"model/{self._part}/{number}/{n}"))
                except ProvstoreError as error:
                    self.errors.append(error)
                    continue
                self.answers.append(Call(began, time.monotonic(), reader is store.engine))
                if (found := {one.node.iri for one in asked.nodes}) != made_from(self._part, number, n):
                    self.wrong.append(found)
