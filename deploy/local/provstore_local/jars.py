"""Java, and the jars of a server: fetched by Maven from a pinned pom once, kept in a folder of the user's cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

POMS = Path(__file__).parents[1] / "poms"
_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
_FETCH_TIMEOUT_S = 900


class LocalServerError(Exception):
    """A server cannot be fetched, does not start, or does not answer; the text says why and where its log is."""


def missing(min_java: int = 17) -> str | None:
    """What this machine lacks for a server that needs Java `min_java`; None when it has everything."""
    lacking = [] if shutil.which("mvn") else ["Maven (apt-get install maven)"]
    if _java_of_at_least(min_java) is None:
        lacking.append(f"Java {min_java} or newer (apt-get install openjdk-{min_java}-jre-headless)")
    return " and ".join(lacking) or None


def java(min_java: int) -> str:
    """The oldest Java here that is new enough. Raises: LocalServerError: there is none."""
    found = _java_of_at_least(min_java)
    if found is None:
        raise LocalServerError(f"no Java {min_java} or newer was found; set JAVA_HOME or install one")
    return found


def fetch(pom: Path) -> Path:
    """The folder with the jars that a pom names; fetched when they are not there yet, a minute or so.

    Raises: LocalServerError: Maven is missing or fails.
    """
    target = _cache_folder() / f"{pom.stem}-{sha256(pom.read_bytes()).hexdigest()[:12]}"
    if target.is_dir():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalServerError(f"Maven is needed to fetch {pom.stem}: apt-get install maven")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    command = [maven, "-B", "-q", "-f", str(pom), _GOAL, "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_FETCH_TIMEOUT_S, check=False)
        if done.returncode:
            raise LocalServerError(f"Maven could not fetch {pom.stem}:\n{(done.stdout + done.stderr)[-2000:]}")
        keep(part, target)
    except subprocess.TimeoutExpired:
        raise LocalServerError(f"Maven did not fetch {pom.stem} within {_FETCH_TIMEOUT_S} s") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def keep(part: Path, target: Path) -> None:
    """Gives the folder its name in one step, unless somebody else was faster."""
    try:
        part.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _cache_folder() -> Path:
    root = os.environ.get("PROVSTORE_SERVERS") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(root) / "provstore-servers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _java_of_at_least(min_java: int) -> str | None:
    suitable = sorted((version, path) for path in _candidates() if (version := _version(path)) >= min_java)
    return suitable[0][1] if suitable else None


def _candidates() -> list[str]:
    homes = [os.environ["JAVA_HOME"]] if os.environ.get("JAVA_HOME") else []
    homes += [str(path) for path in sorted(Path("/usr/lib/jvm").glob("*")) if not path.is_symlink()]
    found = [str(path) for home in homes if (path := Path(home) / "bin" / "java").exists()]
    on_path = shutil.which("java")
    return [*found, on_path] if on_path else found


def _version(path: str) -> int:
    said = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(match[1]) if match else 0
