"""The driver's WebSocket to a Gremlin server, within a budget of time and bytes.

Source: TinkerPop reference, "Gremlin Server".
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError, ClientSession
from gremlin_python.driver.aiohttp.transport import AiohttpTransport

from provstore.graph import silence

# What the driver raises of a connection that broke.
BROKEN: Final = (OSError, ClientError, RuntimeError)


class TooLarge(Exception):
    """An answer went over its limit."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, which of its traversal sources to ask, and as whom."""

    host: str
    port: int
    source: str = "g"
    user: str = ""
    password: str = ""

    @property
    def url(self) -> str:
        """What the driver connects to."""
        return f"ws://{self._authority}/gremlin"

    def __str__(self) -> str:
        return f"{self._authority}/{self.source}"

    @property
    def _authority(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(slots=True)
class Budget:
    """What is left of a request's time and of its answer's size."""

    deadline: float = 0.0
    bytes_left: int = 0

    def seconds(self) -> float:
        """What is left of the time; never nothing, which would mean no limit."""
        return max(0.001, self.deadline - time.monotonic())


class Transport(AiohttpTransport):  # type: ignore[misc]
    """The driver's transport, within a budget."""

    def __init__(self, budget: Budget, **given: Any) -> None:
        super().__init__(**given)
        self._budget = budget

    def connect(self, url: str, headers: Any = None) -> None:
        """As the driver does, which waits 5 minutes for a server that says nothing."""

        async def opened() -> None:
            self._client_session = ClientSession()
            self._websocket = await self._client_session.ws_connect(url, headers=headers, **self._aiohttp_kwargs)

        self._loop.run_until_complete(asyncio.wait_for(opened(), min(self._budget.seconds(), silence.FIRST_WORD_S)))

    def read(self) -> Any:
        """As the driver's. Raises: TimeoutError. TooLarge."""
        self._read_timeout = self._budget.seconds()
        try:
            data = super().read()
        except RuntimeError as error:
            # Of one message that is too large the driver makes the same error as of a broken connection.
            if "exceeds limit" in str(error):
                raise TooLarge from error
            raise
        self._budget.bytes_left -= len(data or b"")
        if self._budget.bytes_left < 0:
            raise TooLarge
        return data
