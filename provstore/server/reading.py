"""What a caller may see of the store: documents of its spaces (rule 25)."""

from __future__ import annotations

import io
from collections.abc import Collection

from starlette.responses import Response

from provstore.errors import NotFound
from provstore.formats.contract import Format
from provstore.store import Store

LOSS: str = "Provstore-Loss"


def document_in_view(store: Store, document: str, spaces: Collection[str] | None) -> None:
    """Raises: NotFound: there is no such document, or it lies in a space that is not among these, alike."""
    nowhere = NotFound("no such document", where=document, next_step="List them: GET /api/v1/documents")
    try:
        header = store.ledger.document(document).entry.header
    except NotFound:
        raise nowhere from None
    if spaces is not None and (header is None or header.space not in spaces):
        raise nowhere


def rendered_document(store: Store, document: str, chosen: Format) -> Response:
    """The document in a format; what the format cannot hold is told in a header."""
    stream = io.BytesIO()
    losses = store.export(chosen.name, stream, document)
    headers = {LOSS: "; ".join(map(str, losses)).encode("ascii", "backslashreplace").decode()} if losses else {}
    return Response(stream.getvalue(), headers=headers, media_type=chosen.media_types[0])
