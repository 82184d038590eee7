"""The verb `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer, fail
from provstore.errors import BadInput

if TYPE_CHECKING:
    from provstore.formats.prov_n.text import Shortener
    from provstore.store.validating import Validated
    from provstore.validation import Finding

# Lints of one kind that people see; --json has all.
_SHOWN = 5


@verb("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", metavar="NAME", help="prov-json, prov-n, prov-xml, turtle, trig, json-ld.")
@click.option("--normal-form", "formed", is_flag=True, help="Also write out all that follows from a valid document.")
def command(context: Context, files: tuple[str, ...], format_name: str | None, formed: bool) -> int:
    """Whether PROV documents are valid by PROV-CONSTRAINTS; if not, why, and what would have to go.

    Exit code 0: all are valid; 1: one is not; 4: one cannot be read. What is valid but odd is told as a lint.

    \b
    Examples:
      provstore validate run1.json run2.provn
      provstore validate --json *.provn
    """
    from provstore.store.validating import validate_file

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
    verdict = validated.verdict
    count = len(verdict.findings)
    yield f"{file}: valid" if verdict.valid else f"{file}: not valid ({count} finding{'s' if count > 1 else ''})"
    for finding in verdict.findings:
        yield from _finding(finding, validated.prefixes)
    told: dict[str, int] = {}
    for lint in verdict.lints:
        told[lint.kind] = told.get(lint.kind, 0) + 1
        if told[lint.kind] <= _SHOWN:
            yield f"  lint, {lint.kind}: {lint.message}"
    yield from (f"  lint, {kind}: {n - _SHOWN} more (--json has all)" for kind, n in told.items() if n > _SHOWN)
    for line in _formed(validated):
        yield f"  {line['statement']}" + (f"  in bundle {line['bundle']}" if line["bundle"] else "")


def _finding(finding: Finding, prefixes: Shortener) -> Iterator[str]:
    from provstore.formats.prov_n.text import provn_text

    within = f" in bundle {prefixes.shorten(finding.bundle)}" if finding.bundle else ""
    yield f"  constraint {finding.constraint} ({finding.name}){within}: {finding.message}"
    yield "    by these statements:"
    for stated in finding.statements:
        yield f"      {provn_text(stated, prefixes)}"
    best = "a smallest set that would have to go" if finding.removal_is_smallest else "one way out is to take away"
    yield f"    {best}:"
    for stated in finding.removal:
        yield f"      {provn_text(stated, prefixes)}"
