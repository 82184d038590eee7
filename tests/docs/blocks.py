"""Runs the documentation: `console` and `python` blocks of a page in order, in one folder, as a reader would.

A `console` block holds `$ command` lines (`> ` continues one) and what each prints on standard output; `...` stands for
any text, on a line of its own for any lines. A last line `[exit code N]` promises that code. A `python` block is a
script; a `text` block right after it is what it prints.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
_FENCE = re.compile(r"^```(\w+)?[^\n]*\n(.*?)^```$", re.S | re.M)
_EXIT = re.compile(r"\n?\[exit code (\d+)\]$")
TIMEOUT_S = 120


@dataclass(frozen=True)
class Step:
    """One command or script, what it is to print (None: not said) and its exit code."""

    line: int
    words: list[str]
    expected: str | None
    code: int = 0


def steps(page: Path) -> list[Step]:
    text = page.read_text(encoding="utf-8")
    found: list[Step] = []
    previous = ""
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        language, body = match[1], match[2]
        if language == "console":
            found.extend(_commands(body, line))
        elif language == "python":
            found.append(Step(line, [sys.executable, "-c", body], None))
        elif language == "text" and previous == "python":
            found[-1] = Step(found[-1].line, found[-1].words, body.rstrip("\n"))
        previous = language
    return found


def _commands(body: str, line: int) -> Iterator[Step]:
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        lines = part.splitlines()
        ends = next((n for n, one in enumerate(lines) if n and not one.startswith("> ")), len(lines))
        command = "\n".join([lines[0], *(one[2:] for one in lines[1:ends])])
        expected = "\n".join(lines[ends:]).strip("\n")
        promised = _EXIT.search(expected)
        yield Step(
            line,
            ["bash", "-c", command],
            expected[: promised.start()] if promised else expected,
            int(promised[1]) if promised else 0,
        )


def run(step: Step, folder: Path, environment: dict[str, str]) -> str | None:
    """None when the step does as the page says, else what differs."""
    done = subprocess.run(
        step.words, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, encoding="utf-8"
    )
    shown = f"line {step.line}: {step.words[-1]}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
    if done.returncode != step.code:
        return f"{shown}exit code {done.returncode}, the page says {step.code}"
    if step.expected is not None and not agrees(step.expected, done.stdout.strip("\n")):
        return f"{shown}--- the page says\n{step.expected}"
    return None


def agrees(expected: str, printed: str) -> bool:
    """True when `printed` is what the page shows; `...` stands for any text."""
    pattern = "".join(map(_line, expected.split("\n")))
    return re.fullmatch(pattern, printed + "\n") is not None


def _line(expected: str) -> str:
    if expected.strip() == "...":
        return r"(?:[^\n]*\n)*?"
    return r"[^\n]*?".join(map(re.escape, expected.rstrip().split("..."))) + r"[ \t]*\n"
