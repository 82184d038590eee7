"""How the command line speaks: answers on stdout, messages on stderr, one error shape."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from provstore.errors import BadInput, ProvstoreError


def answer(value: Any) -> None:
    """Prints one JSON value on one line of stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))


def say(text: str, *, quiet: bool = False) -> None:
    """Prints a message for people on stderr, unless `quiet`."""
    if not quiet:
        click.echo(text, err=True)


def fail(error: ProvstoreError, *, as_json: bool) -> None:
    """Prints an error on stderr: one JSON object, or what, where and what next for people."""
    if as_json:
        fail_as_json(error.as_json())
        return
    where = f"{error.where}: " if error.where else ""
    click.echo(f"provstore: {where}{error.message}", err=True)
    if error.next_step:
        click.echo(f"  {error.next_step}", err=True)


def fail_as_json(error: Mapping[str, Any]) -> None:
    """Prints an error's object, as it is in docs/reference/json.md, on stderr."""
    click.echo(json.dumps({"error": error}, ensure_ascii=False), err=True)


def write(text: str, path: str | None) -> None:
    """Writes an answer to the file `path`, or to stdout, ended by a newline, when it is None or `-`.

    Raises: BadInput: the file cannot be written.
    """
    to_stdout = path in (None, "-")
    write_pieces([text + "\n" if to_stdout and not text.endswith("\n") else text], path)


def write_pieces(pieces: Iterable[str], path: str | None) -> None:
    """Writes an answer that comes in pieces as `write` does. Raises: BadInput: the file cannot be written."""
    if path is None or path == "-":
        sys.stdout.writelines(pieces)
        return
    waiting = iter(pieces)
    first = next(waiting, "")  # What cannot be rendered leaves the file as it was.
    try:
        with Path(path).open("w", encoding="utf-8") as file:
            file.write(first)
            file.writelines(waiting)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror or error}", where=path) from error
