"""Taking in several inputs: a receipt per input in order, bad ones told, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provstore.cli.common import Context
from provstore.cli.output import answer, fail
from provstore.cli.progress import documents_of
from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.formats.registry import NAMES
from provstore.settings import STRICTNESS

if TYPE_CHECKING:
    from provstore.store import IntakeReceipt

Function = TypeVar("Function", bound=Callable[..., Any])
Progress = Callable[[int, int | None], None]


def format_option(function: Function) -> Function:
    """Adds `--format`, the PROV format of what comes in."""
    option = click.option("--format", "format_name", metavar="NAME", help=f"{', '.join(NAMES)} [default: found out].")
    return option(function)


def validate_option(default: str) -> Callable[[Function], Function]:
    """Adds `--validate`; `default` is what happens when nothing is set."""
    return click.option(
        "--validate",
        type=click.Choice(STRICTNESS),
        help=f"Together with what is stored: keep the findings, or refuse what is not valid [default: {default}].",
    )


def take_in(context: Context, paths: Sequence[str], one: Callable[[str, Progress], IntakeReceipt]) -> int:
    """Takes in every path and returns the exit code of mixed inputs: the first that applies of 5, 6, 4, 0."""
    codes: list[int] = []
    for path in paths:
        try:
            receipt = one(path, documents_of(context, path))
        except ProvstoreError as error:
            fail(error, as_json=context.as_json)
            codes.append(error.exit_code)
            if isinstance(error, BackendUnavailable):
                break
            continue
        _tell(context, receipt)
        codes.append(4 if receipt.refused else 0)
    if len(paths) > 1:
        bad = sum(code != 0 for code in codes)
        context.say(f"{len(codes) - bad} of {len(paths)} inputs taken in" + (f", {bad} not" if bad else ""))
    return next((code for code in (5, 6, 4) if code in codes), max(codes, default=0))


def _tell(context: Context, receipt: IntakeReceipt) -> None:
    if context.as_json:
        answer(receipt.as_json())
    else:
        click.echo(receipt.text())
    for warning in receipt.warnings:
        context.say(f"  warning: {warning}")
