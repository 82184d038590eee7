"""Bearer tokens of an OpenID Connect issuer: a signed JWT comes in, a caller goes out.

The issuer's keys come from a file: the service opens no address. Source: RFC 7519, section 7.2; RFC 8725, sections 3.1,
3.8 and 3.9 (algorithms, issuer and audience are compared with what was configured, never with the token).
"""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from provstore.errors import BadInput, UsageError
from provstore.server.roles import ROLES, Caller
from provstore.server.settings import ServerSettings

ROLE: Final = "provstore_role"
SPACES: Final = "provstore_spaces"
# Not to be told apart from names of our own tokens, which have no colon.
_NAME: Final = "oidc:"
_LEEWAY_S: Final = 30
_LONGEST: Final = 16_384
_SYMMETRIC: Final = ("HS", "none")
_log: Final = logging.getLogger(__name__)


class Issuer:
    """The configured issuer.

    Raises: UsageError: a setting is missing, or an algorithm needs a shared secret. BadInput: the file holds no keys.
    """

    def __init__(self, server: ServerSettings) -> None:
        if not (server.oidc_audience and server.oidc_keys):
            raise UsageError(
                "an issuer needs an audience and the file of its keys",
                where="oidc_issuer",
                next_step="Set oidc_audience and oidc_keys.",
            )
        if any(one.startswith(_SYMMETRIC) for one in server.oidc_algorithms) or not server.oidc_algorithms:
            raise UsageError("an issuer signs with a key of its own", where="oidc_algorithms")
        self._algorithms = list(server.oidc_algorithms)
        self._path = Path(server.oidc_keys)
        self._expected: dict[str, Any] = {
            "iss": {"essential": True, "value": server.oidc_issuer},
            "aud": {"essential": True, "value": server.oidc_audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }
        self._lock = threading.Lock()
        self._read_at = -1
        self._keys = self._current_keys()

    def caller(self, text: str) -> Caller | None:
        """Who shows this token; None: it is not valid, or gives no role here."""
        if len(text) > _LONGEST:
            return None
        try:
            token = jwt.decode(text, self._current_keys(), algorithms=self._algorithms)
            jwt.JWTClaimsRegistry(leeway=_LEEWAY_S, **self._expected).validate(token.claims)
        except (JoseError, ValueError, RecursionError):
            return None
        return _caller(token.claims)

    def _current_keys(self) -> KeySet:
        """The keys as the file has them now: issuers change theirs. The last good ones while it is being written."""
        with self._lock:
            try:
                changed = self._path.stat().st_mtime_ns
                if changed != self._read_at:
                    self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
                    self._read_at = changed
            except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
                if self._read_at >= 0:
                    _log.warning("the issuer's keys are those that were last read: %s", error)
                    return self._keys
                raise BadInput(
                    f"this is no JWK set: {error}",
                    where=str(self._path),
                    next_step="It is what the issuer's jwks_uri gives.",
                ) from error
            return self._keys


def _caller(claims: dict[str, Any]) -> Caller | None:
    """The caller whom the claims name; without a role, or with spaces that are none, there is none."""
    subject, role, spaces = claims["sub"], claims.get(ROLE), claims.get(SPACES)
    known = next((one for one in ROLES if one == role), None)
    if known is None or not isinstance(subject, str) or not isinstance(spaces, list):
        return None
    if not spaces or not all(isinstance(one, str) and one for one in spaces):
        return None
    return Caller(_NAME + subject, known, None if "*" in spaces else frozenset(spaces))
