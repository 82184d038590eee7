"""The verb `import`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.intake import take_in, validate_option
from provstore.errors import UsageError


@verb("import")
@click.argument("words", nargs=-1, required=True, metavar="[KIND] PATH...")
@click.option("--scope", default="", metavar="NAME", help="Tells two stores of one tracker apart (rule 31).")
@click.option("--mapping", default="", metavar="NAME|FILE", help="neo4j: the layout of the graph [default: found out].")
@click.option("--dry-run", is_flag=True, help="Read and map everything, store nothing.")
@validate_option("warn")
def command(
    context: Context, words: tuple[str, ...], scope: str, mapping: str, dry_run: bool, validate: str | None
) -> int:
    """Takes in the records of another tracker; a second import adds only what is new.

    KIND is found out when left out. PATH is a file, a directory, or the URL of a live server.

    \b
    Examples:
      provstore import mlflow.db
      provstore import mlflow http://127.0.0.1:5000
      provstore import openlineage events.ndjson --dry-run
      provstore import bolt://127.0.0.1:7687 --mapping ours.yaml
    """
    from provstore.importers.registry import kinds

    kind, paths = (words[0], words[1:]) if words[0] in kinds() else (None, words)
    if not paths:
        raise UsageError(f"import {kind} needs a PATH", next_step=f"Example: provstore import {kind} PATH")
    with context.taking_in() as store:
        return take_in(
            context,
            paths,
            lambda path, progress: store.import_records(
                path,
                kind=kind,
                scope=scope,
                mapping=mapping,
                dry_run=dry_run,
                validate=validate,
                progress=progress,
            ),
        )
