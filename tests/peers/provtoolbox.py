"""ProvToolbox (Java), the validator of an editor of PROV-CONSTRAINTS: PROV-N documents go in, its judgements come out.

Its jars are fetched by Maven from a pinned pom once, and kept in the user's cache with our program that calls it.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
# The package that fetches jars is used from its folder, it is not installed.
sys.path.append(str(HERE.parents[1] / "deploy" / "local"))

from provstore_local import jars  # noqa: E402

POM = HERE / "java" / "provtoolbox.xml"
PROGRAM = HERE / "java" / "Judge.java"
MIN_JAVA = 17


class Judgement(NamedTuple):
    """What ProvToolbox says of one document.

    Args: verdict: valid, invalid, unread (its reader refuses the text) or failed (its validator broke off). wrong: the
    kinds of findings in its report. read_s, validate_s: CPU of the one thread that does it. reason: of unread and of
    failed.
    """

    verdict: str
    wrong: frozenset[str]
    read_s: float
    validate_s: float
    reason: str


def missing() -> str | None:
    """What this machine lacks to run it; None when it has everything."""
    lacking = [jars.missing(MIN_JAVA)]
    if shutil.which("javac") is None:
        lacking.append(f"a Java compiler (apt-get install openjdk-{MIN_JAVA}-jdk-headless)")
    return " and ".join(filter(None, lacking)) or None


def judge(documents: Iterable[bytes]) -> list[Judgement]:
    """The judgements of PROV-N documents, in their order, by one process."""
    given = b"".join(struct.pack(">i", len(text)) + text for text in documents)
    done = subprocess.run(command(), input=given, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{PROGRAM.name} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
    return [judgement(line) for line in done.stdout.decode().splitlines()]


def judgement(line: str) -> Judgement:
    """The judgement that a line of the program tells."""
    verdict, wrong, read_s, validate_s, reason = line.split("\t")
    return Judgement(verdict, frozenset(filter(None, wrong.split(","))), float(read_s), float(validate_s), reason)


@cache
def command() -> tuple[str, ...]:
    """The command of the program; PROV-N files may follow, else documents are taken from standard input.

    Raises: LocalServerError: Maven or Java is missing or fails.
    """
    libraries = jars.fetch(POM)
    paths = (_compiled(libraries), libraries / "*")
    return (jars.java(MIN_JAVA), "-cp", os.pathsep.join(map(str, paths)), PROGRAM.stem)


def _compiled(libraries: Path) -> Path:
    """The folder with the classes of the program, compiled when they are not there yet."""
    target = libraries.with_name(f"{libraries.name}-{sha256(PROGRAM.read_bytes()).hexdigest()[:12]}")
    if not target.is_dir():
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            classes = Path(folder) / "classes"
            javac = ["javac", "--release", str(MIN_JAVA), "-cp", f"{libraries}/*", "-d", str(classes), str(PROGRAM)]
            subprocess.run(javac, check=True)
            jars.keep(classes, target)
    return target
