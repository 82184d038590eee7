"""Programs that are no Java: an archive within a jar, unpacked beside the data, run by somebody who is not root."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Final

from provstore_local.jars import LocalServerError

PROGRAM: Final = "program"
# The user and group `nobody`, whom every Linux and macOS has by some name: PostgreSQL refuses to be run by root.
_NOBODY: Final = 65534


def unpack(jars: Path, folder: Path) -> None:
    """Unpacks the program into `folder`, unless it is there.

    Raises: LocalServerError: there is none for this machine.
    """
    target = folder / PROGRAM
    if target.exists():
        return
    for jar in jars.glob("*.jar"):
        with zipfile.ZipFile(jar) as opened:
            for name in opened.namelist():
                if name.endswith(".txz"):
                    with opened.open(name) as packed, tarfile.open(fileobj=packed, mode="r|xz") as archive:
                        archive.extractall(target, filter="data")
                    return
    raise LocalServerError(f"there is no such server for {os.uname().sysname} on {os.uname().machine}")


def hand_over(folder: Path) -> None:
    """Gives the folder to whom the program runs as."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)


def runs_as() -> dict[str, Any]:
    """Arguments of `Popen`: not as root."""
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
