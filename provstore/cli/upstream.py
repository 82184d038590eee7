"""The verb `upstream`."""

from __future__ import annotations

from typing import Any

import click

from provstore.cli.common import Context, verb
from provstore.cli.lineage import answer_lineage, lineage_options


@verb("upstream")
@click.argument("id")
@lineage_options
def command(context: Context, id: str, **options: Any) -> None:
    """Everything that ID was made from, nearest first.

    ID is a full IRI, a prefixed name, sha256:DIGEST (8 digits or more), or a label when it is unique.

    \b
    Examples:
      provstore upstream mlflow:model/churn/3
      provstore upstream sha256:bc9ad99a --depth 2 --agents
      provstore upstream 'rate 0.1' --format html -o lineage.html
    """
    answer_lineage(context, "upstream", id, **options)
