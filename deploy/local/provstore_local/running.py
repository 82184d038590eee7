"""A running server: started, waited for, killed, started again, stopped. It ends with the process that started it."""

from __future__ import annotations

import atexit
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from string import Template
from typing import IO

from provstore_local.jars import POMS, LocalServerError, fetch, java
from provstore_local.kinds import KINDS, Kind
from provstore_local.native import PROGRAM, hand_over, runs_as, unpack

CONF = Path(__file__).parents[1] / "conf"
START_TIMEOUT_S = 240
STOP_TIMEOUT_S = 30
FIRST_TIMEOUT_S = 120
_PAUSE_S = 0.25
_PR_SET_PDEATHSIG = 1
# Made before any fork: the child may not import.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Running:
    """One server; `url`, `password` (of Neo4j, PostgreSQL), `folder` with its data and `server.log`, `settings` of its
    templates; `below`: the servers that it needs, as they were started.

    Args: kind: what to run. folder: for configuration, data and log. given: settings that are not the usual ones.
    needed: what runs for this one.
    """

    def __init__(self, kind: Kind, folder: Path, given: Mapping[str, str], needed: Running | None = None) -> None:
        self.kind = kind
        self.below: list[Running] = [*needed.below, needed] if needed else []
        self.folder = folder
        self._jars = fetch(POMS / f"{kind.pom}.xml")
        self.settings = {"folder": str(folder), "jars": str(self._jars), "password": _password(folder)}
        self.settings |= dict(kind.settings) | dict(given)
        self.settings |= {name: str(port) for name, port in _free_ports(kind.ports).items() if name not in given}
        # A value may hold templates itself: where the storage lies, for one.
        self.settings = {name: self._filled(value) for name, value in self.settings.items()}
        self.url = self._filled(kind.url)
        self.password = self.settings["password"]
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._configure()

    def start(self, timeout_s: float = START_TIMEOUT_S) -> None:
        """Starts the server and waits until a query succeeds.

        Raises: LocalServerError: it ended, or does not answer in time; the end of its log is in the text.
        """
        with self.log.open("ab") as log:
            self._process = self._popen([self.kind.main, *self.kind.arguments], log)
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                self.kind.probe(self.settings)
                return
            except (OSError, ValueError, KeyError) as error:
                if failure := self.ended():
                    raise failure from error
                if time.monotonic() > deadline:
                    self.kill()
                    raise self._failure(f"does not answer after {timeout_s:.0f} s ({error})") from error
                time.sleep(_PAUSE_S)

    def kill(self) -> None:
        """Ends it at once, as `kill -9` does; `start` starts it again with the same data and port."""
        if self._process is not None:
            if self.kind.native:  # its processes are a group of their own
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Asks it to end, and kills it when it does not within 30 s."""
        if self._process is None:
            return
        # PostgreSQL waits for its clients when it is terminated, and does not when it is interrupted.
        self._process.send_signal(signal.SIGINT if self.kind.native else signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_TIMEOUT_S)
        self.kill()

    def ended(self) -> LocalServerError | None:
        """What to tell of a server that ended by itself, once; None while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        self._process = None
        return self._failure(f"ended with exit code {code}")

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process else None

    def _configure(self) -> None:
        conf = self.folder / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        for source in (CONF / self.kind.conf).iterdir():
            (conf / source.name).write_text(self._filled(source.read_text(), source.suffix == ".groovy"))
        if self.kind.native:
            unpack(self._jars, self.folder)
            hand_over(self.folder)
        if self.kind.first and not (self.folder / "data").exists():
            with self.log.open("ab") as log:
                code = self._popen(list(self.kind.first), log).wait(FIRST_TIMEOUT_S)
            if code:
                raise self._failure(f"could not be prepared (exit code {code})")

    def _popen(self, words: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        kind = self.kind
        command = [
            java(kind.min_java), f"-Xmx{kind.max_heap}", *kind.options,
            "-cp", f"{self.folder}/conf:{self._jars}/*", *words,
        ]  # fmt: skip
        if kind.native:
            command = [f"{self.folder}/{PROGRAM}/bin/{words[0]}", *words[1:]]
        return subprocess.Popen(
            [self._filled(word) for word in command],
            cwd=self.folder,
            env=os.environ | {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,
            **(runs_as() | {"start_new_session": True} if kind.native else {}),
        )

    def _filled(self, text: str, as_it_is: bool = False) -> str:
        return text if as_it_is else Template(text).safe_substitute(self.settings)

    def _failure(self, what: str) -> LocalServerError:
        end = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
        return LocalServerError(f"{self.kind.title} {what}; its log is {self.log}:\n{end}")


@contextmanager
def start(name: str, folder: Path | None = None, **given: str) -> Iterator[Running]:
    """A running server of that kind (of KINDS), and what it needs before it; all are stopped at the end.

    Args: folder: for data that is to be kept; a temporary one when None. given: such as port="7687", password="...".
    Raises: LocalServerError.
    """
    kind = KINDS[name]
    with ExitStack() as stack:
        root = folder or Path(tempfile.mkdtemp(prefix=f"provstore-{name}-"))
        if folder is None:
            stack.callback(shutil.rmtree, root, ignore_errors=True)
        needed = None
        if kind.needs:
            needed = stack.enter_context(start(kind.needs, root / kind.needs))
            given = {f"needed_{key}": value for key, value in needed.settings.items()} | given
        server = Running(kind, root.resolve(), given, needed)
        if kind.prepare:
            kind.prepare(server.settings)
        atexit.register(server.kill)
        stack.callback(atexit.unregister, server.kill)
        stack.callback(server.stop)
        server.start()
        yield server


def _password(folder: Path) -> str:
    """One password for as long as the data is kept."""
    kept = folder / "password"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(12))
    return kept.read_text()


def end_with_parent() -> None:
    """In the new process: ctrl-C is the parent's business, and when the parent dies, even by kill -9, so does this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_ports(names: tuple[str, ...]) -> dict[str, int]:
    sockets = [socket.socket() for _ in names]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}
    finally:
        for one in sockets:
            one.close()
