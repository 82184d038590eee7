"""The tests of the `prov` library itself pass with our readers and writers as its serializers, but for a listed few."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.peers.prov_plugin import ERRORS
from tests.peers.prov_suite import EXCLUDED, OF_FORMAT, SHARED

ROOT = Path(__file__).parents[2]
THEIRS = Path(find_spec("prov").origin).parent / "tests"
OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "ignore", "-c", os.devnull, "--rootdir", str(THEIRS))
OWN = sorted(ERRORS)
LEFT_OUT = {key for name in OWN for key in EXCLUDED[name]}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """What became of each of its tests that use our formats, and how often these were used."""
    told = tmp_path_factory.mktemp("prov") / "outcomes.json"
    modules = [*SHARED, *(module for name in OWN for module in OF_FORMAT[name])]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.peers.prov_plugin", *OPTIONS, *modules],
        cwd=THEIRS,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "PROV_SUITE_OUTCOMES": str(told),
            # Its own profile of the same examples each time.
            "HYPOTHESIS_PROFILE": "ci",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(told.parent),
        },
        capture_output=True,
        check=False,
    )
    return json.loads(told.read_text())


def is_left_out(test):
    return test in LEFT_OUT or test.partition("[")[0] in LEFT_OUT


def test_our_formats_were_used_in_both_directions(suite):
    assert all(suite["calls"][f"{name} {done}"] > 100 for name in OWN for done in ("read", "written"))


def test_each_test_passes_that_is_not_left_out_with_a_reason(suite):
    unsuccessful = {test: outcome for test, outcome in suite["outcomes"].items() if outcome == "failed"}
    assert [test for test in unsuccessful if not is_left_out(test)] == []
    assert sum(outcome == "passed" for outcome in suite["outcomes"].values()) > 250


def test_each_test_that_is_left_out_is_there_and_does_not_pass(suite):
    found = {test for test in suite["outcomes"] if is_left_out(test)}
    assert [test for test in found if suite["outcomes"][test] != "failed"] == []
    assert {test if test in LEFT_OUT else test.partition("[")[0] for test in found} == LEFT_OUT
