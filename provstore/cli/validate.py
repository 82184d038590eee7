"""The verb `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from provstore.cli.common import Context, require_format, show, verb
from provstore.cli.intake import format_option
from provstore.cli.output import answer, fail
from provstore.cli.progress import statements_of
from provstore.cli.verdicts import stored_lines, verdict_lines
from provstore.errors import BadInput, UsageError

if TYPE_CHECKING:
    from provstore.store.validating import Validated


@verb("validate")
@click.argument("files", nargs=-1, metavar="FILE...")
@format_option
@click.option("--normal-form", "formed", is_flag=True, help="Also write out all that follows from a valid document.")
@click.option("--stored", is_flag=True, help="What is in force in the store, each space for itself.")
@click.option("--document", "documents", multiple=True, metavar="IRI", help="With --stored: only these, together.")
@click.option("--findings", is_flag=True, help="With --stored: what was found when documents were taken in.")
def command(
    context: Context,
    files: tuple[str, ...],
    format_name: str | None,
    formed: bool,
    stored: bool,
    documents: tuple[str, ...],
    findings: bool,
) -> int:
    """Whether PROV documents are valid by PROV-CONSTRAINTS; if not, why, and what would have to go.

    Exit code 0: all are valid; 1: one is not; 4: one cannot be read. What is valid but odd is reported as a lint.
    FILE `-` is standard input and needs --format.

    \b
    Examples:
      provstore validate run1.json run2.provn
      provstore validate --json *.provn
      provstore validate --stored --space team-a
    """
    if stored == bool(files) or (stored and (format_name or formed)) or (findings and documents):
        raise UsageError("validate needs files, or --stored", next_step="Example: provstore validate --stored")
    if not stored and (documents or findings):
        raise UsageError("--document and --findings need --stored", next_step="Example: provstore validate --stored")
    if findings:
        return _kept(context)
    return _stored(context, documents) if stored else _files(context, files, format_name, formed)


def _kept(context: Context) -> int:
    with context.open() as store:
        show(context, store.findings(**context.view()), None, None)
    return 0


def _stored(context: Context, documents: tuple[str, ...]) -> int:
    code = 0
    progress, clear = statements_of(context)
    with context.open() as store:
        for one in store.validate(**context.view(), documents=documents, progress=progress):
            clear()
            code = code if one.verdict.valid else 1
            if context.as_json:
                answer(one.as_json(store.location))
            else:
                click.echo("\n".join(stored_lines(one)))
    return code


def _files(context: Context, files: tuple[str, ...], format_name: str | None, formed: bool) -> int:
    from provstore.store.validating import validate_file

    for file in files:
        require_format(file, format_name)
    codes = {0}
    for file in files:
        try:
            validated = validate_file(file, format_name=format_name, formed=formed)
        except BadInput as error:
            codes.add(error.exit_code)
            if context.as_json:
                answer({"file": file, "error": error.as_json()})
            else:
                fail(error, as_json=False)
            continue
        codes.add(0 if validated.verdict.valid else 1)
        if context.as_json:
            answer(_as_json(file, validated))
        else:
            click.echo("\n".join(_lines(file, validated)))
    return max(codes)


def _as_json(file: str, validated: Validated) -> dict[str, Any]:
    shape = {"file": file, **validated.verdict.as_json(validated.prefixes)}
    return shape if validated.formed is None else {**shape, "normal_form": list(_formed(validated))}


def _formed(validated: Validated) -> Iterator[dict[str, str | None]]:
    from provstore.formats.prov_n.text import provn_text

    for bundle, stated in validated.formed or ():
        yield {"bundle": bundle, "statement": provn_text(stated, validated.prefixes)}


def _lines(file: str, validated: Validated) -> Iterator[str]:
    """The verdict for people."""
    yield from verdict_lines(file, validated.verdict, validated.prefixes)
    for line in _formed(validated):
        yield f"  {line['statement']}" + (f"  in bundle {line['bundle']}" if line["bundle"] else "")
