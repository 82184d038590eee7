"""Hand-worked examples of rules 18 (intervals), 27 (history, blame) and 29."""

from __future__ import annotations

from tests.oracle.ledger import OracleLedger
from tests.oracle.questions import attribute_intervals, blame, history, statement_intervals, topological_order
from tests.oracle.small import graph, say
from tests.oracle.statements import sid
from tests.oracle.terms import EX, PS, XSD, activity, double, generated, used
from tests.oracle.values import by_value

LR = PS + "param.lr"


def learning_rate(value: str):
    return activity("a1", double(LR, value))


def test_a_statement_holds_from_its_append_to_its_retraction():
    # "edge intervals [since, until) per (sid, space)"
    ledger = OracleLedger()
    say(ledger, used("a1", "e1"))
    say(ledger, used("a1", "e1"))
    ledger.retract(1)
    ledger.retract(2)
    say(ledger, used("a1", "e1"))
    assert statement_intervals(ledger) == {(sid(used("a1", "e1")), "default"): [(1, 4), (5, None)]}


def test_an_attribute_holds_while_it_wins_the_fold():
    ledger = OracleLedger()
    say(ledger, learning_rate("0.1"), unit="u")
    say(ledger, learning_rate("0.2"), unit="u")
    first, second = (frozenset({by_value((XSD + "double", v, ""))}) for v in ("0.1", "0.2"))
    place = ("default", "u", EX + "a1", (LR, ""))
    assert attribute_intervals(ledger) == {(*place, first): [(1, 2)], (*place, second): [(2, None)]}


def test_history_lists_the_entries_that_changed_what_is_said():
    ledger = OracleLedger()
    say(ledger, used("a1", "e1"))
    say(ledger, used("a2", "e2"))
    say(ledger, used("a1", "e1"))  # says nothing new
    say(ledger, generated("e1", "a0"))
    ledger.retract(4)
    assert history(ledger, EX + "e1") == [1, 4, 5]


def test_blame_names_the_document_that_won_and_what_it_replaced():
    ledger = OracleLedger()
    say(ledger, learning_rate("0.1"), unit="u")
    say(ledger, learning_rate("0.2"), unit="u")
    (found,) = blame(ledger, EX + "a1", LR)
    assert (found.document_id, found.value[1]) == (2, "0.2")
    assert found.replaced == ((XSD + "double", "0.1", ""),)


def test_a_document_that_repeats_a_value_replaced_nothing():
    ledger = OracleLedger()
    say(ledger, learning_rate("0.10"), unit="u")
    say(ledger, learning_rate("0.1"), unit="u")
    (found,) = blame(ledger, EX + "a1", LR)
    assert (found.document_id, found.replaced) == (2, ())


def test_blame_names_each_unit_of_a_conflict():
    ledger = OracleLedger()
    say(ledger, learning_rate("0.1"))
    say(ledger, learning_rate("0.2"))
    assert [(b.value[1], b.document_id) for b in blame(ledger, EX + "a1", LR)] == [("0.1", 1), ("0.2", 2)]


def test_topological_order_comes_from_use_and_generation():
    view = graph(generated("e1", "a1"), used("a1", "e0"), used("a2", "e1"))
    order = topological_order(view, view.nodes)
    assert order == {EX + "e0": 0, EX + "a1": 1, EX + "e1": 2, EX + "a2": 3}


def test_a_cycle_has_no_order_and_is_stored_all_the_same():
    view = graph(generated("e1", "a1"), used("a1", "e1"))
    assert topological_order(view, view.nodes) is None
