"""Bugs: an unexpected error gets an id; the traceback goes to a log, or to stderr with `--debug`."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from uuid import uuid4

from provstore import __version__
from provstore.errors import ProvstoreError

LOG_NAME = "provstore-bugs.log"


def report(error: Exception, *, debug: bool) -> ProvstoreError:
    """The error to show for a bug; writes the traceback to stderr (`debug`) or to a log file of the user's."""
    number = uuid4().hex[:12]
    lines = "".join(traceback.format_exception(error))
    if debug:
        sys.stderr.write(lines)
        return ProvstoreError(f"bug {number}: {type(error).__name__}: {error}")
    log = _append(f"{number} provstore {__version__}\n{lines}\n")
    step = f"The traceback is in {log}; please report it." if log else "Run again with --debug to see the traceback."
    return ProvstoreError(f"bug {number}: {type(error).__name__}", next_step=step)


def _append(text: str) -> Path | None:
    path = Path(tempfile.gettempdir()) / f"{LOG_NAME}.{os.path.basename(os.path.expanduser('~'))}"
    try:
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(text)
    except OSError:
        return None
    return path
