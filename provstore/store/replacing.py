"""Writing a file so that it takes its place only once it is whole."""

from __future__ import annotations

import os
import tempfile
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
        try:
            descriptor, self._name = tempfile.mkstemp(dir=self._target.parent, prefix=self._target.name)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=str(self._target)) from error
        self.stream: BinaryIO = os.fdopen(descriptor, "wb")
        return self

    def keep(self) -> None:
        """What was written is whole."""
        self._kept = True

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        if self._kept:
            Path(self._name).replace(self._target)
        else:
            Path(self._name).unlink()
