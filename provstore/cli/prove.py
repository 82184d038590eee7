"""The verb `prove`."""

from __future__ import annotations

import json

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import write


@verb("prove")
@click.argument("sid")
@click.option("--since", type=click.IntRange(min=0), metavar="SIZE", help="Also that the tree of SIZE is a beginning.")
@click.option("-o", "--output", metavar="FILE", help="Write the proof to FILE.")
def command(context: Context, sid: str, since: int | None, output: str | None) -> None:
    """Proofs (RFC 9162) that the statement SID is in the ledger's tree, one for each document that asserts it.

    \b
    Example:
      provstore prove 4c1d... -o proof.json
    """
    with context.open() as store:
        report = store.prove(sid, since=since, **context.view())
    write(json.dumps(report, ensure_ascii=False, indent=None if context.as_json else 2), output)
