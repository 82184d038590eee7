"""The verb `ingest`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, require_format, verb
from provstore.cli.intake import format_option, take_in, validate_option
from provstore.errors import UsageError


@verb("ingest")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@format_option
@validate_option("off")
def command(context: Context, files: tuple[str, ...], format_name: str | None, validate: str | None) -> int:
    """Takes in PROV documents; the same document again changes nothing and says so.

    FILE `-` is standard input and needs --format.

    \b
    Examples:
      provstore ingest run1.json run2.provn
      provstore ingest --validate refuse run1.json
      curl -s https://example.org/prov | provstore ingest - --format prov-json
    """
    if files.count("-") > 1:
        raise UsageError("standard input can be read once", next_step="Write - once.")
    for file in files:
        require_format(file, format_name)
    with context.taking_in() as store:
        return take_in(context, files, lambda path, _: store.ingest(path, format_name=format_name, validate=validate))
