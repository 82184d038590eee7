"""A proxy on the loopback that cuts a connection to PostgreSQL at a chosen moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

When = Literal["before", "after"]


class Proxy:
    """Passes bytes on both ways; `cut` says when it breaks off, once, at the message that holds `at`.

    `before`: the server never gets that message. `after`: it does, and its answer is lost.
    """

    def __init__(self, url: str, at: bytes = b"COMMIT\0") -> None:
        self._target = (urlsplit(url).hostname, urlsplit(url).port)
        self._at = at
        self.cut: When | None = None
        self.open = True
        self.cuts = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.url = url.replace(f":{self._target[1]}/", f":{self.port}/")
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if not self.open:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                cut = self.cut if from_client and self._at in data else None
                if cut == "before":
                    break
                if cut == "after":
                    source.shutdown(socket.SHUT_RDWR)  # nobody hears the answer
                target.sendall(data)
                if cut:
                    target.recv(1)  # it is given, all the same
                    break
        if from_client and self.cut and self._at:
            self.cut, self.cuts = None, self.cuts + 1
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy before the server of that URL."""
    made = Proxy(url)
    try:
        yield made
    finally:
        made._door.close()
