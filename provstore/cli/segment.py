"""The verb `segment`."""

from __future__ import annotations

from typing import Any

import click

from provstore.cli.common import Context, Verb, as_of_option, rendering_options, show, verb

_SEVERAL = ("--src", "--dst")


class Several(Verb):
    """A verb whose options of `_SEVERAL` take every word up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeats the option before each of its words, as click has it."""
        repeated: list[str] = []
        option = None
        for word in args:
            if word.startswith("-"):
                option = word if word in _SEVERAL else None
            if option is None:
                repeated.append(word)
            elif word != option:
                repeated += [option, word]
        return super().parse_args(ctx, repeated)


@verb("segment", cls=Several)
@click.option("--src", multiple=True, required=True, metavar="ID...", help="The entities that it began with.")
@click.option("--dst", multiple=True, required=True, metavar="ID...", help="The entities that came of them.")
@click.option("--exclude", multiple=True, metavar="EXPRESSION", help="Leave out what matches (repeatable).")
@click.option("--only-relations", metavar="WORDS", help="Only these relations, separated by commas.")
@click.option("--expand", multiple=True, type=(str, click.IntRange(min=1)), metavar="ID N",
              help="Add what lies at most N activities behind ID (repeatable).")  # fmt: skip
@click.option("--mode", type=click.Choice(["pre", "post"]), default="pre", show_default=True,
              help="pre: no path runs through what is left out; post: it is dropped from the segment.")  # fmt: skip
@click.option("--same", multiple=True, metavar="ATTRIBUTE",
              help="Paths are alike only where the values of this are equal, step by step (repeatable).")  # fmt: skip
@click.option("--explain", metavar="ID", help="Say which similar path this element of the segment is on.")
@as_of_option
@rendering_options
def command(
    context: Context,
    src: tuple[str, ...],
    dst: tuple[str, ...],
    only_relations: str | None,
    rendering: str | None,
    output: str | None,
    **options: Any,
) -> None:
    """How the entities --dst came from the entities --src, and what else went the same way.

    A node's "why" says its part: src, dst; c1 on a path from a destination back to a source; c2 on a path as long as
    one that ends at a source; c3 generated beside these; c4 their agents; c5 added by --expand.

    \b
    Examples:
      provstore segment --src raw.csv --dst mlflow:model/churn/3
      provstore segment --src raw.csv labels.csv --dst mlflow:model/churn/3 --exclude 'type = ps:MetricSeries'
      provstore segment --src raw.csv --dst mlflow:model/churn/3 --only-relations used,wasGeneratedBy -o segment.html
    """
    relations = None if only_relations is None else [word.strip() for word in only_relations.split(",")]
    with context.open() as store:
        result = store.segment(src, dst, only_relations=relations, **options, **context.view())
        show(context, result, "tree", rendering, output)
