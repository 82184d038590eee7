"""The service as its users meet it: a real uvicorn in a thread, real HTTP, tokens of every role."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from provstore.server.running import Listener
from provstore.server.service import Service
from provstore.server.settings import ServerSettings
from provstore.settings import Settings

PATIENCE_S = 30


@dataclass
class Served:
    """A service that is up. `told`: what it said to people. `client` sends to it as the administrator."""

    url: str
    service: Service
    told: list[str]
    clients: list[httpx2.Client] = field(default_factory=list)

    @property
    def admin(self) -> httpx2.Client:
        return self.clients[0]

    def bearing(self, token: str | None) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.clients.append(httpx2.Client(base_url=self.url, headers=headers, timeout=PATIENCE_S, trust_env=False))
        return self.clients[-1]

    def as_role(self, role: str, *spaces: str, name: str | None = None) -> httpx2.Client:
        """A client with a new token of that role in those spaces (none: every space)."""
        name = name or f"{role}-{len(self.clients)}"
        return self.bearing(self.service.tokens.create(name, role, spaces)["token"])


@contextmanager
def serving(store: Path | Settings, *, graph: str = "", lines: int = 2, **server: Any) -> Iterator[Served]:
    """The service on the store, on any free port of this machine; `server` are its settings.

    Args: store: its file, or all its settings. lines: that it tells at its first start: the address, the first token.
    """
    told: list[str] = []
    given = ServerSettings(**({"port": 0, "requests_per_minute": 1_000_000} | server))
    settings = store if isinstance(store, Settings) else Settings(store=str(store), graph=graph, actor="tests")
    with Service(settings, given) as service:
        expected = 1 if service.tokens.all() else lines
        listener = Listener(service, lambda started: told.extend(started.lines()))
        thread = threading.Thread(target=listener.serve_until_stopped)
        thread.start()
        try:
            deadline = time.monotonic() + PATIENCE_S
            while len(told) < expected and thread.is_alive() and time.monotonic() < deadline:
                time.sleep(0.01)
            served = Served(listener.url, service, told)
            name = f"again{len(service.tokens.all())}"
            served.bearing(told[1].split()[-1] if expected > 1 else service.tokens.create(name, "admin")["token"])
            yield served
        finally:
            for client in getattr(locals().get("served"), "clients", ()):
                client.close()
            listener.should_exit = True
            thread.join()
