"""Runs one command and writes its seconds, peak memory and status to a file: `launcher.py FILE COMMAND...`.

A process of its own, because a child's peak memory begins with that of the process which starts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import perf_counter


def main() -> None:
    """Runs the command of the arguments; its output goes where this one's goes."""
    started = perf_counter()
    process = subprocess.Popen(sys.argv[2:])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # ru_maxrss is in KiB on Linux, in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    with open(sys.argv[1], "w", encoding="utf-8") as told:
        measured = {
            "seconds": seconds, "processor_s": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * unit,
            "status": process.returncode,
        }  # fmt: skip
        json.dump(measured, told)


if __name__ == "__main__":
    main()
