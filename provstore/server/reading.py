"""One document, given out in any format."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

from starlette.responses import Response

from provstore.formats.contract import Loss
from provstore.server.media import Accepted
from provstore.store import exporting
from provstore.store.asking import Asking

LOSS: Final = "Provstore-Loss"


def rendered_document(asking: Asking, document: str, chosen: Accepted) -> Response:
    """The document in a format; what the format cannot hold is told in a header. Raises: NotFound."""
    stream = io.BytesIO()
    told = loss_text(exporting.export(asking.ledger, chosen.format.name, stream, document=document))
    return Response(stream.getvalue(), headers={LOSS: told} if told else {}, media_type=chosen.media)


def loss_text(losses: Iterable[Loss]) -> str:
    """What a format could not hold, for a header."""
    return "; ".join(map(str, losses)).encode("ascii", "backslashreplace").decode().replace("\n", " ")
