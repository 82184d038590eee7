"""Rates: as many requests as are allowed within any minute, and what is counted is forgotten."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.server.limits import Rates
from provstore.server.problems import Busy
from provstore.server.roles import Caller

MINUTE_S = 60
MOST = 3


def caller(name):
    return Caller(name, "writer", None)


def is_let_in(rates, name):
    try:
        rates.count(caller(name))
    except Busy:
        return False
    return True


requests = st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab")), max_size=60)


@given(requests)
def test_no_minute_has_more_than_the_rate_and_none_is_refused_before(steps):
    now = 0
    rates = Rates(MOST, MOST, clock=lambda: now)
    let_in = defaultdict(list)
    for seconds, name in steps:
        now += seconds
        within_a_minute = [at for at in let_in[name] if at > now - MINUTE_S]
        assert is_let_in(rates, name) == (len(within_a_minute) < MOST)
        if len(within_a_minute) < MOST:
            let_in[name].append(now)


def test_who_is_refused_is_told_when_the_oldest_request_is_a_minute_ago():
    now = 100.0
    rates = Rates(2, 1, clock=lambda: now)
    rates.count(caller("a"))
    now = 110.0
    rates.count(caller("a"))
    now = 125.0
    with pytest.raises(Busy, match="more than 2 requests a minute") as refused:
        rates.count(caller("a"))
    assert refused.value.retry_after_s == 35.0
    now = 160.0
    assert is_let_in(rates, "a")


def test_failures_are_counted_by_address_and_apart_from_requests():
    rates = Rates(1, 1, clock=lambda: 0.0)
    rates.count(caller("10.0.0.1"))
    rates.failed("10.0.0.1")
    rates.failed(None)
    with pytest.raises(Busy):
        rates.failed("10.0.0.1")
    with pytest.raises(Busy):
        rates.failed(None)


def test_addresses_that_do_not_come_again_are_forgotten():
    now = 0.0
    rates = Rates(1, 1, clock=lambda: now)
    for number in range(1_000):
        now += 1.0
        rates.failed(f"address {number}")
    assert len(rates._failures._times) <= 2 * MINUTE_S
