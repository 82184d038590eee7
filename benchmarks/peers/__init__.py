"""Other programs beside us: an interpreter that has each of them, made when needed.

A peer that can't be installed here is left out of the table, and the table says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Final

# Where their wheels exist; the interpreter that runs the benchmarks is tried first.
_PYTHONS: Final = ("python3.11", "python3.10", "python3.12", "python3.9")


def interpreter(package: str, module: str, *, install: bool) -> Path | None:
    """A Python that can import `module`, in its own environment when this one can't; None when none can be had.

    Args: install: make the environment when there is none yet; it lies in the user's cache.
    `PROVSTORE_BENCH_<MODULE>` names an interpreter instead.
    """
    named = os.environ.get(f"PROVSTORE_BENCH_{module.upper()}")
    if named:
        return Path(named)
    if find_spec(module):
        return Path(sys.executable)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "provstore-benchmarks"
    own = cache / package / "bin" / "python"
    if _imports(own, module):
        return own
    for python in () if not install else (sys.executable, *filter(None, map(which, _PYTHONS))):
        if _made(python, cache / package, package) and _imports(own, module):
            return own
    return None


def _made(python: str, folder: Path, package: str) -> bool:
    commands = (
        [python, "-m", "venv", "--clear", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--only-binary", ":all:", package],
    )
    return all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands)


def _imports(python: Path, module: str) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
