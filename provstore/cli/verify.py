"""The verb `verify`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("verify")
@click.option("--proof", metavar="FILE", help="Check a proof that `prove` wrote, against the root that you trust.")
@click.option("--root", metavar="HEX", help="The root that you trust (with --proof or --size).")
@click.option("--size", type=click.IntRange(min=0), metavar="N", help="The tree size of the root that you trust.")
def command(context: Context, proof: str | None, root: str | None, size: int | None) -> int:
    """The ledger's head and tree, recomputed; or whether an earlier head or a proof holds.

    \b
    Examples:
      provstore verify --json
      provstore verify --size 1204 --root 3f9c...     history was only appended to since then
      provstore verify --proof proof.json --root 3f9c... --size 1204
    """
    from provstore.store.proving import verify_proof_file

    if proof:
        report = verify_proof_file(proof, root=root, size=size)
    else:
        with context.open() as store:
            report = store.verify(root=root, size=size)
    if context.as_json:
        answer(report)
    else:
        for name, value in report.items():
            click.echo(f"{name}: {value}")
    return 0 if report["ok"] else 1
