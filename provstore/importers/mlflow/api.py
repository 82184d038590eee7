"""A live MLflow server over its REST API, with the standard library only.

In: the server's address. Out: records. Lists come in pages; a value that is not finite comes as text; what an older
server does not know (404) is left out. Signing in: `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and
`MLFLOW_TRACKING_PASSWORD`, as for MLflow's own client. Source: MLflow REST API 2.0.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from provstore.errors import BackendUnavailable, BadInput, UsageError, printable
from provstore.importers import strict_json
from provstore.importers.paths import read_capped

# What stands in the path of an address as it is (RFC 3986), escapes included.
_IN_A_PATH: Final = "/%:@!$&'()*+,;=~"
_API: Final = "/api/2.0/mlflow/"
_TIMEOUT_S: Final = 60.0
_MAX_ANSWER_BYTES: Final = 256 * 1024 * 1024
_RETRIES: Final = 3
_RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})


def _parts(url: str) -> tuple[SplitResult, int | None]:
    """The parts of an address, and its port. Raises: UsageError: it is none."""
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as error:
        raise UsageError(
            f"this is no address of a server: {error}", where=printable(url),
            next_step="Write http://HOST:PORT.",
        ) from error  # fmt: skip


class _NoRedirect(HTTPRedirectHandler):
    """A redirect could carry the password to another host."""

    def redirect_request(self, *_: Any) -> None:
        """Never follows."""
        return


class Api:
    """Calls to one server.

    Args: url: the address that MLflow's tracking URI names; a user and password in it are used and never shown.
    """

    def __init__(self, url: str) -> None:
        parts, port = _parts(url)
        host = parts.hostname or ""
        netloc = f"[{host}]" if ":" in host else host
        if port:
            netloc += f":{port}"
        self.address = urlunsplit((parts.scheme, netloc, quote(parts.path.rstrip("/"), safe=_IN_A_PATH), "", ""))
        self._headers = {"Accept": "application/json", **_sign_in(parts.username, parts.password)}
        self._opener = build_opener(_NoRedirect)

    def get(self, endpoint: str, **parameters: object) -> Any:
        """The answer to a GET, or None for 404."""
        query = urlencode({name: value for name, value in parameters.items() if value is not None})
        return self._call(Request(f"{self.address}{_API}{endpoint}?{query}", headers=self._headers))  # noqa: S310

    def post(self, endpoint: str, **body: object) -> Any:
        """The answer to a POST that only reads, or None for 404."""
        content = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        return self._call(Request(f"{self.address}{_API}{endpoint}", data=content, headers=headers))  # noqa: S310

    def pages(self, method: str, endpoint: str, item: str, **arguments: object) -> Iterator[dict[str, Any]]:
        """The items of all pages of a list; none when the server does not know the endpoint."""
        call = self.get if method == "GET" else self.post
        where = f"{self.address}{_API}{endpoint}"
        token, seen = None, set[str]()
        while answer := call(endpoint, page_token=token, **arguments):
            found = answer.get(item)
            if found is not None:
                if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                    raise BadInput(f"{item} is no list of objects", where=where)
                yield from found
            token = _next_page(answer, seen, where)
            if token is None:
                return

    def _call(self, request: Request) -> Any:
        where = f"{self.address}{urlsplit(request.full_url).path.removeprefix(urlsplit(self.address).path)}"
        for attempt in range(1, _RETRIES + 1):
            try:
                with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
                    content = read_capped(answer, max_bytes=_MAX_ANSWER_BYTES, where=where)
                break
            except HTTPError as error:
                with error:
                    if error.code == 404:
                        return None
                    if error.code not in _RETRIED or attempt == _RETRIES:
                        raise _refusal(error, where) from error
            except (URLError, HTTPException, OSError, UnicodeError) as error:
                raise BackendUnavailable(
                    f"the MLflow server does not answer: {getattr(error, 'reason', error)}",
                    where=where,
                    next_step="Is it running, and is this its address?",
                ) from error
        found = strict_json.loads(content, where=where)
        if not isinstance(found, dict):
            raise BadInput("an MLflow server answers with a JSON object", where=where)
        return found


def path_segment(text: str) -> str:
    """`text` as one segment of a URL path."""
    return quote(text, safe="")


def _next_page(answer: dict[str, Any], seen: set[str], where: str) -> str | None:
    """The token of the next page, which `seen` has from then on; None after the last page."""
    token = answer.get("next_page_token")
    if token is None or token == "":
        return None
    if not isinstance(token, str):
        raise BadInput("next_page_token is no text", where=where)
    if token in seen:
        raise BadInput(
            "the server names the next page by a page token that it sent before, so that the list has no end",
            where=where,
            next_step="Is there a proxy between that keeps answers?",
        )
    seen.add(token)
    return token


def _sign_in(user: str | None, password: str | None) -> dict[str, str]:
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user = user or os.environ.get("MLFLOW_TRACKING_USERNAME")
    password = password or os.environ.get("MLFLOW_TRACKING_PASSWORD")
    if not user:
        return {}
    return {"Authorization": "Basic " + b64encode(f"{user}:{password or ''}".encode()).decode()}


def _refusal(error: HTTPError, where: str) -> BackendUnavailable | BadInput:
    try:
        told = str(json.loads(error.read(65_536))["message"])
    except (ValueError, TypeError, KeyError, OSError):
        told = error.reason
    message = f"the MLflow server answers {error.code}: {told[:300]}"
    if error.code in (401, 403):
        return BackendUnavailable(
            message, where=where, next_step="Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD."
        )
    if error.code in _RETRIED or 300 <= error.code < 400:
        return BackendUnavailable(message, where=where, next_step="Try again later, or name the server itself.")
    return BadInput(message, where=where, next_step="Is this the address of an MLflow server?")
