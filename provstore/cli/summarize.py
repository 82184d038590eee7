"""The verb `summarize`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from provstore.cli.common import Context, Number, as_of_option, rendering_options, show, verb
from provstore.cli.segment import Several
from provstore.errors import UsageError

if TYPE_CHECKING:
    from provstore.questions.segment import Segment
    from provstore.store import Store


class _Segments(Several):
    """`--segment` takes every word up to the next option."""

    several = ("--segment",)


@verb("summarize", cls=_Segments)
@click.option("--segment", "segments", multiple=True, metavar="NAME|SRC..DST...",
              help="Segments kept under a name, or between two entities.")  # fmt: skip
@click.option("--runs", metavar="EXPRESSION", help="One segment for each activity that matches.")
@click.option("--keys", multiple=True, metavar="[KIND=]ATTRIBUTE,...",
              help="Attributes that stay visible, of all kinds or of one (repeatable) [default: type].")  # fmt: skip
@click.option("--rk", type=click.IntRange(min=0), default=0, show_default=True, metavar="K",
              help="Only merge what looks alike up to K edges away.")  # fmt: skip
@click.option("--rk-method", type=click.Choice(["exact", "wl"]), default="exact", show_default=True,
              help="Alike by isomorphism, or by K rounds of colour refinement.")  # fmt: skip
@click.option("--hood", type=click.Choice(["both", "out"]), default="both", show_default=True,
              help="Look both ways, or towards causes only.")  # fmt: skip
@click.option("--method", type=click.Choice(["pgsum", "strict", "apt"]), default="pgsum", show_default=True,
              help="For contrast: strict merges equals only; apt by provenance types, may show new paths.")  # fmt: skip
@click.option("--budget", "budget_s", type=Number(min=0), metavar="SECONDS",
              help="Stop merging after this many seconds.")  # fmt: skip
@click.option("--outliers", is_flag=True, help="Also list the segments that take rare edges or miss frequent ones.")
@click.option("--rare", type=Number(min=0, max=0.5, max_open=True), default=0.25, show_default=True,
              metavar="SHARE", help="An edge in at most this share of segments is rare.")  # fmt: skip
@as_of_option
@rendering_options("tree")
def command(
    context: Context,
    segments: tuple[str, ...],
    keys: tuple[str, ...],
    rendering: str | None,
    output: str | None,
    **options: Any,
) -> None:
    """What many runs or segments have in common: one picture, with the share of them on each edge.

    Elements are merged when they are of one class (kind, and the values of --keys) and no path comes of it that
    no segment has. A run's segment is the run, what it used and generated, its code and its agents.

    \b
    Examples:
      provstore summarize --runs 'experiment_name = "churn training"'
      provstore summarize --runs 'type = ps:Run' --keys type,activity=status --outliers
      provstore summarize --segment second third --keys type,label
      provstore summarize --segment 'customers train..churn-2' 'customers train..churn-3' -o training.svg
      provstore summarize --runs 'type = ps:Run' --rk 1 --hood out --budget 5 --json
    """
    visible = [word for one in keys for word in one.split(",")] or ["type"]
    with context.open() as store:
        found = {name: _segment(store, context, name, options["as_of"]) for name in segments}
        show(
            context,
            store.summarize(segments=found, keys=visible, **options, **context.view()),
            rendering,
            output,
        )


def _segment(store: Store, context: Context, name: str, as_of: str | None) -> Segment:
    """The segment between SRC and DST, or the one that is kept under a name."""
    src, between, dst = name.partition("..")
    if not between:
        return store.saved_segment(name, as_of=as_of, **context.view())
    if not src or not dst:
        raise UsageError("expected SRC..DST, two entities", where=name)
    return store.segment([src], [dst], as_of=as_of, **context.view())
