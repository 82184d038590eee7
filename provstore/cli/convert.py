"""The verb `convert`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, require_format, verb


@verb("convert")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option("--from", "source_format", metavar="FORMAT", help="The format of IN [default: found out].")
@click.option("--to", "target_format", metavar="FORMAT", help="The format of OUT [default: by its ending].")
@click.option("--normalize", is_flag=True, help="Write the normal form of PROV-CONSTRAINTS: all that follows.")
@click.option("--strict", is_flag=True, help="Write nothing when OUT cannot hold everything (exit 4).")
def command(
    context: Context,
    source: str,
    target: str,
    source_format: str | None,
    target_format: str | None,
    normalize: bool,
    strict: bool,
) -> None:
    """Converts one PROV format into another, without a store; what OUT cannot hold is named on stderr.

    `-` is standard input or output and needs --from or --to.

    \b
    Example:
      provstore convert run.provn run.json
    """
    from provstore.store.converting import convert_file

    require_format(source, source_format, "--from")

    losses = convert_file(
        source,
        target,
        source_format=source_format,
        target_format=target_format,
        normalize=normalize,
        strict=strict,
        say=context.say,
    )
    for loss in losses:
        context.say(f"lost: {loss}")
