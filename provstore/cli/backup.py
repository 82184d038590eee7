"""The verb `backup`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("backup")
@click.argument("file")
def command(context: Context, file: str) -> None:
    """Writes a consistent copy of the store to FILE while it is in use; FILE must not exist.

    \b
    Example:
      provstore backup provstore-2026-11-21.db
    """
    with context.open() as store:
        receipt = store.backup(file)
    if context.as_json:
        answer(receipt)
    else:
        click.echo(f"{file}: {receipt['sequence']} entries, root {receipt['root'][:16]}...")
