"""The verb `check`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("check")
def command(context: Context) -> int:
    """Verifies everything that can be verified: hashes, tree, projection equals replay, no dangling edges.

    Exit code 1 on any finding.
    """
    with context.open() as store:
        report = store.check()
    if context.as_json:
        answer(report)
    else:
        for finding in report["findings"]:
            click.echo(f"{finding['severity']}: {finding['where']}: {finding['what']}")
        counted = ", ".join(f"{count} {what}" for what, count in report["checked"].items())
        click.echo(f"{'ok' if report['ok'] else 'NOT ok'}: checked {counted}")
    return 0 if report["ok"] else 1
