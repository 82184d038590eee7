"""Writing a file so that it takes its place only once it is whole."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import BinaryIO

from provstore.errors import BadInput


class replacing:
    """A context manager: what is written to `stream` replaces `target` when `keep` was called.

    Raises: BadInput: the folder cannot be written, or the target is something else than a file, such as a device.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._kept = False

    def __enter__(self) -> replacing:
        if self._target.exists() and not self._target.is_file():
            raise BadInput("cannot be written: it is no file", where=str(self._target))
        self._beside = self._target.with_name(f"{self._target.name}.{secrets.token_hex(8)}")
        try:
            # Not by tempfile: its files are for their owner alone, whatever the umask says.
            self.stream: BinaryIO = self._beside.open("xb")
            if self._target.exists():
                self._beside.chmod(self._target.stat().st_mode & 0o777)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=str(self._target)) from error
        return self

    def keep(self) -> None:
        """What was written is whole."""
        self._kept = True

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        if self._kept:
            self._beside.replace(self._target)
        else:
            self._beside.unlink()
