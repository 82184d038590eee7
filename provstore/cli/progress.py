"""Progress for people who wait: one line on stderr that is written over, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from provstore.cli.common import Context

_CLEAR = "\r\x1b[K"


def documents_of(context: Context, path: str) -> Callable[[int, int | None], None]:
    """Tells how many documents of a path are taken in; the last word clears the line."""

    def show(done: int, total: int | None) -> None:
        of = f" of {total}" if total else ""
        _line(f"{path}: {done}{of} documents")
        if total and done >= total:
            _line("")

    return show if _is_wanted(context) else lambda done, total: None


def statements_of(context: Context) -> tuple[Callable[[str, int, int], None], Callable[[], None]]:
    """Tells what is being done with how many statements of a store; and what clears the line before an answer."""
    if not _is_wanted(context):
        return lambda what, done, total: None, lambda: None
    return lambda what, done, total: _line(f"{what}, {done:,} of {total:,} done"), lambda: _line("")


def _is_wanted(context: Context) -> bool:
    return not context.quiet and not context.as_json and sys.stderr.isatty()


def _line(text: str) -> None:
    click.echo(_CLEAR + text, nl=False, err=True)
