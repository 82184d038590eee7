"""The verb `upstream`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, as_of_option, rendering_options, show, verb
from provstore.cli.lineage import lineage_options


@verb("upstream")
@click.argument("id")
@lineage_options
@as_of_option
@rendering_options
def command(
    context: Context,
    id: str,
    depth: int | None,
    only: str | None,
    agents: bool,
    parents: bool,
    max_nodes: int | None,
    as_of: str | None,
    rendering: str | None,
    output: str | None,
) -> None:
    """Everything that ID was made from, nearest first.

    ID is a full IRI, a prefixed name, sha256:DIGEST (8 digits or more), or a label when it is unique.

    \b
    Examples:
      provstore upstream mlflow:model/churn/3
      provstore upstream sha256:4f1c22ab --depth 2 --agents
      provstore upstream mlflow:run/8e2f --format html -o lineage.html
    """
    with context.open() as store:
        result = store.upstream(
            id, depth=depth, only=only, agents=agents, parents=parents, max_nodes=max_nodes,
            as_of=as_of, **context.view(),
        )  # fmt: skip
        show(context, result, "tree", rendering, output)
