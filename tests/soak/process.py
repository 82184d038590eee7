"""The service as a process of its own, and what the system says of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import httpx2

PATIENCE_S = 120
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """The process at one moment."""

    rss_bytes: int
    files: int
    threads: int


class Process:
    """`provstore serve` on a store. `url`: where it listens. `started_s`: until it was ready, `started_cpu_s`: what it
    worked until then, which does not depend on what else the machine does."""

    def __init__(self, store: Path) -> None:
        settings = {
            "PROVSTORE_STORE": str(store),
            "PROVSTORE_SERVER_PORT": "0",
            "PROVSTORE_SERVER_REQUESTS_PER_MINUTE": "100000000",
            "PROVSTORE_SERVER_FAILURES_PER_MINUTE": "100000000",
        }
        began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "provstore", "serve"], stderr=subprocess.PIPE, text=True, env=os.environ | settings
        )
        assert self._process.stderr is not None
        line = self._process.stderr.readline()
        assert "http://" in line, line + self._process.stderr.read()
        self.url = line.split()[-1]
        assert httpx2.get(f"{self.url}/readyz", trust_env=False, timeout=PATIENCE_S).status_code == 200
        self.started_s = time.monotonic() - began
        # Fields 14 and 15 (proc(5)); the second one, in brackets, may hold blanks.
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        self.started_cpu_s = (int(fields[11]) + int(fields[12])) / _TICKS

    def sample(self) -> Sample:
        """What the system says of it now (Linux)."""
        folder = Path(f"/proc/{self._process.pid}")
        rss = int((folder / "statm").read_text().split()[1]) * _PAGE
        return Sample(rss, len(os.listdir(folder / "fd")), len(os.listdir(folder / "task")))

    def kill(self) -> None:
        """Ends it at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Asks it to end; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        self._process.send_signal(number)
        code = self._process.wait(PATIENCE_S)
        assert self._process.stderr is not None
        self._process.stderr.close()
        return code
