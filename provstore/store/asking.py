"""The reading side of a store: every question is a method.

The present is read from the graph; the past, and what some spaces show, from the ledger itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from provstore import questions
from provstore.errors import BackendUnavailable, UsageError
from provstore.graph import projector
from provstore.graph.contract import Engine, Limits, Reader
from provstore.graph.replay import Replay, hidden_among
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.model.names import Prefixes
from provstore.model.times import instant

if TYPE_CHECKING:
    from provstore.questions.leakage import Leakage
    from provstore.questions.result import Element, Found, Graph, Table
    from provstore.questions.segment import Mode, Segment
    from provstore.questions.summarize import Method
    from provstore.questions.summarizing.neighbourhoods import Hood, RkMethod
    from provstore.questions.summarizing.result import Summary

AsOf = int | str | None
# More digits than any ledger has entries.
_SEQUENCE: Final = re.compile("[0-9]{1,100}")
Spaces = Collection[str] | None
_LOG: Final = logging.getLogger("provstore.store")


class Asking:
    """The questions. `as_of` is a sequence or a time (rule 18), `spaces` limits what is seen (rule 25).

    Identifiers are full IRIs, prefixed names, `sha256:` digests or unique labels. Every question raises NotFound or
    Ambiguous when a name means nothing or several things.
    """

    def __init__(self, ledger: DatabaseLedger, engine: Engine) -> None:
        self.ledger = ledger
        self.engine = engine
        self._prefixes = (-1, Prefixes())

    @property
    def prefixes(self) -> Prefixes:
        """The prefixes that the store knows (rule 30)."""
        head = self.ledger.head()
        if self._prefixes[0] != head.sequence:
            self._prefixes = (head.sequence, Prefixes(dict(head.prefixes)))
        return self._prefixes[1]

    def reader(self, as_of: AsOf = None, spaces: Spaces = None) -> Reader:
        """What a question reads: the graph, brought up to date, or the ledger as of then or for those spaces."""
        sequence = self.sequence(as_of)
        if sequence is not None or spaces is not None:
            return Replay(self.ledger, sequence, spaces)
        try:
            return self._graph()
        except BackendUnavailable as error:
            _LOG.warning("%s: %s; the ledger answers instead, which takes longer", error.where, error.message)
            return Replay(self.ledger)

    def _graph(self) -> Engine:
        """The graph, brought up to date. Raises: BackendUnavailable: it cannot be."""
        projector.catch_up(self.ledger, self.engine)
        return self.engine

    def sequence(self, as_of: AsOf) -> int | None:
        """The sequence of the last entry at or before that sequence or time; None for now.

        Raises: UsageError: it is neither a number nor a time.
        """
        if as_of is None:
            return None
        if isinstance(as_of, int) or _SEQUENCE.fullmatch(as_of):
            # What is not yet stored is not promised: the same question later would have another answer.
            return min(int(as_of), self.ledger.head().sequence)
        if instant(as_of) is None:
            raise UsageError(
                f"{as_of!r} is neither a sequence nor a time",
                next_step="Write --as-of 17 or --as-of 2026-11-21T10:00:00Z.",
            )
        return self.ledger.head(as_of).sequence

    def _view(self, as_of: AsOf, spaces: Spaces) -> tuple[Reader, int | None]:
        """The reader, and the sequence that it is as of: a time is looked up once, so that both mean one entry."""
        sequence = self.sequence(as_of)
        return self.reader(sequence, spaces), sequence

    def _hidden(self, iris: Iterable[str], as_of: int | None, spaces: Spaces) -> frozenset[str]:
        """Of these elements, those that something leaves which the spaces do not show (rule 25)."""
        return frozenset() if spaces is None else frozenset(hidden_among(self.ledger, iris, as_of, spaces))

    def upstream(
        self,
        name: str,
        *,
        depth: int | None = None,
        only: str | None = None,
        agents: bool = False,
        parents: bool = False,
        max_nodes: int | None = None,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Graph:
        """Everything that it was made from, nearest first. Arguments as in `questions.upstream`."""
        reader, sequence = self._view(as_of, spaces)
        return questions.upstream.upstream(
            reader, self.prefixes, name, depth=depth, only=only, agents=agents, parents=parents,
            max_nodes=max_nodes, as_of=sequence,
        )  # fmt: skip

    def downstream(
        self,
        name: str,
        *,
        depth: int | None = None,
        only: str | None = None,
        agents: bool = False,
        parents: bool = False,
        max_nodes: int | None = None,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Graph:
        """Everything that was made from it or depends on it. Arguments as in `questions.downstream`."""
        reader, sequence = self._view(as_of, spaces)
        return questions.downstream.downstream(
            reader, self.prefixes, name, depth=depth, only=only, agents=agents, parents=parents,
            max_nodes=max_nodes, as_of=sequence,
        )  # fmt: skip

    def path(
        self,
        a: str,
        b: str,
        *,
        agents: bool = False,
        parents: bool = False,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Graph | None:
        """A shortest derivation path from `a` back to `b`, or None."""
        reader, sequence = self._view(as_of, spaces)
        return questions.path.path(reader, self.prefixes, a, b, agents=agents, parents=parents, as_of=sequence)

    def show(self, name: str, *, as_of: AsOf = None, spaces: Spaces = None) -> Element:
        """One element: its node, the statements about it, who said so and when."""
        reader, sequence = self._view(as_of, spaces)
        shown = questions.show.show(reader, self.ledger, self.prefixes, name, as_of=sequence, spaces=spaces)
        return replace(shown, hidden=bool(self._hidden([shown.node.iri], sequence, spaces)))

    def series(self, name: str, *, as_of: AsOf = None, spaces: Spaces = None) -> Table:
        """The points of a metric series, exactly and in order (rule 17)."""
        reader, sequence = self._view(as_of, spaces)
        return questions.show.series(reader, self.ledger, self.prefixes, name, as_of=sequence, spaces=spaces)

    def find(
        self,
        expression: str | None = None,
        *,
        sort: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Found:
        """Elements that match an expression (rule 28), sorted and paged."""
        reader, sequence = self._view(as_of, spaces)
        found = questions.find.find(
            reader, self.prefixes, expression, sort=sort, limit=limit, cursor=cursor, as_of=sequence
        )
        return replace(found, hidden=self._hidden((node.iri for node in found.nodes), sequence, spaces))

    def history(
        self,
        name: str,
        *,
        everything: bool = False,
        derived: bool = False,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Table:
        """The entries that changed what is said of an element, and its revisions."""
        reader, sequence = self._view(as_of, spaces)
        return questions.history.history(
            reader, self.ledger, self.prefixes, name, everything=everything, derived=derived, as_of=sequence,
            spaces=spaces,
        )  # fmt: skip

    def blame(
        self,
        name: str,
        attribute: str,
        *,
        everything: bool = False,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Table:
        """Who said each live value of an attribute, when, and what it replaced."""
        reader, sequence = self._view(as_of, spaces)
        return questions.blame.blame(
            reader, self.ledger, self.prefixes, name, attribute, everything=everything, as_of=sequence, spaces=spaces
        )

    def diff(self, a: str, b: str, *, as_of: AsOf = None, spaces: Spaces = None) -> Table:
        """What differs between two artifacts or runs and what they were made from, earliest cause first."""
        reader, sequence = self._view(as_of, spaces)
        return questions.diff.diff(reader, self.prefixes, a, b, as_of=sequence)

    def leakage(self, train: str, test: str, *, as_of: AsOf = None, spaces: Spaces = None) -> Leakage:
        """Whether the test data, or anything made from it, went into the training."""
        reader, sequence = self._view(as_of, spaces)
        return questions.leakage.leakage(reader, self.prefixes, train, test, as_of=sequence)

    def segment(
        self,
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
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Segment:
        """How destinations came from sources, and what else went the same way. Arguments as in `questions.segment`."""
        reader, sequence = self._view(as_of, spaces)
        return questions.segment.segment(
            reader, self.prefixes, src, dst, exclude=exclude, exclude_edges=exclude_edges,
            only_relations=only_relations, expand=expand, mode=mode, same=same, explain=explain, as_of=sequence,
        )  # fmt: skip

    def summarize(
        self,
        *,
        segments: Mapping[str, Graph] | None = None,
        runs: str | None = None,
        keys: Sequence[str] = ("type",),
        rk: int = 0,
        rk_method: RkMethod = "exact",
        hood: Hood = "both",
        method: Method = "pgsum",
        budget_s: float | None = None,
        outliers: bool = False,
        rare: float = 0.25,
        as_of: AsOf = None,
        spaces: Spaces = None,
    ) -> Summary:
        """What many runs or segments have in common, without a new path. Arguments as in `questions.summarize`."""
        reader, sequence = self._view(as_of, spaces)
        return questions.summarize.summarize(
            reader, self.prefixes, segments=segments, runs=runs, keys=keys, rk=rk, rk_method=rk_method, hood=hood,
            method=method, budget_s=budget_s, outliers=outliers, rare=rare, as_of=sequence,
        )  # fmt: skip

    def ask(self, question: str, parameters: Mapping[str, Any] | None = None) -> Table:
        """Runs a query template of `queries/` on the graph engine, values bound; elements are named as in `resolve`.

        Raises: BackendUnavailable: the graph cannot be brought up to date; only it answers these.
        """
        graph = self._graph()
        given = questions.ask.with_elements(graph, self.prefixes, question, parameters or {})
        return questions.ask.ask(graph, self.prefixes, question, given)

    def ask_text(self, language: str, text: str, limits: Limits = Limits()) -> Table:  # noqa: B008
        """Runs a person's own query on the graph engine, which may only read it. Arguments as in `questions.ask`.

        Raises: BackendUnavailable, as `ask`.
        """
        return questions.ask.ask_text(self._graph(), language, text, limits)

    def templates(self) -> Table:
        """The query templates that `ask` knows for this engine."""
        return questions.ask.templates(self.engine)
