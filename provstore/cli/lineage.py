"""The options that `upstream` and `downstream` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def lineage_options(function: Function) -> Function:
    """Adds `--depth`, `--only`, `--agents`, `--parents` and `--max-nodes` (rule 22)."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS = (
    click.option("--depth", type=click.IntRange(min=0), metavar="N", help="At most N edges away [default: all]."),
    click.option("--only", metavar="WORDS", help="Only these relations or kinds, separated by commas."),
    click.option("--agents", is_flag=True, help="Also who was responsible."),
    click.option("--parents", is_flag=True, help="Also the runs that these runs are part of."),
    click.option("--max-nodes", type=click.IntRange(min=1), metavar="N", help="Cut the answer there, and say so."),
)
