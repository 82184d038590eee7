"""Tokens of the service: made and shown once, kept as a hash, looked up at every request.

Source: OWASP API Security Top 10 (2023), API2; docs/reference/http.md, "Who may do what".
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from provstore.errors import Conflict, NotFound, UsageError
from provstore.model import times
from provstore.model.times import instant
from provstore.server.database import connect, sql, translated
from provstore.server.roles import Caller, Role, limited, role

PREFIX: Final = "psk_"
_BYTES: Final = 32
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
# How often the last use of a token is noted.
_NOTED_EVERY_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; times are UTC text. `spaces` None: every space."""

    id: int
    name: str
    role: Role
    spaces: frozenset[str] | None
    created: str
    expires: str | None
    last_used: str | None
    revoked: str | None

    def is_valid(self, now: str) -> bool:
        """True when it is neither revoked nor expired."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    def as_json(self) -> dict[str, Any]:
        """The token without its secret, which nobody has any more."""
        shown = {name: getattr(self, name) for name in ("name", "role", "created", "expires", "last_used", "revoked")}
        return shown | {"spaces": None if self.spaces is None else sorted(self.spaces)}


class Tokens:
    """The tokens in the service's database; a context manager. Args: path: of the database, made when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = connect(path)

    def __enter__(self) -> Tokens:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database."""
        self._connection.close()

    def create(
        self, name: str, given_role: str, given_spaces: Collection[str] = (), expires: str | None = None
    ) -> dict[str, Any]:
        """Makes a token; the answer is the only place where its text ever stands.

        Args: given_spaces: none: every space. expires: a time, None: never.
        Raises: UsageError: a word that is none, or a time that has passed. Conflict: a valid token has the name.
        """
        if not _NAME.fullmatch(name):
            raise UsageError("a name has letters, digits and . _ @ -, 100 at most", where=name[:100])
        known, seen, until = role(given_role), limited(given_spaces), _later(expires)
        text = PREFIX + secrets.token_urlsafe(_BYTES)
        spaces = None if seen is None else sorted(seen)
        values = {
            "name": name, "hash": _hash(text), "role": known, "spaces": None if spaces is None else json.dumps(spaces),
            "created": times.now(), "expires": until,
        }  # fmt: skip
        with self._lock, translated(self._path):
            try:
                self._connection.execute(sql("add_token"), values)
            except sqlite3.IntegrityError:
                raise Conflict(
                    "a token of this name exists already",
                    where=name,
                    next_step=f"Revoke it first: provstore token revoke {name}",
                ) from None
        return {"name": name, "role": known, "spaces": spaces, "expires": until, "token": text}

    def revoke(self, name: str) -> dict[str, Any]:
        """Revokes a token; it is refused from now on. Raises: NotFound: no valid token has the name."""
        values = {"name": name, "time": times.now()}
        with self._lock, translated(self._path):
            if self._connection.execute(sql("revoke_token"), values).rowcount == 0:
                raise NotFound("no token has this name", where=name, next_step="List them: provstore token list")
        return {"name": name, "revoked": values["time"]}

    def all(self) -> list[Token]:
        """Every token, the revoked ones too, the oldest first."""
        with self._lock, translated(self._path):
            return [_token(row) for row in self._connection.execute(sql("tokens"))]

    def caller(self, text: str) -> Caller | None:
        """Who shows this token; None: it is none, or not valid any more. Its use is noted."""
        now = times.now()
        with self._lock, translated(self._path):
            row = self._connection.execute(sql("token_by_hash"), (_hash(text),)).fetchone()
            token = _token(row) if row else None
            if token is None or not token.is_valid(now):
                return None
            if token.last_used is None or _seconds_between(token.last_used, now) > _NOTED_EVERY_S:
                self._connection.execute(sql("used_token"), {"id": token.id, "time": now})
        return Caller(token.name, token.role, token.spaces)


def _hash(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _token(row: tuple[Any, ...]) -> Token:
    number, name, role_, spaces, created, expires, last_used, revoked = row
    seen = None if spaces is None else frozenset(json.loads(spaces))
    return Token(
        id=number, name=name, role=role_, spaces=seen, created=created, expires=expires, last_used=last_used,
        revoked=revoked,
    )  # fmt: skip


def _later(written: str | None) -> str | None:
    if written is None:
        return None
    moment = instant(written)
    if moment is None:
        raise UsageError(f"{written!r} is no time", where="expires", next_step="Write it as 2027-01-01T00:00:00Z.")
    if moment.utc <= times.now():
        raise UsageError(f"expected a time to come, found {moment.utc}", where="expires")
    return moment.utc


def _seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
