"""The verb `copy`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("copy")
@click.argument("source", metavar="LOCATION")
@click.argument("target", metavar="LOCATION")
def command(context: Context, source: str, target: str) -> None:
    """Copies a whole ledger, entry by entry, into another place, with the same Merkle root.

    \b
    Example:
      provstore copy provstore.db archive.db
      provstore copy provstore.db postgresql://provstore@db.example.org/provenance
    """
    from provstore.store import copy

    receipt = copy(source, target)
    if context.as_json:
        answer(receipt)
    else:
        click.echo(f"{target}: {receipt['sequence']} entries, root {receipt['root'][:16]}...")
