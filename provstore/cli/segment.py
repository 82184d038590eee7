"""The verb `segment`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import click

from provstore.cli.common import Context, Verb, as_of_option, rendering_options, show, verb
from provstore.collecting import without_collecting
from provstore.errors import UsageError

if TYPE_CHECKING:
    from provstore.questions.segment import Segment
    from provstore.store import Store

_SEVERAL = ("--src", "--dst")


class Several(Verb):
    """A verb whose options of `several` take every word up to the next option."""

    several: ClassVar[tuple[str, ...]] = _SEVERAL

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeats the option before each of its words, as click has it."""
        repeated: list[str] = []
        option = None
        for word in args:
            if word.startswith("-"):
                option = word if word in self.several else None
            if option is None:
                repeated.append(word)
            elif word != option:
                repeated += [option, word]
        return super().parse_args(ctx, repeated)


@verb("segment", cls=Several)
@click.option("--src", multiple=True, metavar="ID...", help="The entities that it began with.")
@click.option("--dst", multiple=True, metavar="ID...", help="The entities that came of them.")
@click.option("--exclude", multiple=True, metavar="EXPRESSION", help="Leave out what matches (repeatable).")
@click.option(
    "--exclude-edges", multiple=True, metavar="EXPRESSION", help="Leave out edges that it is true of (repeatable)."
)
@click.option("--only-relations", metavar="WORDS", help="Only these relations, separated by commas.")
@click.option("--expand", multiple=True, type=(str, click.IntRange(min=1)), metavar="ID N",
              help="Add what lies at most N activities behind ID (repeatable).")  # fmt: skip
@click.option("--mode", type=click.Choice(["pre", "post"]),
              help="pre (default): no path runs through what is left out; post: it is dropped afterwards.")  # fmt: skip
@click.option("--same", multiple=True, metavar="ATTRIBUTE",
              help="Paths are alike only where the values of this are equal, step by step (repeatable).")  # fmt: skip
@click.option("--explain", metavar="ID", help="Say which similar path this element of the segment is on.")
@click.option("--save", metavar="NAME", help="Keep the segment under NAME.")
@click.option("--saved", metavar="NAME", help="The segment kept under NAME, in place of --src and --dst.")
@click.option("--now", is_flag=True, help="With --saved: by the same criteria, as the store is now.")
@click.option("--combine", multiple=True, type=(click.Choice(["+", "-", "&"]), str), metavar="SIGN NAME",
              help="With another kept one: what either (+), only this (-), both (&) have (repeatable).")  # fmt: skip
@as_of_option
@rendering_options("tree")
@without_collecting()
def command(
    context: Context,
    saved: str | None,
    save: str | None,
    combine: tuple[tuple[str, str], ...],
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
      provstore segment --src 'customers train' --dst churn-3
      provstore segment --src 'customers train' 'customers holdout' --dst churn-3 --exclude 'type = ps:MetricSeries'
      provstore segment --src 'customers train' --dst churn-3 --exclude-edges 'prov:role = validation'
      provstore segment --src 'customers train' --dst churn-3 --only-relations used,wasGeneratedBy -o segment.html
      provstore segment --src 'customers train' --dst churn-3 --explain 'customers holdout'
      provstore segment --src 'customers train' --dst churn-2 --save second
      provstore segment --src 'customers train' --dst churn-3 --save third
      provstore segment --saved third --exclude 'kind = agent' --expand 'customers holdout' 2
      provstore segment --saved third --combine - second -o new-in-3.svg
    """
    from provstore.questions.segmenting.remaking import COMPOSE

    now = options.pop("now")
    if now and options["as_of"]:
        raise UsageError("--now and --as-of exclude each other")
    moment = options["as_of"] or ("now" if now or saved is None else None)
    options["only_relations"] = None if only_relations is None else [w.strip() for w in only_relations.split(",")]
    with context.open() as store:
        result = _asked(store, context, options) if saved is None else _again(store, context, saved, moment, options)
        for sign, name in combine:
            result = COMPOSE[sign](result, store.saved_segment(name, as_of=moment, **context.view()))
        if save is not None:
            kept = store.save_segment(save, result)
            context.say(f"saved as {save} ({kept['segment']}), as of entry {kept['as_of']}")
        show(context, result, rendering, output)


def _asked(store: Store, context: Context, options: dict[str, Any]) -> Segment:
    missing = [option for option in _SEVERAL if not options[option.removeprefix("--")]]
    if missing:
        raise UsageError(
            f"expected {' and '.join(missing)}, found none",
            next_step="Write `provstore segment --src ID... --dst ID...`, or name a kept one with --saved NAME.",
        )
    return store.segment(**options | {"mode": options["mode"] or "pre"}, **context.view())


def _again(store: Store, context: Context, name: str, moment: str | None, options: dict[str, Any]) -> Segment:
    """The segment kept under a name, adjusted by what else was asked."""
    given = [f"--{option}" for option in ("src", "dst", "mode", "same", "explain") if options[option]]
    if given:
        raise UsageError(
            f"a kept segment has its own criteria: expected no {given[0]}",
            where="--saved",
            next_step="Its answer can be adjusted by --exclude, --exclude-edges, --only-relations and --expand.",
        )
    kept = store.saved_segment(name, as_of=moment, **context.view())
    changes = ("exclude", "exclude_edges", "only_relations", "expand")
    return kept.adjust(**{option: options[option] for option in changes})
