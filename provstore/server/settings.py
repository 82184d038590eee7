"""The settings of the service: the section `[server]` of the file, `PROVSTORE_SERVER_*` in the environment.

Source of the limits: rule 33. All of them: docs/reference/settings.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from provstore.errors import UsageError
from provstore.settings import Origin, resolve

SECTION: Final = "server"
LOCAL_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Every setting of the service with its default.

    `host`, `port`: where it listens (0: any free port). `tls_certificate`, `tls_key`: PEM files. `insecure`: listen on
    another address than this machine's own without TLS, such as behind a proxy. `allowed_hosts`: names that requests
    may be sent to, `*` for any (empty: this machine's and `host`). `cors_origins`: web origins that may ask.
    `database`: the file of tokens and access log (empty: beside the store). `mlflow_artifacts`: the directory that
    keeps the bytes of MLflow's artifacts (empty: none are kept).

    Limits: `max_body_bytes` of a request, `max_stream_bytes` of one whose lines are taken one by one, `max_records` of
    a batch, `requests_per_minute` of a token, `failures_per_minute` of an address that shows no valid one,
    `heavy_queries` at once, `query_timeout_s` of each, `max_depth`, `max_nodes` and `max_edges` of a lineage,
    `max_page` elements a page, `max_waiting` writes that wait,
    `max_artifact_bytes` of one artifact, `stop_timeout_s` for requests to end when it stops.

    OpenID Connect: `oidc_issuer` (empty: off), `oidc_audience`, `oidc_keys` (file of the issuer's JWK set),
    `oidc_algorithms` that are trusted.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    tls_certificate: str = ""
    tls_key: str = ""
    insecure: bool = False
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    database: str = ""
    mlflow_artifacts: str = ""
    max_body_bytes: int = 16 * 1024 * 1024
    max_stream_bytes: int = 1024 * 1024 * 1024
    max_records: int = 50_000
    requests_per_minute: int = 600
    failures_per_minute: int = 20
    heavy_queries: int = 10
    query_timeout_s: float = 30.0
    max_depth: int = 1_000
    max_nodes: int = 100_000
    max_edges: int = 500_000
    max_page: int = 1_000
    max_waiting: int = 2_000
    max_artifact_bytes: int = 1024 * 1024 * 1024
    stop_timeout_s: float = 10.0
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_keys: str = ""
    oidc_algorithms: tuple[str, ...] = ("RS256", "ES256")

    @property
    def is_local(self) -> bool:
        """True when only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def hosts(self) -> list[str]:
        """The names that requests may be sent to."""
        return list(self.allowed_hosts or dict.fromkeys([*LOCAL_NAMES, self.host]))

    def require_safe(self) -> None:
        """Raises: UsageError: others could read what is sent, or TLS is half configured."""
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise UsageError("TLS needs a certificate and its key", next_step="Give --tls-certificate and --tls-key.")
        if not (self.is_local or self.tls_certificate or self.insecure):
            raise UsageError(
                f"{self.host} can be reached by other machines, and tokens would be sent in the clear",
                where="--host",
                next_step="Give --tls-certificate and --tls-key, or --insecure where a proxy before it has TLS.",
            )


def origins(flags: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> list[Origin]:
    """Every setting with its value and origin. Raises: as `provstore.settings.resolve`."""
    return resolve(flags, environment, of=ServerSettings, section=SECTION)


def load(flags: Mapping[str, object] | None = None, environment: Mapping[str, str] = os.environ) -> ServerSettings:
    """The settings in force. Raises: as `provstore.settings.resolve`."""
    values: dict[str, Any] = {one.name.partition(".")[2]: one.value for one in origins(flags or {}, environment)}
    return ServerSettings(**values)
