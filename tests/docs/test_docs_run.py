from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT, agrees, run, steps
from tests.support.databases import database

# A service that a page starts, and that a failure leaves running, ends by itself.
SOON = "timeout 300"
# The README's `make run` needs the network; its own test is the clone that CI makes.
RUNNABLE = [page for page in PAGES if page.parent != ROOT and steps(page)]


@pytest.fixture
def environment(tmp_path):
    """A shell in which `provstore` and `python3` are those under test, with nothing of the caller's settings."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, before, words in ("provstore", SOON, "-m provstore"), ("python3", "", ""):
        command = programs / name
        command.write_text(f'#!/bin/sh\nexec {before} "{sys.executable}" {words} "$@"\n')
        command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROVSTORE_")}
    paths = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH", ""))))
    return kept | {
        "PATH": f"{programs}{os.pathsep}{kept['PATH']}",
        "PYTHONPATH": paths,
        "HOME": str(tmp_path),
        "PYTHONUTF8": "1",
        "COLUMNS": "100",
    }


@pytest.fixture
def folder(tmp_path, page) -> Path:
    """Where a reader works: a tutorial's in an empty folder, a how-to's with records like the reader's: the demo's."""
    here = tmp_path / "work"
    if page.parent == TUTORIALS:
        here.mkdir()
        return here
    shutil.copytree(
        ROOT / "provstore" / "demo", here, ignore=shutil.ignore_patterns("make_demo.py", "README.md", "__pycache__")
    )
    (here / "openlineage.ndjson").rename(here / "events.ndjson")
    return here


TUTORIALS = ROOT / "docs" / "tutorial"
# The page asks its reader to make a database first.
ON_POSTGRESQL = ROOT / "docs" / "howto" / "postgresql.md"


@pytest.mark.parametrize(
    "page", [page for page in RUNNABLE if page != ON_POSTGRESQL], ids=lambda page: str(page.relative_to(ROOT))
)
def test_the_page_does_what_it_says(page, folder, environment):
    read(page, folder, environment)


@pytest.mark.servers
@pytest.mark.parametrize("page", [ON_POSTGRESQL], ids=["howto"])
def test_the_page_on_postgresql_does_what_it_says(page, folder, environment):
    with database() as found:
        read(page, folder, environment | found.environment)


def read(page, folder, environment):
    for step in steps(page):
        difference = run(step, folder, environment)
        assert difference is None, difference


def test_every_tutorial_and_howto_runs_something():
    promised = {*(ROOT / "docs" / "tutorial").glob("*.md"), *(ROOT / "docs" / "howto").glob("*.md")}
    assert promised
    assert promised <= set(RUNNABLE)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nc", False),
        ("a\n...\nz", "a\nb\nc\nz", True),
        ("a\n...\nz", "a\nz", True),
        ("a\n...\nz", "a\nb", False),
        ("...\nz", "a\nz", True),
        ("...\nz", "z", True),
        ("a\n...", "a", True),
        ("a\n...", "ab\nc", False),
        ("run 1cb3...: done", "run 1cb3a8f0: done", True),
        ("run ...", "run\nmore", False),
        ("", "", True),
        ("", "something", False),
    ],
)
def test_dots_stand_for_any_text_and_for_nothing_else(expected, printed, same):
    assert agrees(expected, printed) is same
