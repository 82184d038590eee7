"""Validating what a request brings before it is stored, as `provstore ingest --validate` does.

In: documents and a strictness. Out: what became of them, once they are durable; or what is wrong with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from fastapi import Query
from starlette.concurrency import run_in_threadpool

from provstore.model.document import Document
from provstore.server.access import Call
from provstore.server.writing import Delivered, Writer
from provstore.settings import Strictness, strictness
from provstore.store import Store

if TYPE_CHECKING:
    from provstore.store.validating_new import Validating

Validate = Annotated[
    Strictness | None,
    Query(description="Validate it together with what is stored: findings are kept, or it is refused; none: as set."),
]
_NEXT_STEP: Final = "?validate=warn takes it in and keeps the findings."


class Judged(NamedTuple):
    """What became of documents, and who validated them, who knows what was found."""

    delivered: Delivered
    by: Validating


def chosen(call: Call, given: Strictness | None) -> Strictness:
    """How strict to be: as asked for, else as set, else not at all. Raises: UsageError: the setting is none."""
    return strictness(given or call.service.settings.validate or "off")


async def deliver(call: Call, documents: Sequence[Document], how: Strictness) -> Judged:
    """Validates and appends. What is refused is refused as a whole.

    It is the writer that validates, so that nothing comes in between; other writes wait.
    Raises: InvalidInput: it is not valid, or that was not decided; nothing is stored. Otherwise as `Writer.append`.
    """
    known = None if call.caller.spaces is None else await run_in_threadpool(_visible_prefixes, call)
    writer = call.service.writer
    return await asyncio.wrap_future(writer.do(lambda store: _appended(store, writer, documents, how, known)))


def _visible_prefixes(call: Call) -> Mapping[str, str]:
    """The prefixes of what the caller sees: no others may be told (rule 25)."""
    with call.service.readers.store() as store:
        found: dict[str, str] = call.service.views.answer(
            store, call.caller.spaces, lambda asking: dict(asking.prefixes.items())
        )
    return found


def _appended(
    store: Store, writer: Writer, documents: Sequence[Document], how: Strictness, known: Mapping[str, str] | None
) -> Judged:
    from provstore.store.validating_new import Validating

    validating = Validating(store.ledger, writer.deliver, how, known)
    if how == "refuse":
        validating.require_valid(documents, where="body", next_step=_NEXT_STEP)
        return Judged(writer.deliver(documents), validating)
    return Judged(Delivered(*validating.append(documents)), validating)
