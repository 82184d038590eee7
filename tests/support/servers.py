"""Real servers for tests: one of each in a whole test run, whatever the number of workers.

A keeper process starts them when they are first asked for, and ends them with the run, also when that is killed: it
dies with the process that runs pytest, and the servers die with it. Workers ask it through a socket.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "local"))

from provstore_local import KINDS, LocalServerError, Running, missing, start  # noqa: E402
from provstore_local.running import end_with_parent  # noqa: E402

SOCKET = "PROVSTORE_TEST_SERVERS"
# Where it is set, as in CI, what is missing is a failure instead of a skip.
REQUIRED = "PROVSTORE_TEST_REQUIRE_SERVERS"
_KEY = "PROVSTORE_TEST_SERVERS_KEY"


@dataclass(frozen=True)
class Server:
    """A server that runs for the whole test run. Empty what you use of it; others use it after you."""

    name: str
    url: str
    password: str
    settings: dict[str, str] = field(default_factory=dict)


def require(name: str) -> None:
    """Skips the test, saying what is missing, on a machine that cannot run that kind of server; in CI it fails."""
    lacking = missing(KINDS[name].min_java)
    if lacking:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{name} is required here, and this machine lacks {lacking}")
        pytest.skip(f"{name} needs {lacking}")


def server(name: str) -> Server:
    """The server of that kind (of provstore_local.KINDS), started when it is asked for the first time."""
    require(name)
    found = _ask("server", name)
    if isinstance(found, str):
        pytest.fail(f"{name} did not start: {found}")
    return Server(**found)


@contextmanager
def own_server(name: str, folder: Path | None) -> Iterator[Running]:
    """A server of the test's own, to be killed and started again."""
    require(name)
    with start(name, folder) as running:
        yield running


@contextmanager
def keeper() -> Iterator[None]:
    """The keeper, for as long as the test run lasts; in the process that runs pytest, before its workers start."""
    with tempfile.TemporaryDirectory(prefix="provstore-servers-") as folder:
        os.environ[SOCKET], os.environ[_KEY] = str(Path(folder) / "socket"), secrets.token_hex(16)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.servers"],
            cwd=ROOT, preexec_fn=end_with_parent, stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            process.stdout.readline()  # it listens
            yield
        finally:
            process.terminate()
            process.stdout.close()
            process.wait(120)


def _ask(*words: str) -> Any:
    with Client(os.environ[SOCKET], "AF_UNIX", authkey=bytes.fromhex(os.environ[_KEY])) as connection:
        connection.send(words)
        return connection.recv()


def _keep() -> None:
    """The keeper's life. One thread: a server dies with the thread that started it."""
    running: dict[str, Running] = {}
    with ExitStack() as stack, Listener(os.environ[SOCKET], "AF_UNIX", authkey=bytes.fromhex(os.environ[_KEY])) as door:
        os.write(1, b"listening\n")
        os.dup2(2, 1)  # nobody reads on
        while True:
            with door.accept() as connection:
                _, name = connection.recv()
                connection.send(_started(name, running, stack))


def _started(name: str, running: dict[str, Running], stack: ExitStack) -> dict[str, Any] | str:
    try:
        if name not in running:
            running[name] = stack.enter_context(start(name))
    except LocalServerError as error:
        return str(error)
    found = running[name]
    return {"name": name, "url": found.url, "password": found.password, "settings": found.settings}


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _keep()
