"""Finds the text files that live outside the package: `queries/` and `schema/`.

A wheel carries them inside the package; an editable checkout has them beside it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from provstore.errors import ProvstoreError

_PACKAGE = Path(__file__).resolve().parent
ROOTS = (_PACKAGE / "_resources", _PACKAGE.parent)


def directory(relative: str) -> Path:
    """The directory or file `relative` (such as `schema/ledger/sqlite`), in the package first, then in the checkout.

    Raises: ProvstoreError: it is in neither, so the installation is incomplete.
    """
    for root in ROOTS:
        if (root / relative).exists():
            return root / relative
    raise ProvstoreError(
        f"{relative} is missing from this installation",
        where=str(_PACKAGE),
        next_step="Install provstore again.",
    )


def migrations(folder: str, ending: str) -> list[tuple[int, str]]:
    """(version, text) of every migration in a folder of resources, by version: the files `001_name.<ending>`.

    Raises: ProvstoreError: no such folder.
    """
    files = sorted(directory(folder).glob(f"[0-9]*_*.{ending}"))
    return [(int(file.name.split("_")[0]), text(f"{folder}/{file.name}")) for file in files]


@cache
def text(relative: str) -> str:
    """The text of one resource file, UTF-8.

    Args: relative: a path such as `queries/lineage/upstream.sql`.
    Raises: ProvstoreError: no such file.
    """
    return directory(relative).read_text(encoding="utf-8")
