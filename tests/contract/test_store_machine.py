"""The whole store against the naive model: any appends, retractions and erasures, asked now and as of then."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import provstore
from provstore.graph.contract import Filter, Walk
from provstore.ledger.contract import Erasure, Retraction
from provstore.model import times
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import statement
from provstore.questions.history import changes
from provstore.store import Store
from tests.oracle import ledger as oracle
from tests.oracle import lineage, questions
from tests.oracle.statements import content_digest
from tests.oracle.strategies import documents
from tests.oracle.terms import day
from tests.oracle.view import view_of
from tests.support.databases import database
from tests.support.ledgers import folder_in_memory


def translated(one: oracle.OracleDocument) -> Document:
    header = Header(
        unit=one.unit, mode=one.mode, event_time=times.text(one.event_time), space=one.space, actor=one.actor
    )
    stated = tuple(Assertion(bundle, statement(s.kind, s.identifier, s.attributes)) for bundle, s in one.assertions)
    return Document(header, stated)


class StoreMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.until_the_end = ExitStack()
        self.store = self.until_the_end.enter_context(self.open())
        self.model = oracle.OracleLedger()
        self.iris: dict[int, str] = {}
        self.number = 0

    def open(self):
        folder = self.until_the_end.enter_context(tempfile.TemporaryDirectory())
        return provstore.open(Path(folder) / "store.db")

    def teardown(self):
        with self.until_the_end:
            report = self.store.check()
            assert report["ok"], report["findings"]

    def _day(self):
        self.number += 1
        return day(self.number)

    @rule(chosen=st.lists(documents(), min_size=1, max_size=3))
    def append(self, chosen):
        keyed = [oracle.replace(one, digest=content_digest(one.assertions)) for one in chosen]
        expected = self.model.append(keyed, clock=self._day())
        receipts = self.store.append([translated(one) for one in keyed])
        for theirs, ours in zip(expected, receipts, strict=True):
            self.iris.setdefault(theirs.document_id, ours.document)
            assert self.iris[theirs.document_id] == ours.document
            assert (theirs.statements, theirs.new) == (ours.statements, ours.new)

    @precondition(lambda self: self.model.live_at())
    @rule(data=st.data())
    def retract(self, data):
        target = data.draw(st.sampled_from(sorted(self.model.live_at())))
        self.model.retract(target, "r", clock=self._day())
        self.store.append([Retraction(self.iris[target], "r")])

    @precondition(lambda self: self.model.stored_at())
    @rule(data=st.data())
    def erase(self, data):
        target = data.draw(st.sampled_from(sorted(self.model.stored_at())))
        self.model.erase(target, clock=self._day())
        self.store.append([Erasure(self.iris[target], "r")])

    @invariant()
    def the_graph_is_the_models_view(self):
        self._same_view(view_of(self.model), self.store.reader())

    @precondition(lambda self: self.model.head > 1)
    @rule(data=st.data())
    def ask_as_of_an_earlier_entry(self, data):
        then = data.draw(st.integers(1, self.model.head))
        self._same_view(view_of(self.model, as_of=then), self.store.reader(as_of=then))

    @precondition(lambda self: self.model.head > 0)
    @rule(space=st.sampled_from(["default", "other"]))
    def ask_for_one_space(self, space):
        self._same_view(view_of(self.model, spaces={space}), self.store.reader(spaces=[space]))

    @precondition(lambda self: view_of(self.model).nodes)
    @rule(data=st.data(), depth=st.sampled_from([None, 0, 1, 2, 3]), agents=st.booleans(), parents=st.booleans())
    def walk(self, data, depth, agents, parents):
        view = view_of(self.model)
        start = data.draw(st.sampled_from(sorted(view.nodes)))
        options = frozenset(["agents"] * agents + ["parents"] * parents)
        for direction, ask in (("out", lineage.upstream), ("in", lineage.downstream)):
            expected = ask(view, start, depth=depth, agents=agents, parents=parents)
            reached = self.store.reader().closure(Walk((start,), direction, depth, options))
            assert dict(reached.depths) == expected.nodes

    @precondition(lambda self: view_of(self.model).nodes)
    @rule(data=st.data(), spaces=st.sampled_from([None, ["default"], ["other"]]))
    def how_it_came_to_be(self, data, spaces):
        iri = data.draw(st.sampled_from(sorted(view_of(self.model).nodes)))
        found = changes(self.store.ledger, iri, derived=True, spaces=spaces)
        assert [change.entry.sequence for change in found] == questions.history(self.model, iri, spaces)

    def _same_view(self, view, reader):
        nodes = {node.iri: node for node in reader.nodes(Filter()).nodes}
        assert nodes.keys() == view.nodes.keys()
        for iri, expected in view.nodes.items():
            found = nodes[iri]
            assert (found.kinds, found.declared) == (expected.kinds, expected.declared)
            assert bool(found.conflicts) == expected.conflict
            assert set(found.attributes) == set(expected.attributes)
        edges = {(e.relation, e.source, e.target, e.inferred) for e in reader.expand(list(nodes), None, "out")}
        assert edges == {(e.relation, e.source, e.target, e.inferred) for e in view.edges}


class PostgresMachine(StoreMachine):
    """With the ledger in PostgreSQL, and its graph in a file of its own."""

    def open(self):
        found = self.until_the_end.enter_context(database())
        folder = self.until_the_end.enter_context(folder_in_memory())
        return Store.open(settings=replace(found.settings, graph=f"{folder}/graph.db"))


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
TestPostgresStore = pytest.mark.servers(PostgresMachine.TestCase)
TestPostgresStore.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
