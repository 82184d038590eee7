"""What is free in the heaps of the C library goes back to the system."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from provstore.server.memory import given_back

BLOCK_BYTES, BLOCKS = 4_096, 10_000
PATIENCE_S = 60


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc can be asked to"
)
def test_holes_between_what_is_kept_are_given_back():
    blocks = [bytes(BLOCK_BYTES) for _ in range(BLOCKS)]
    del blocks[1::2], blocks[1::2]  # each that is left keeps the heap below it
    before, most = resident_bytes(), BLOCKS * BLOCK_BYTES // 4
    with given_back(pause_s=0.01):
        deadline = time.monotonic() + PATIENCE_S
        while before - resident_bytes() < most and time.monotonic() < deadline:
            time.sleep(0.01)
    assert before - resident_bytes() >= most
    assert len(blocks) == BLOCKS // 4
    assert not any(one.name == "provstore-memory" for one in threading.enumerate())
