"""Converting a file from one PROV format into another, without a store."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from provstore.errors import BadInput, UsageError
from provstore.formats import registry
from provstore.formats.contract import Format, Loss, Reading
from provstore.model.document import Assertion
from provstore.store.inputs import format_of, open_input
from provstore.store.replacing import replacing


def convert_file(
    source: str,
    target: str,
    *,
    source_format: str | None = None,
    target_format: str | None = None,
    normalize: bool = False,
    strict: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> list[Loss]:
    """Converts `source` into `target` (`-`: standard input, output); returns what the target format cannot hold.

    Args: normalize: write the normal form of PROV-CONSTRAINTS instead of what is stated. strict: nothing is written
    when there is a loss. say: is told what the reader repaired or left out.
    Raises: BadInput: the source cannot be read, is to be normalized and is not valid, or with `strict` cannot be held;
    the target is left as it was.
    UsageError: a format is missing.
    """
    with open_input(source) as stream:
        reader = format_of(stream, source, source_format)
        writer = _writer(target, target_format)
        reading = reader.read(stream, source=source)
        if normalize:
            reading.assertions = _normalized(reading.assertions, source)
        if target == "-":
            losses = _to_stdout(reading, writer, strict, source)
        else:
            with replacing(Path(target)) as out:
                losses = _write(reading, writer, out.stream, strict, source)
                out.keep()
    for warning in reading.warnings:
        say(warning)
    return losses


def _to_stdout(reading: Reading, writer: Format, strict: bool, source: str) -> list[Loss]:
    """Writes to standard output, with `strict` only after the whole was found to be held."""
    if not strict:
        return writer.write(reading.assertions, reading.namespaces, sys.stdout.buffer)
    with tempfile.TemporaryFile() as held:
        losses = _write(reading, writer, held, strict, source)
        held.seek(0)
        shutil.copyfileobj(held, sys.stdout.buffer)
        return losses


def _write(reading: Reading, writer: Format, stream: BinaryIO, strict: bool, source: str) -> list[Loss]:
    losses = writer.write(reading.assertions, reading.namespaces, stream)
    if strict and losses:
        raise BadInput(
            f"{writer.name} cannot hold all of it: {'; '.join(map(str, losses))}",
            where=source,
            next_step="Convert into prov-json, which holds everything, or leave out --strict.",
        )
    return losses


def _writer(target: str, name: str | None) -> Format:
    if name:
        return registry.by_name(name)
    if target == "-":
        raise UsageError("the format of standard output is not known", next_step="Name it with --to FORMAT.")
    return registry.find_out(target, b"")


def _normalized(assertions: Iterator[Assertion], source: str) -> Iterator[Assertion]:
    from provstore.store.validating import normalized

    return iter(normalized(assertions, source=source))
