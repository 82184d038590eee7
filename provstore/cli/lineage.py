"""What `upstream` and `downstream` share: their options, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show

Function = TypeVar("Function", bound=Callable[..., Any])


def lineage_options(function: Function) -> Function:
    """Adds `--depth`, `--only`, `--agents`, `--parents` and `--max-nodes` (rule 22), `--as-of` and the renderings."""
    function = as_of_option(rendering_options("tree")(function))
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def answer_lineage(
    context: Context, question: str, name: str, *, rendering: str | None, output: str | None, **options: Any
) -> None:
    """Asks `question` about `name` and shows the answer; `options` are those of `lineage_options`."""
    with context.open() as store:
        result = getattr(store, question)(name, **options, **context.view())
        show(context, result, rendering, output)


_OPTIONS = (
    click.option("--depth", type=click.IntRange(min=0), metavar="N", help="At most N edges away [default: all]."),
    click.option("--only", metavar="WORDS", help="Only these relations, kinds or types, separated by commas."),
    click.option("--agents", is_flag=True, help="Also who was responsible."),
    click.option("--parents", is_flag=True, help="Also the runs that these runs are part of."),
    click.option("--max-nodes", type=click.IntRange(min=1), metavar="N", help="Cut the answer there, and say so."),
)
