"""What the verbs share: the global options after the verb too, the open store, and the answer's rendering."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from provstore.cli.output import say, write_pieces
from provstore.errors import UsageError
from provstore.reports.renderings import OF_ROWS, RENDERINGS

if TYPE_CHECKING:
    from provstore.settings import Settings
    from provstore.store import Store

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Context:
    """The global options of one call, wherever they stood."""

    flags: dict[str, Any] = field(default_factory=dict)

    @property
    def as_json(self) -> bool:
        """True when the answer is to be JSON."""
        return bool(self.flags.get("as_json"))

    @property
    def quiet(self) -> bool:
        """True when messages and progress are not wanted."""
        return bool(self.flags.get("quiet"))

    def settings(self) -> Settings:
        """The settings in force, these flags first."""
        from provstore.settings import load

        return load({name: self.flags.get(name) for name in ("store", "graph", "space", "actor")})

    def open(self, *, create: bool = False) -> Store:
        """The store of this call. Raises: NotFound: there is none and `create` is False."""
        import logging

        from provstore.store import Store

        logging.getLogger("provstore.store").setLevel(logging.ERROR if self.quiet else logging.WARNING)
        return Store.open(settings=self.settings(), create=create)

    @contextmanager
    def taking_in(self) -> Iterator[Store]:
        """The store of a call that takes in, made when it is missing; if nothing is stored, it is not left behind."""
        from provstore.private_files import Removable

        store = self.open(create=True)
        try:
            with store:
                yield store
        finally:
            for part in (store.ledger, store.engine):
                if isinstance(part, Removable):
                    part.remove_if_unused()

    def view(self) -> dict[str, Any]:
        """How questions see the store: limited to the space that was named, by flag, environment or file."""
        from provstore.settings import resolve

        found = next(one for one in resolve({"space": self.flags.get("space")}) if one.name == "space")
        return {} if found.origin == "default" or not found.value else {"spaces": [found.value]}

    def say(self, text: str) -> None:
        """A message for people on stderr, unless `--quiet`."""
        say(text, quiet=self.quiet)


class Number(click.FloatRange):
    """A number within a range; `nan` is none, though it is in no order with the ends of the range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises: BadParameter: it is none, or beyond the range."""
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(f"{value!r} is no number.", param, ctx)


class Verb(click.Command):
    """A command that takes the global options after the verb as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_global_options())


def _global_options() -> list[click.Option]:
    named = [
        click.Option([f"--{name}"], metavar="LOCATION" if name in ("store", "graph") else "NAME", hidden=True)
        for name in ("store", "graph", "space", "actor")
    ]
    flags = [
        click.Option(["--json", "as_json"], is_flag=True, help="One JSON value on stdout."),
        click.Option(["--quiet"], is_flag=True, hidden=True),
        click.Option(["--debug"], is_flag=True, hidden=True),
    ]
    return [*named, *flags]


GLOBAL = ("store", "graph", "space", "actor", "as_json", "quiet", "debug")


def verb(name: str, cls: type[Verb] = Verb, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a function the command `name`; its first argument is the call's Context."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @click.pass_context
        def call(ctx: click.Context, /, **options: Any) -> Any:
            given = {key: options.pop(key) for key in GLOBAL}
            flags = dict(ctx.find_root().obj or {}) | {key: value for key, value in given.items() if value}
            return function(Context(flags), **options)

        call.__doc__ = function.__doc__
        call.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        return click.command(name, cls=cls, **settings)(call)

    return decorate


def require_format(source: str, format_name: str | None, option: str = "--format") -> None:
    """Raises: UsageError: `source` is standard input, whose format no name tells, and it is not named."""
    if source != "-" or format_name:
        return
    from provstore.formats.registry import NAMES

    raise UsageError(
        "the format of standard input is not known", next_step=f"Name it with {option}: {', '.join(NAMES)}."
    )


def as_of_option(function: Function) -> Function:
    """Adds `--as-of`."""
    option = click.option("--as-of", metavar="SEQUENCE|TIME", help="As the store knew it then (rule 18).")
    return option(function)


def rendering_options(usual: Literal["tree", "table"]) -> Callable[[Function], Function]:
    """Adds `--format` and `-o` to a verb whose answer is usually written as a tree (a graph) or as a table (rows)."""
    offered = tuple(RENDERINGS) if usual == "tree" else OF_ROWS
    written = click.option(
        "--format", "rendering", type=click.Choice(offered),
        help=f"How to write it [default: by the ending of FILE, else {usual}].",
    )  # fmt: skip
    output = click.option("-o", "--output", metavar="FILE", help="Write the answer to FILE.")
    return lambda function: written(output(function))


def show(context: Context, result: Any, rendering: str | None, output: str | None) -> None:
    """Writes an answer: JSON with `--json`, else in the rendering asked for."""
    from provstore.reports.registry import rendered, usual

    default = usual(result)
    known = rendering or ("json" if context.as_json else _by_ending(output, default))
    chosen = known or default
    write_pieces(rendered(result, chosen), output)
    if chosen == "csv" and getattr(result, "truncated", None):
        from provstore.reports.words import cut

        # A file of rows has no place for it.
        context.say(cut(result.truncated))
    if output not in (None, "-"):
        for note in getattr(result, "notes", ()):
            context.say(note)
        context.say(f"written to {output}" + ("" if known else f" as a {chosen}: no rendering has this ending"))


def _by_ending(output: str | None, default: str) -> str | None:
    """The rendering that a file's name ends with, the usual one before others that end alike."""
    ending = (output or "").rpartition(".")[2].lower()
    return next((name for name in (default, *RENDERINGS) if ending in RENDERINGS[name].endings), None)
