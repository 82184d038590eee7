"""ProvToolbox's validator (Java) on a PROV-N file, in a process of its own: seconds of CPU and peak memory.

Needs Java 17, a Java compiler and Maven, which fetches it once; `missing` says what is not there.
"""

from __future__ import annotations

import resource
from pathlib import Path
from typing import NamedTuple

from benchmarks.harness import run
from tests.peers import provtoolbox

missing = provtoolbox.missing


class Cost(NamedTuple):
    """What one document took.

    Args: verdict: valid or invalid. cpu_s: CPU of the whole process, with its start, the reading, the compiler and the
    garbage collector of Java, which work beside. read_s, validate_s: CPU of the one thread that does these. peak_bytes:
    of resident memory.
    """

    verdict: str
    cpu_s: float
    read_s: float
    validate_s: float
    peak_bytes: int


def validating(document: Path) -> Cost:
    """Reads and validates a PROV-N file once, in a new process.

    Raises: RuntimeError: it did not come to a verdict.
    """
    command = provtoolbox.command()
    before = _children_s()
    finished = run([*command, document])
    cpu_s = _children_s() - before
    told = provtoolbox.judgement(finished.output.rstrip("\n"))
    if told.verdict not in ("valid", "invalid"):
        raise RuntimeError(f"ProvToolbox: {document.name}: {told.verdict}: {told.reason}")
    return Cost(told.verdict, cpu_s, told.read_s, told.validate_s, finished.peak_bytes)


def _children_s() -> float:
    """CPU seconds of the processes that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
