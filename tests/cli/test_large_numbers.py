"""No number is too large for an option: it is taken, or refused with what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click
import pytest

from provstore.cli.verbs import MODULES

LARGE = [2**31 - 1, 2**31, 2**63 - 2, 2**63 - 1, 2**63, 10**30]
SID = "ab" * 32
# What each verb needs besides, where it has an option that takes a number.
WORDS = {
    "ask": ["--sql", "q.sql"], "downstream": ["ex:raw"], "find": [], "prove": [SID],
    "segment": ["--src", "ex:raw", "--dst", "ex:model"],
    "serve": [], "summarize": ["--runs", "kind = activity"], "upstream": ["ex:model"], "verify": ["--root", SID],
}  # fmt: skip


def counts(kind: Any) -> bool:
    """True for a type of option that takes an integer."""
    parts = kind.types if isinstance(kind, click.Tuple) else [kind]
    return any(isinstance(part, click.types.IntParamType) for part in parts)


def options() -> Iterator[tuple[str, str, bool]]:
    """Verb, option, and whether an element is named before the number."""
    for verb, module in MODULES.items():
        for one in import_module(f"provstore.cli.{module}").command.params:
            if counts(one.type):
                yield verb, one.opts[0], isinstance(one.type, click.Tuple)


@pytest.mark.parametrize(("verb", "option", "named"), list(options()))
def test_every_number_is_taken_or_refused(stored, tmp_path, verb, option, named):
    (tmp_path / "q.sql").write_text("SELECT 1")
    for number in (*LARGE, -1, "9" * 5_000):
        if verb == "serve" and number in range(2**16):
            continue
        done = stored(verb, option, *["ex:model"] * named, number, *WORDS[verb])
        assert done.code in ((2,) if number in (-1, "9" * 5_000) else (0, 1, 2, 3)), (number, done.err)


@pytest.mark.parametrize("words", [[], ["--sort", "-label"], ["--as-of", "1"], ["--space", "default"]])
@pytest.mark.parametrize("limit", LARGE)
def test_as_many_elements_as_there_are_come_with_any_limit(stored, words, limit):
    whole = stored("find", "--limit", 1_000, *words, "--json").json
    assert stored("find", "--limit", limit, *words, "--json").json == whole
    assert len(whole["nodes"]) == whole["total"]
    assert whole["next"] is None


@pytest.mark.parametrize("as_of", LARGE)
def test_a_sequence_that_is_not_reached_is_the_last_one(stored, as_of):
    assert stored("upstream", "ex:model", "--as-of", as_of, "--json").json["as_of"] == 1


@pytest.mark.parametrize("words", [["ask", "--timeout"], ["summarize", "--budget"], ["summarize", "--rare"]])
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_refused(provstore, words, number):
    done = provstore(*words, number, "--json")
    assert (done.code, done.error["code"]) == (2, "usage")
