"""Taking in several inputs: a receipt per input in order, bad ones told, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provstore.cli.common import Context
from provstore.cli.output import answer, fail, fail_as_json
from provstore.cli.progress import documents_of
from provstore.errors import BackendUnavailable, BadInput, ProvstoreError
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
    """Takes in every path and returns the exit code: the first that applies of 5, 4, that of another error, 0."""
    intake = _Intake(context, several=len(paths) > 1)
    for path in paths:
        try:
            receipt = one(path, documents_of(context, path))
        except ProvstoreError as error:
            intake.fail(path, error)
            if isinstance(error, BackendUnavailable):
                break
            continue
        intake.tell(path, receipt)
    intake.end(paths)
    return intake.code


class _Intake:
    """What is said of the inputs of one call. `code`: its exit code.

    With --json each of several inputs has its line on stdout, and all that went wrong is one error on stderr.
    """

    def __init__(self, context: Context, *, several: bool) -> None:
        self._context, self._several = context, several
        self._lines = several and context.as_json
        self._told = self._taken = 0
        self._errors: list[ProvstoreError] = []

    @property
    def code(self) -> int:
        codes = [error.exit_code for error in self._errors]
        return next((code for code in (5, 4) if code in codes), max(codes, default=0))

    def fail(self, path: str, error: ProvstoreError) -> None:
        """One that could not be taken in."""
        self._told += 1
        self._errors.append(error)
        if self._lines:
            answer({"path": path, "error": error.as_json()})
        else:
            fail(error, as_json=self._context.as_json)

    def tell(self, path: str, receipt: IntakeReceipt) -> None:
        """One that was taken in, or of which a part was refused."""
        self._told += 1
        if self._context.as_json:
            answer(receipt.as_json())
        else:
            click.echo(receipt.text())
        if receipt.refused:
            step = "The warnings of its receipt say what, and why."
            self._errors.append(BadInput("a part of it was refused", where=path, next_step=step))
            if self._context.as_json and not self._several:
                fail(self._errors[-1], as_json=True)
        else:
            self._taken += 1
        if not self._lines:
            for warning in receipt.warnings:
                self._context.say(f"  warning: {warning}")

    def end(self, paths: Sequence[str]) -> None:
        """After the last one that was tried."""
        if not self._several:
            return
        bad = len(paths) - self._taken
        message = f"{self._taken} of {len(paths)} inputs taken in" + (f", {bad} not" if bad else "")
        if not self._lines:
            self._context.say(message)
        elif self._errors:
            for path in paths[self._told :]:
                answer({"path": path, "error": _not_tried(path, self._errors[-1]).as_json()})
            worst = next(error for error in self._errors if error.exit_code == self.code)
            step = "The line of each input on standard output says why."
            fail_as_json({"code": worst.code, "message": message, "where": worst.where, "next_step": step})


def _not_tried(path: str, error: ProvstoreError) -> ProvstoreError:
    return BackendUnavailable(f"not tried: {error.message}", where=path, next_step=error.next_step)
