"""Ctrl-C ends a command wherever it comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Python raises nothing out of a finalizer, or out of what it calls when it has loaded a module.
LOST = """
import os, signal, sys
from provstore.cli import main as entry

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1_000):
            pass

def command(**_):
    Finalized()
    sys.stdin.read()

signal.signal(signal.SIGINT, signal.default_int_handler)
entry.cli.main = command
entry.main([])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals between processes")
def test_an_interrupt_that_python_cannot_raise_where_it_comes_is_not_lost():
    command = [sys.executable, "-c", LOST]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.wait(60) == 130
            assert process.stderr.read() == b"provstore: interrupted; what was acknowledged is kept\n"
        finally:
            process.kill()
