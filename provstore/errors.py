"""Every error that provstore raises on purpose, and the exit code that each one means.

    ProvstoreError (70: a bug when raised as such)
    |- UsageError          2  the call is wrong
    |- NotFound            3  nothing has that name
    |- Ambiguous           3  several things have that name; they are listed
    |- BadInput            4  a file or record cannot be taken; the place in it is named
    |- BackendUnavailable  5  a store, an engine or a server cannot be reached
    |- Conflict            6  the request contradicts what is stored
    |- Denied              7  the caller may not do that
    '- Interrupted       130  the user stopped it; what was acknowledged is kept

An error says what happened (`message`), where (`where`) and what to do (`next_step`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


def printable(text: object) -> str:
    """A text for a message, with lone surrogates escaped: they are no Unicode, and no stream takes them."""
    return str(text).encode(errors="backslashreplace").decode()


class ProvstoreError(Exception):
    """Root of all errors of provstore; caught at the doors (CLI, HTTP).

    Args: message: what happened, one sentence. where: file and place, identifier or location.
    next_step: what the reader can do about it.
    """

    code: ClassVar[str] = "bug"
    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, where: str | None = None, next_step: str | None = None):
        super().__init__(message)
        self.message = message
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.next_step:
            parts.append(self.next_step)
        return "\n".join(parts)

    def as_json(self) -> dict[str, str | None]:
        """The error object of `--json` and of the service: code, message, where, next_step."""
        return {
            "code": self.code,
            "message": self.message,
            "where": self.where,
            "next_step": self.next_step,
        }


class UsageError(ProvstoreError):
    """The call itself is wrong: an unknown word, a missing argument, an unreadable expression."""

    code = "usage"
    exit_code = 2


class NotFound(ProvstoreError):
    """Nothing in the store has that name."""

    code = "not-found"
    exit_code = 3


class Ambiguous(ProvstoreError):
    """Several things have that name; `candidates` lists them and nothing was done."""

    code = "ambiguous"
    exit_code = 3

    def __init__(self, message: str, candidates: Sequence[str], *, where: str | None = None):
        super().__init__(message, where=where, next_step="Name one of: " + ", ".join(candidates))
        self.candidates = tuple(candidates)


class BadInput(ProvstoreError):
    """A file or record cannot be taken; nothing of that document was stored."""

    code = "bad-input"
    exit_code = 4


class BackendUnavailable(ProvstoreError):
    """A store, a graph engine or a server cannot be reached or written."""

    code = "unavailable"
    exit_code = 5


class Conflict(ProvstoreError):
    """The request contradicts what is stored; what was first is kept."""

    code = "conflict"
    exit_code = 6


class Denied(ProvstoreError):
    """The caller may not do that."""

    code = "denied"
    exit_code = 7


class Interrupted(ProvstoreError):
    """The user stopped it (ctrl-C); what was acknowledged is kept and the message says how much."""

    code = "interrupted"
    exit_code = 130
