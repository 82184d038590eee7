"""Laws that the rules state, on random histories: the oracle must obey them before it may judge others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.ledger import OracleDocument, OracleLedger
from tests.oracle.lineage import STATES, downstream, path, steps_of, upstream
from tests.oracle.strategies import Step, build, deliveries, documents, histories
from tests.oracle.view import View, view_of

QUICK = settings(deadline=None, max_examples=30, database=None)


def live_content(ledger: OracleLedger) -> set[tuple[str, str, str, object]]:
    live = [ledger.documents[i] for i in ledger.live_at()]
    return {(d.space, d.unit, d.mode, d.assertions) for d in live}


def same_graph(first: View, second: View) -> bool:
    edges = {(e.identity, e.bundles, e.spaces) for e in first.edges}
    return first.nodes == second.nodes and edges == {(e.identity, e.bundles, e.spaces) for e in second.edges}


@QUICK
@given(deliveries())
def test_rule_8_the_order_of_arrival_and_repeats_do_not_matter(
    twice: tuple[list[OracleDocument], list[OracleDocument]],
) -> None:
    ledgers = OracleLedger(), OracleLedger()
    for ledger, delivered in zip(ledgers, twice, strict=True):
        for document in delivered:
            ledger.append([document])
    assert live_content(ledgers[0]) == live_content(ledgers[1])
    assert same_graph(view_of(ledgers[0]), view_of(ledgers[1]))


@QUICK
@given(st.lists(documents(), min_size=1, max_size=5))
def test_rule_9_a_list_again_writes_nothing_when_the_first_wrote_all_of_it(delivered: list[OracleDocument]) -> None:
    ledger = OracleLedger()
    receipts = ledger.append(delivered)
    head = ledger.head
    again = ledger.append([d for d, r in zip(delivered, receipts, strict=True) if not r.duplicate])
    assert ledger.head == head
    assert all(r.duplicate and r.new == 0 and r.duplicates == r.statements for r in again)


@QUICK
@given(histories(erasures=True))
def test_rule_11_sequences_are_gapless_and_entries_account_for_what_is_live(history: list[Step]) -> None:
    ledger = build(history)
    assert [e.sequence for e in ledger.log] == list(range(1, ledger.head + 1))
    for entry in ledger.log:
        before, after = ledger.live_at(entry.sequence - 1), ledger.live_at(entry.sequence)
        if entry.action == "append":
            assert before - after == set(entry.closed)
        else:
            assert entry.document_id not in after


@QUICK
@given(histories())
def test_rule_14_new_statements_are_never_more_than_the_distinct_ones(history: list[Step]) -> None:
    ledger = OracleLedger()
    for kind, argument in history:
        for receipt in ledger.append(argument) if kind == "append" else []:
            assert 0 <= receipt.new <= receipt.statements
            assert receipt.new + receipt.duplicates == receipt.statements


@pytest.mark.parametrize("options", [{}, {"agents": True}, {"parents": True}, {"agents": True, "parents": True}])
@QUICK
@given(history=histories())
def test_rule_22_b_is_upstream_of_a_exactly_when_a_is_downstream_of_b(
    history: list[Step], options: dict[str, bool]
) -> None:
    view = view_of(build(history))
    causes = {a: upstream(view, a, **options).nodes for a in view.nodes}
    for b in view.nodes:
        if "agent" in view.kinds(b) and not options.get("agents"):
            continue  # starting downstream at an agent implies --agents
        effects = downstream(view, b, **options).nodes
        assert effects == {a: found[b] for a, found in causes.items() if b in found}


@QUICK
@given(histories())
def test_rule_22_a_path_is_as_long_as_the_node_is_deep(history: list[Step]) -> None:
    view = view_of(build(history))
    for a in view.nodes:
        for b, depth in upstream(view, a).nodes.items():
            walk = path(view, a, b)
            assert walk is not None
            assert len(walk) == depth
            assert [e.source for e in walk] == [a, *[e.target for e in walk]][: len(walk)]


@QUICK
@given(histories(), st.integers(0, 4))
def test_rule_22_a_depth_keeps_the_nodes_within_it(history: list[Step], depth: int) -> None:
    view = view_of(build(history))
    for a in view.nodes:
        whole, cut = upstream(view, a), upstream(view, a, depth=depth)
        assert cut.nodes == {iri: d for iri, d in whole.nodes.items() if d <= depth}
        assert all({e.source, e.target} <= set(cut.nodes) for e in cut.edges)
        assert cut.cut == (len(cut.edges) < len(whole.edges))


@QUICK
@given(histories())
def test_rule_25_a_caller_sees_no_more_than_everything_and_marks_what_is_missing(history: list[Step]) -> None:
    ledger = build(history)
    everything = view_of(ledger)
    for spaces in ({"default"}, {"other"}):
        mine = view_of(ledger, spaces)
        assert set(mine.nodes) <= set(everything.nodes)
        assert {e.identity for e in mine.edges} <= {e.identity for e in everything.edges}
        for a in mine.nodes:
            answer = upstream(mine, a, everything=everything)
            if not answer.incomplete and not {e.relation for e in everything.edges} & {"wasInfluencedBy"}:
                assert answer.nodes == upstream(everything, a).nodes


@QUICK
@given(histories())
def test_rule_20_edges_are_unique_and_their_ends_are_nodes(history: list[Step]) -> None:
    view = view_of(build(history))
    assert len({e.identity for e in view.edges}) == len(view.edges)
    assert all({e.source, e.target} <= set(view.nodes) for e in view.edges)


@QUICK
@given(histories())
def test_rule_22_walks_end_only_in_states_of_the_table(history: list[Step]) -> None:
    steps = steps_of(view_of(build(history)), {"agents", "parents"})
    assert {state for s in steps for _, state in (s.before, s.after)} <= set(STATES)
