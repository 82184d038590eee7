"""The verb `downstream`."""

from __future__ import annotations

from typing import Any

import click

from provstore.cli.common import Context, verb
from provstore.cli.lineage import answer_lineage, lineage_options


@verb("downstream")
@click.argument("id")
@lineage_options
def command(context: Context, id: str, **options: Any) -> None:
    """Everything that was made from ID or depends on it, nearest first.

    ID is a full IRI, a prefixed name, sha256:DIGEST (8 digits or more), or a label when it is unique.

    \b
    Examples:
      provstore downstream openlineage:dataset/file/raw%2Fcustomers.csv
      provstore downstream sha256:bc9ad99a --only entity --format csv
    """
    answer_lineage(context, "downstream", id, **options)
