"""The soak sees what it is there to see, and a short one finds nothing."""

from __future__ import annotations

import pytest

from tests.soak.__main__ import Soak, grown
from tests.soak.process import Sample
from tests.soak.record import Record, Stored, growth, missing, too_much

MIB = 2**20


def test_what_was_answered_and_is_not_stored_is_found():
    record = Record(units={"there": 7, "gone": 8, "elsewhere": 9, "one of many": None})
    stored = {"there": Stored(7, 1), "elsewhere": Stored(10, 1), "one of many": Stored(3, 1)}
    assert [found.split()[0] for found in missing(record, stored)] == ["gone", "elsewhere"]


def test_a_request_that_is_stored_by_half_is_found():
    record = Record(unknown=[["a", "b"], ["c", "d"], ["e", "f"]])
    stored = {name: Stored(1, 1) for name in "abc"}
    assert missing(record, stored) == ["of a request of 2 events 1 are stored: ['c']"]


def test_an_answer_that_is_not_allowed_is_found():
    record = Record()
    assert record.expect("x", 201, (201, 429), "")
    assert not record.expect("x", 429, (201, 429), "")
    assert record.findings == []
    record.expect("x", 500, (201, 429), "a bug")
    assert record.findings == ["x was answered 500: a bug"]


def test_a_connection_that_broke_is_found_unless_the_service_was_killed():
    record = Record()
    record.lost("x", OSError())
    record.dying.set()
    record.lost("y", OSError())
    assert record.findings == ["x was not answered: OSError()"]


def test_memory_that_fills_caches_at_first_is_no_leak():
    samples = [min(100 + 20 * second, 300) * MIB for second in range(200)]
    assert growth(samples) == 0
    assert not too_much(samples)


@pytest.mark.parametrize(("mib_a_second", "leaks"), [(0.1, False), (1.0, True)])
def test_memory_that_goes_on_growing_is_a_leak_when_it_grows_fast(mib_a_second, leaks):
    samples = [int((100 + mib_a_second * second) * MIB) for second in range(400)]
    # The middles of the second and of the last quarter are 200 seconds apart.
    assert growth(samples) == pytest.approx(200 * mib_a_second * MIB, abs=1)
    assert too_much(samples) is leaks


def test_files_and_threads_that_go_on_growing_are_found():
    found = grown([Sample(MIB, second, 4 + second) for second in range(100)])
    assert [one.split()[1] for one in found] == ["files", "threads"]


def test_a_short_soak_finds_nothing_in_the_service_as_it_is(tmp_path):
    soak = Soak(tmp_path, seed=1)
    soak.kill_once(1.5)
    soak.run_on(2, at_least=("events 201", "mlflow runs/log-metric 200", "asked for what is hidden 404"))
    soak.check()
    assert soak.findings == []
    assert min(len(soak.last.units), len(soak.last.runs)) > 0
