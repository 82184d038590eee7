"""What lives as long as the process: the thread that writes, stores to read from, tokens, log, limits and figures."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.server.access_log import AccessLog
from provstore.server.database import beside
from provstore.server.limits import Heavy, Rates
from provstore.server.memory import given_back
from provstore.server.metrics import Metrics
from provstore.server.readers import Readers
from provstore.server.roles import Caller
from provstore.server.seeing import Views
from provstore.server.settings import ServerSettings
from provstore.server.tokens import PREFIX, Tokens
from provstore.server.writing import Writer
from provstore.settings import Settings
from provstore.store import Store

if TYPE_CHECKING:
    from provstore.server.oidc import Issuer

# As many questions that are not heavy as may be read at once.
_LIGHT_READERS: Final = 6
FIRST_TOKEN: Final = "admin"  # noqa: S105 - a name


class Service:
    """The parts of the service on one store; a context manager.

    Args: settings: of the store. server: of the service.
    Raises: as `Store.open`; Conflict: the graph is of another ledger; UsageError: the settings are not safe.
    """

    def __init__(self, settings: Settings, server: ServerSettings) -> None:
        self.settings = settings
        self.server = server
        path = Path(server.database) if server.database else beside(settings.store)
        with ExitStack() as until_it_is_given:
            until_it_is_given.enter_context(given_back())
            self.writer = Writer(self._open, max_waiting=server.max_waiting, told=self._grouped)
            until_it_is_given.callback(self.writer.close)
            with suppress(BackendUnavailable):
                self.writer.do(lambda store: store.graph("status")).result()
            self.metrics = Metrics(lambda: self.writer.waiting)
            size = server.heavy_queries + _LIGHT_READERS
            limit_s = server.query_timeout_s
            self.readers = Readers(self._open, size=size, wait_s=limit_s, limit_s=limit_s)
            until_it_is_given.callback(self.readers.close)
            self.tokens = until_it_is_given.enter_context(Tokens(path))
            self.access_log = AccessLog(path)
            until_it_is_given.callback(self.access_log.close)
            self.rates = Rates(server.requests_per_minute, server.failures_per_minute)
            self.views = Views()
            self.issuer = _issuer(server)
            self.heavy = Heavy(server.heavy_queries)
            self._closing = until_it_is_given.pop_all()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Writes what waits, and closes everything."""
        self._closing.close()

    def caller(self, shown: str) -> Caller | None:
        """Who shows this token, ours or the issuer's; None: it is not valid."""
        if self.issuer is None or shown.startswith(PREFIX):
            return self.tokens.caller(shown)
        return self.issuer.caller(shown)

    def first_token(self) -> dict[str, Any] | None:
        """An administrator's token when there is none yet and nobody else vouches for users; shown once."""
        if self.tokens.all() or self.server.oidc_issuer:
            return None
        return self.tokens.create(FIRST_TOKEN, "admin")

    def state(self) -> dict[str, str]:
        """Whether the ledger can be read, and whether the graph follows it: `ok`, `behind` or `unavailable` each."""
        with self.readers.store() as store:
            try:
                head = store.ledger.head()
            except ProvstoreError:
                return {"ledger": "unavailable", "projection": "unavailable"}
            self.metrics.head.set(head.sequence)
            try:
                lag = store.graph("status")["lag"]
            except ProvstoreError:
                self.metrics.lag.set(-1)
                return {"ledger": "ok", "projection": "unavailable"}
            self.metrics.lag.set(lag)
            if lag:
                self.writer.follow()
            return {"ledger": "ok", "projection": "behind" if lag else "ok"}

    def _open(self) -> Store:
        return Store.open(settings=self.settings)

    def _grouped(self, jobs: int) -> None:
        self.metrics.groups.observe(jobs)


def _issuer(server: ServerSettings) -> Issuer | None:
    if not server.oidc_issuer:
        return None
    from provstore.server.oidc import Issuer

    return Issuer(server)
