"""From the bytes of a request to documents: strict JSON, the models, redaction, the mapping."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from provstore.errors import BadInput
from provstore.importers.redaction import redact_tree
from provstore.importers.strict_json import loads
from provstore.model.document import Document
from provstore.server.events.mapping import AnyEvent, document_of
from provstore.server.events.models import FIELDS, Batch, Event
from provstore.server.intake import MAX_ATTRIBUTES, Origin
from provstore.server.problems import TooLarge
from provstore.server.refusals import refusal

_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(Event)
# Between a client's key and the number of an event. Headers are Latin-1, so that no key of a client's has it.
_PART: Final = " №"
_MORE: str = "GET /api/v1/schemas/events has the schema."


def batch(raw: bytes, origin: Origin) -> tuple[list[Document], int]:
    """The documents of a batch, and how many values looked like secrets and were redacted.

    Raises: BadInput: it is no batch; `where` is a JSON pointer.
    """
    value, redacted = redact_tree(_loaded(raw, "body"))
    try:
        events = Batch.model_validate(value).events
    except ValidationError as error:
        raise _refused(error, value, "") from None
    last = len(events) - 1
    found = [_document(event, f"/events/{n}", key_of(origin, last - n), origin) for n, event in enumerate(events)]
    return found, redacted


def line(raw: bytes, number: int, origin: Origin) -> tuple[Document, int]:
    """The document of one line. Raises: BadInput: `where` has the line and a JSON pointer in it."""
    value, redacted = redact_tree(_loaded(raw, "line", number))
    try:
        event = _EVENT.validate_python(value)
    except ValidationError as error:
        raise _refused(error, value, f"line {number}") from None
    key = f"{origin.key}{_PART}{number}" if origin.key else None
    return _document(event, f"line {number} ", key, origin), redacted


def key_of(origin: Origin, left: int) -> str | None:
    """The idempotency key of an event of a batch. Args: left: how many come after it.

    They are counted from the end, so that a batch to which something was added is other content of the key, too.
    """
    return f"{origin.key}{_PART}{left}" if origin.key and left else origin.key


def _loaded(raw: bytes, where: str, first_line: int = 1) -> Any:
    """The JSON. Raises: BadInput: it is none. TooLarge: an object of it has more keys than a record may."""
    value = loads(raw, where=where, first_line=first_line)
    if len(raw) > MAX_ATTRIBUTES:
        # Before it is compared with the models, which make an error of each key that is wrong.
        _require_few_keys([[value]])
    return value


def _require_few_keys(waiting: list[Any]) -> None:
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and len(one) > MAX_ATTRIBUTES:
            raise TooLarge(f"a record has {MAX_ATTRIBUTES:,} attributes at most")
        members = one.values() if isinstance(one, dict) else one
        waiting += [member for member in members if isinstance(member, dict | list)]


def _document(event: AnyEvent, where: str, key: str | None, origin: Origin) -> Document:
    return document_of(event, space=origin.space, actor=origin.actor, where=where, key=key)


def _refused(error: ValidationError, value: Any, before: str) -> BadInput:
    found = refusal(error.errors(include_url=False), value, FIELDS)
    more = f" (and {found.more} more)" if found.more else ""
    where = " ".join(part for part in (before, found.pointer) if part)
    return BadInput(found.message + more, where=where or "body", next_step=_MORE)
