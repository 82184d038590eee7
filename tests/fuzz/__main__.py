"""Fuzzes parsers with atheris, one after the other: `python -m tests.fuzz [TARGET...] [--seconds 60]`.

What breaks one is kept in tests/data/fuzz/TARGET/, where the tests run it from then on; the exit code is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

MAX_INPUT_BYTES = 8192
SLOW_S = 20


def main() -> int:
    """Runs the targets that are named, or all; a process each, since libFuzzer ends its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="a PROV format or `expressions` [default: all]")
    parser.add_argument("--seconds", type=int, default=60, help="for each target [default: 60]")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return _fuzz(given.targets[0], given.seconds)
    from tests.fuzz.target import TARGETS

    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    broken = []
    for target in given.targets or TARGETS:
        print(f"== {target}, {given.seconds} s", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", target, "--inside", "--seconds", str(given.seconds)]
        if subprocess.run(command, check=False).returncode:
            broken.append(target)
    print("broken: " + ", ".join(broken) if broken else "nothing broke")
    return 1 if broken else 0


def _fuzz(target: str, seconds: int) -> int:
    import atheris

    # Only what is imported here is instrumented, so nothing of provstore may have been imported before.
    with atheris.instrument_imports(include=["provstore"], enable_loader_override=False):
        from tests.fuzz.target import SAVED, TARGETS, seeds
    kept = SAVED / target
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for data in seeds(target):
            (Path(corpus) / sha256(data).hexdigest()[:16]).write_bytes(data)
        options = [
            f"-max_total_time={seconds}", f"-max_len={MAX_INPUT_BYTES}", f"-timeout={SLOW_S}", "-rss_limit_mb=2048",
            f"-artifact_prefix={kept}/", "-print_final_stats=1", "-verbosity=0",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, corpus], TARGETS[target])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
