"""Converting a file from one PROV format into another, without a store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from provstore.errors import UsageError
from provstore.formats import registry
from provstore.formats.contract import Format, Loss, Reading
from provstore.model.document import Assertion
from provstore.store.intake import open_input
from provstore.store.replacing import replacing


def convert_file(
    source: str,
    target: str,
    *,
    source_format: str | None = None,
    target_format: str | None = None,
    normalize: bool = False,
) -> list[Loss]:
    """Converts `source` into `target` (`-`: standard input, output); returns what the target format cannot hold.

    Args: normalize: write the normal form of PROV-CONSTRAINTS instead of what is stated.
    Raises: BadInput: the source cannot be read, or is to be normalized and is not valid; the target is left as it was.
    UsageError: a format is missing.
    """
    with open_input(source) as stream:
        reader = registry.by_name(source_format) if source_format else registry.find_out(source, stream.read(4096))
        stream.seek(0)
        writer = _writer(target, target_format)
        reading = reader.read(stream, source=source)
        assertions = _normalized(reading, source) if normalize else reading.assertions
        if target == "-":
            return writer.write(assertions, reading.namespaces, sys.stdout.buffer)
        with replacing(Path(target)) as out:
            losses = writer.write(assertions, reading.namespaces, out.stream)
            out.keep()
        return losses


def _writer(target: str, name: str | None) -> Format:
    if name:
        return registry.by_name(name)
    if target == "-":
        raise UsageError("the format of standard output is not known", next_step="Name it with --to FORMAT.")
    return registry.find_out(target, b"")


def _normalized(reading: Reading, source: str) -> Iterator[Assertion]:
    from provstore.store.validating import normalized

    return iter(normalized(reading.assertions, source=source))
