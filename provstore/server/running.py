"""Runs the service until it is told to stop: what runs is finished, what waits is written."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import uvicorn

from provstore.errors import BackendUnavailable, UsageError
from provstore.server.app import create_app
from provstore.server.service import Service
from provstore.server.settings import ServerSettings
from provstore.settings import Settings


class Started(NamedTuple):
    """What the service tells when it listens: the store, its address, and the first token when one was made."""

    store: str
    url: str
    token: dict[str, Any] | None

    def lines(self) -> list[str]:
        """For people."""
        said = [f"provstore serves {self.store} on {self.url}"]
        return said + ([f"the administrator's token, shown this once: {self.token['token']}"] if self.token else [])

    def as_json(self) -> dict[str, Any]:
        """The shape of docs/reference/json.md."""
        return self._asdict()


Telling = Callable[[Started], None]
_HOSTS: Final = "Name one with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for every address that it has."


def run(settings: Settings, server: ServerSettings, tell: Telling) -> None:
    """Serves the store until SIGINT or SIGTERM.

    Args: tell: is told once it listens.
    Raises: UsageError: the settings are not safe, no such host is known, or TLS cannot use its files.
    BackendUnavailable: the address is taken; as `Store.open`.
    """
    server.require_safe()
    _require_host(server)
    _require_certificate(server)
    if threading.current_thread() is threading.main_thread():
        # uvicorn stops at these and raises them once more at the end, when there is nothing left to interrupt.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
    with Service(settings, server) as service:
        Listener(service, tell).serve_until_stopped()


def _require_host(server: ServerSettings) -> None:
    """Raises: UsageError: the host has no address, or none of this machine's."""
    try:
        found = socket.getaddrinfo(server.host, 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UsageError("no host of this name is known", where=server.host, next_step=_HOSTS) from error
    if not any(_is_here(family, address) for family, _, _, _, address in found):
        raise UsageError("this address is none of this machine's", where=server.host, next_step=_HOSTS)


def _is_here(family: int, address: Any) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind(address)
    except OSError as error:
        return error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
    return True


def _require_certificate(server: ServerSettings) -> None:
    """Raises: UsageError: the certificate or its key cannot be read, or they do not belong together."""
    if not server.tls_certificate:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(server.tls_certificate, server.tls_key, password="")
    except OSError as error:
        raise UsageError(
            f"TLS cannot use this certificate with this key: {error.strerror or error}",
            where=f"{server.tls_certificate}, {server.tls_key}",
            next_step="Name two PEM files that belong together, the key without a password.",
        ) from error


class Listener(uvicorn.Server):
    """Listens for the service. `url`: where, once it does.

    Args: tell: is told once it does; the first token is made only then.
    """

    def __init__(self, service: Service, tell: Telling) -> None:
        server = service.server
        super().__init__(
            uvicorn.Config(
                create_app(service),
                host=server.host,
                port=server.port,
                ssl_certfile=server.tls_certificate or None,
                ssl_keyfile=server.tls_key or None,
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=int(server.stop_timeout_s),
                lifespan="off",
            )
        )
        self._service, self._tell = service, tell
        self.url = ""

    def serve_until_stopped(self) -> None:
        """Serves until a signal comes or `should_exit` is set. Raises: BackendUnavailable: the address is taken."""
        try:
            self.run()
        except SystemExit:
            server = self._service.server
            raise BackendUnavailable(
                "the service cannot listen there",
                where=f"{server.host}:{server.port}",
                next_step="Is the port taken? Name another with --port.",
            ) from None

    async def startup(self, sockets: Any = None) -> None:
        """Listens, and tells so."""
        _keep_from_collector()
        await super().startup(sockets)
        server = self._service.server
        port = self.servers[0].sockets[0].getsockname()[1]
        host = f"[{server.host}]" if ":" in server.host else server.host
        self.url = f"{'https' if server.tls_certificate else 'http'}://{host}:{port}"
        self._tell(Started(self._service.settings.store, self.url, self._service.first_token()))


def _keep_from_collector() -> None:
    """What is loaded by now stays as long as the process: a full collection need not search it, while all wait."""
    gc.collect()
    gc.freeze()
