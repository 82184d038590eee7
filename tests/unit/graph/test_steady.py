"""An answer of several requests is asked for again as long as the graph moves, three times at most."""

from __future__ import annotations

from itertools import count

from provstore.graph.contract import Applied
from provstore.graph.steady import steadily


def test_an_answer_of_a_graph_that_stands_still_is_taken():
    asked = count(1)
    assert steadily(lambda: Applied("ledger", 5, "root"), lambda: next(asked)) == 1


def test_an_answer_that_the_graph_moved_on_from_is_asked_for_again():
    sequences = iter([4, 5, 5, 5])
    asked = count(1)
    assert steadily(lambda: Applied("ledger", next(sequences), "root"), lambda: next(asked)) == 2


def test_a_graph_that_never_stands_still_is_asked_three_times():
    sequences = count()
    asked = count(1)
    assert steadily(lambda: Applied("ledger", next(sequences), "root"), lambda: next(asked)) == 3


def test_a_graph_that_was_emptied_has_moved():
    states = iter([Applied("ledger", 4, "root"), None, None, None])
    asked = count(1)
    assert steadily(lambda: next(states), lambda: next(asked)) == 2
