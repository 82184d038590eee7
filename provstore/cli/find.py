"""The verb `find`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb


@verb("find")
@click.argument("expression", required=False)
@click.option("--sort", metavar="NAME", help="Sort by a word or attribute; -NAME for descending [default: iri].")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N")
@click.option("--cursor", metavar="TEXT", help="The page after the one that gave this cursor.")
@as_of_option
@rendering_options("table")
def command(
    context: Context,
    expression: str | None,
    sort: str | None,
    limit: int,
    cursor: str | None,
    as_of: str | None,
    rendering: str | None,
    output: str | None,
) -> None:
    """Elements that match EXPRESSION (all without one).

    An attribute in it that no element has is reported, with the nearest name that there is.

    \b
    Examples:
      provstore find 'type = ps:Run and ps:metric.accuracy > 0.9' --sort -ps:metric.accuracy
      provstore find 'kind = entity and label ~ "churn" and missing digest'
      provstore find 'status in (failed, killed) and start >= 2026-01-01'
    """
    with context.open() as store:
        result = store.find(expression, sort=sort, limit=limit, cursor=cursor, as_of=as_of, **context.view())
        show(context, result, rendering, output)
        if output in (None, "-") and not context.as_json:  # else `show` has told them, or the answer has
            for note in result.notes:
                context.say(note)
        if result.next and not context.as_json:
            context.say(f"more: --cursor {result.next}")
