"""The verb `compare`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer

if TYPE_CHECKING:
    from provstore.store.comparing import Comparison, Difference

_SHOWN = 50
_SAID = {
    "equal": "equal: both assert the same statements",
    "equivalent": "equivalent: unequal, but by PROV-CONSTRAINTS they say the same",
    "different": "different",
}


@verb("compare")
@click.argument("a")
@click.argument("b")
@click.option("--all", "show_all", is_flag=True, help=f"Show every difference, not the first {_SHOWN} of each side.")
def command(context: Context, a: str, b: str, show_all: bool) -> int:
    """Whether two PROV documents are equal, equivalent or different (exit code 1), and by which statements.

    A and B are files of any format, `-`, or stored documents by their IRI. Equal: the same statements as often,
    whatever the order and the prefixes. Equivalent: their normal forms are (PROV-CONSTRAINTS section 6.1).

    \b
    Examples:
      provstore compare before.json after.provn
      provstore compare run.json urn:provstore:document:3f2a...
    """
    from provstore.store.comparing import compare

    with ExitStack() as opened:
        found = compare(a, b, lambda: opened.enter_context(context.open()).ledger)
    if context.as_json:
        answer(found.as_json())
    else:
        _print(found, None if show_all else _SHOWN)
    return 1 if found.outcome == "different" else 0


def _print(found: Comparison, limit: int | None) -> None:
    order = "" if found.identical or found.outcome != "equal" else ", in another order"
    click.echo(_SAID[found.outcome] + order)
    for note in found.notes:
        click.echo(note)
    for name, sign, differences in ((found.a, "-", found.only_a), (found.b, "+", found.only_b)):
        if differences:
            click.echo(f"only in {name} ({sum(one.count for one in differences)}):")
        for one in differences[:limit]:
            click.echo(f"  {sign} {_line(one)}")
        if limit is not None and len(differences) > limit:
            click.echo(f"  ... and {len(differences) - limit} more: --all or --json shows them")


def _line(one: Difference) -> str:
    times = f"   ({one.count} times more)" if one.count > 1 else ""
    bundle = f"   in bundle {one.bundle}" if one.bundle else ""
    return f"{one.text}{bundle}{times}"
