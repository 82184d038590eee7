"""What must hold for any bytes: they are a document, written again without silent loss, or they are refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

from provstore.errors import BadInput, UsageError
from provstore.formats.contract import Format
from provstore.formats.registry import FORMATS, by_name
from provstore.graph.expressions import parse
from provstore.model.document import Assertion, Namespaces, equal
from provstore.model.names import Prefixes
from tests.conformance.concepts import CONCEPTS, NAMESPACES

DATA = Path(__file__).parents[1] / "data"
SAVED = DATA / "fuzz"
SOURCE = "fuzzed"
EXPRESSIONS = (
    'ps:metric.accuracy > 0.9 and (kind = activity or type = ps:Run) and not label ~ "test"',
    "missing digest and start >= 2026-01-01",
    "relation in (used, wasGeneratedBy) or exists ps:param.lr",
)


def check_format(chosen: Format, data: bytes) -> None:
    """Raises: AssertionError, or whatever the reader or a writer lets escape."""
    try:
        reading = chosen.read(io.BytesIO(data), source=SOURCE)
        assertions = list(reading.assertions)
    except BadInput as error:
        refusal = error
    else:
        refusal = None
    if refusal:
        assert (refusal.where or "").startswith(SOURCE), f"the error names another place: {refusal.where}"
        return
    for writer in (chosen, by_name("prov-json")):
        _check_writer(writer, assertions, reading.namespaces)


def check_expression(data: bytes) -> None:
    """Raises: whatever the parser of expressions lets escape."""
    try:
        parse(data.decode(errors="replace"), Prefixes())
    except UsageError:
        return


def _check_writer(writer: Format, assertions: list[Assertion], namespaces: Namespaces) -> None:
    out = io.BytesIO()
    losses = writer.write(assertions, namespaces, out)
    try:
        back = list(writer.read(io.BytesIO(out.getvalue()), source="written").assertions)
    except BadInput:
        assert losses, f"{writer.name} does not read what it wrote, and named no loss"
        return
    assert losses or equal(back, assertions), f"{writer.name} lost something in silence"


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{one.name: lambda data, one=one: check_format(one, data) for one in FORMATS},  # type: ignore[misc]
    "expressions": check_expression,
}


def seeds(target: str) -> Iterable[bytes]:
    """Inputs to begin with: a document for each concept, what is malformed, and what was found before."""
    if target == "expressions":
        yield from (text.encode() for text in EXPRESSIONS)
    else:
        chosen = by_name(target)
        for concept in CONCEPTS:
            out = io.BytesIO()
            chosen.write(concept.assertions, NAMESPACES, out)
            yield out.getvalue()
        for path in sorted((DATA / "malformed").iterdir()):
            if path.suffix in chosen.endings:
                yield path.read_bytes()
    yield from (path.read_bytes() for path in saved(target))


def saved(target: str) -> list[Path]:
    """The inputs that were worth keeping: each broke something once, or reaches a place that little else does."""
    folder = SAVED / target
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
