"""A file takes its place only once it is whole, as the file that anybody else would have written there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from provstore.store.replacing import replacing


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def write(target: Path, text: bytes, *, keep: bool = True) -> None:
    with replacing(target) as made:
        made.stream.write(text)
        if keep:
            made.keep()


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    write(tmp_path / "out.json", b"{}")
    assert mode_of(tmp_path / "out.json") == 0o640


def test_a_file_that_is_replaced_keeps_who_may_read_it(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(b"old")
    target.chmod(0o664)
    write(target, b"new")
    assert (target.read_bytes(), mode_of(target)) == (b"new", 0o664)


def test_what_is_not_kept_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(b"old")
    write(target, b"half", keep=False)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
