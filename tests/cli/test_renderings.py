"""Each verb offers the renderings that its answer has, and says which is the usual one."""

from __future__ import annotations

import re

import click
import pytest

from provstore.cli.main import cli
from provstore.cli.verbs import MODULES
from provstore.reports.renderings import OF_ROWS, RENDERINGS

GRAPHS = {
    "downstream": ["ex:raw"],
    "leakage": ["ex:model", "ex:raw"],
    "path": ["ex:model", "ex:raw"],
    "segment": ["--src", "ex:raw", "--dst", "ex:model"],
    "summarize": ["--runs", "kind = activity"],
    "upstream": ["ex:model"],
}
ROWS = {
    "ask": ["classes"],
    "blame": ["ex:model", "prov:label"],
    "diff": ["ex:clean", "ex:model"],
    "documents": [],
    "find": [],
    "history": ["ex:model"],
    "importers": [],
    "show": ["ex:model"],
}
# What the answer of `leakage` says.
CODES = {"leakage": 1}


def offered(verb):
    command = cli.get_command(click.Context(cli), verb)
    return next(
        (one.type.choices for one in command.params if "--format" in one.opts and one.name == "rendering"), None
    )


def test_every_verb_with_renderings_is_looked_at_here():
    assert {verb for verb in MODULES if offered(verb)} == {*GRAPHS, *ROWS}


@pytest.mark.parametrize("verb", [*GRAPHS, *ROWS])
def test_a_verb_has_every_rendering_that_it_offers_and_no_other(stored, verb):
    words = [verb, *GRAPHS.get(verb, []), *ROWS.get(verb, [])]
    found = {name: stored(*words, "--format", name) for name in RENDERINGS}
    assert {name for name, done in found.items() if done.code == CODES.get(verb, 0)} == set(offered(verb))
    assert {done.code for name, done in found.items() if name not in offered(verb)} <= {2}
    assert set(offered(verb)) == set(RENDERINGS if verb in GRAPHS else OF_ROWS)


@pytest.mark.parametrize("verb", [*GRAPHS, *ROWS])
def test_what_the_help_calls_the_default_is_what_comes(stored, verb):
    words = [verb, *GRAPHS.get(verb, []), *ROWS.get(verb, [])]
    told = " ".join(stored(verb, "--help").out.split())
    default = re.search(r"by the ending of FILE, else (\w+)\]", told)[1]
    assert stored(*words).out == stored(*words, "--format", default).out


@pytest.mark.parametrize(("verb", "file", "code"), [
    ("documents", "a.txt", 0), ("upstream", "a.txt", 0), ("upstream", "a.svg", 0), ("documents", "a.svg", 2),
])  # fmt: skip
def test_the_ending_of_a_file_chooses_too(stored, tmp_path, verb, file, code):
    done = stored(verb, *GRAPHS.get(verb, []), "-o", file)
    assert (done.code, (tmp_path / file).exists()) == (code, code == 0)
    assert ("no rendering has this ending" in done.err) is False
