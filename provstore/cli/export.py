"""The verb `export`."""

from __future__ import annotations

import sys

import click

from provstore.cli.common import Context, as_of_option, verb
from provstore.reports.renderings import export_formats


@verb("export")
@click.argument("format_name", type=click.Choice(export_formats()))
@click.argument("id", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE [default: stdout].")
@click.option("--upstream", is_flag=True, help="ID and everything that it was made from.")
@click.option("--downstream", is_flag=True, help="ID and everything that was made from it.")
@click.option("--segment", metavar="NAME", help="The segment that was saved under NAME.")
@click.option("--with-blobs", is_flag=True, help="Write the blobs beside FILE, by SHA-256.")
@click.option(
    "--derived", is_flag=True, help="Also statements that provstore generated (kept findings, saved segments)."
)
@as_of_option
def command(
    context: Context,
    format_name: str,
    id: str | None,
    output: str | None,
    upstream: bool,
    downstream: bool,
    segment: str | None,
    with_blobs: bool,
    derived: bool,
    as_of: str | None,
) -> None:
    """Writes everything, one document exactly as it came in, an element, a lineage, or a segment.

    \b
    Examples:
      provstore export prov-json -o everything.json
      provstore export prov-n urn:provstore:document:3f2a...
      provstore export turtle mlflow:model/churn/3 --upstream
      provstore export prov-json --segment third -o third.json
    """
    with context.open() as store:
        losses = store.export(
            format_name, sys.stdout.buffer if output in (None, "-") else output, id,
            upstream=upstream, downstream=downstream, segment=segment, with_blobs=with_blobs,
            derived=derived, as_of=as_of, **context.view(),
        )  # fmt: skip
    for loss in losses:
        context.say(f"lost: {loss}")
