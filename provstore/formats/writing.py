"""Writing a document whose statements come in mixed: what the writers share that keep its parts apart in a spool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Protocol

from provstore.formats.contract import Loss
from provstore.formats.losses import Losses
from provstore.formats.spool import Spool
from provstore.formats.surrogates import refusing_lone_surrogates
from provstore.model.document import Assertion
from provstore.model.statement import Statement


class Writable(Protocol):
    """A document that is being written. `losses`: what its format cannot hold, complete when all of it was written."""

    losses: Losses

    def add(self, bundle: str | None, stated: Statement) -> None:
        """Adds one assertion."""
        ...

    def text(self) -> Iterator[str]:
        """The whole document, piece by piece."""
        ...


def write_spooled(make: Callable[[Spool], Writable], assertions: Iterable[Assertion], stream: BinaryIO) -> list[Loss]:
    """Writes the document that `make` begins; returns its losses. Raises: BadInput: a text holds a lone surrogate."""
    with Spool() as spool, refusing_lone_surrogates():
        document = make(spool)
        for bundle, stated in assertions:
            document.add(bundle, stated)
        for piece in document.text():
            stream.write(piece.encode())
    return document.losses.found()
