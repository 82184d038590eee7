"""For the whole run: the keeper of the graph servers, and what was left out, said loudly."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.support.servers import keeper

_until_the_end = ExitStack()

# How long an example takes depends on what else the machine does; no test is timed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        _until_the_end.enter_context(keeper())


def pytest_sessionfinish(session: pytest.Session) -> None:
    _until_the_end.close()


def pytest_terminal_summary(terminalreporter) -> None:
    left_out = Counter((report.fspath, report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()))
    if left_out:
        terminalreporter.section("LEFT OUT on this machine", sep="!")
    for (path, reason), count in sorted(left_out.items()):
        terminalreporter.write_line(f"{path}: {count} tests: {reason.removeprefix('Skipped: ')}")
