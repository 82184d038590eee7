"""The verb `retract`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("retract")
@click.argument("document")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept for good.")
def command(context: Context, document: str, reason: str) -> None:
    """Takes a live DOCUMENT back: it leaves the view and stays in the log.

    \b
    Example:
      provstore retract urn:provstore:document:3f2a... --reason "wrong project"
    """
    with context.open() as store:
        receipt = store.retract(document, reason=reason)
    if context.as_json:
        answer(receipt)
    else:
        click.echo(f"{receipt['outcome']}: {document} (entry {receipt['sequence']})")
