"""The verb `path`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb
from provstore.cli.output import answer


@verb("path")
@click.argument("a")
@click.argument("b")
@click.option("--agents", is_flag=True, help="Also over who was responsible.")
@click.option("--parents", is_flag=True, help="Also over the runs that runs are part of.")
@as_of_option
@rendering_options("tree")
def command(
    context: Context,
    a: str,
    b: str,
    agents: bool,
    parents: bool,
    as_of: str | None,
    rendering: str | None,
    output: str | None,
) -> int:
    """A shortest derivation path from A back to B; exit code 1 when there is none.

    \b
    Example:
      provstore path mlflow:model/churn/3 sha256:bc9ad99a
    """
    with context.open() as store:
        result = store.path(a, b, agents=agents, parents=parents, as_of=as_of, **context.view())
        if result is None:
            view = context.view()
            hides = view and store.upstream(a, agents=agents, parents=parents, as_of=as_of, **view).incomplete
            if context.as_json:
                answer({"question": "path", "nodes": [], "edges": [], "incomplete": True} if hides else None)
            context.say(f"no path leads from {a} back to {b}" + (" over what this space shows" if hides else ""))
            return 1
        show(context, result, rendering, output)
        return 0
