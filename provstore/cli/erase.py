"""The verb `erase`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("erase")
@click.argument("document")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept for good.")
def command(context: Context, document: str, reason: str) -> None:
    """Erases the content of a DOCUMENT: what nobody else asserts is deleted, the leaf hashes stay (rule 13).

    \b
    Example:
      provstore erase urn:provstore:document:3f2a... --reason "personal data"
    """
    with context.open() as store:
        receipt = store.erase(document, reason=reason)
    if context.as_json:
        answer(receipt)
    else:
        click.echo(f"{receipt['outcome']}: {document} (entry {receipt['sequence']})")
        for warning in receipt.get("warnings", ()):
            context.say(f"  warning: {warning}")
