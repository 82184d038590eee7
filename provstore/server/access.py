"""The one door: every route depends on `authorize`, which denies what no row of the access table allows.

In: a request. Out: nothing, or an error; the caller is in the request's state, for the routes and the log.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request

from provstore.errors import Denied, UsageError
from provstore.server.problems import Unauthenticated
from provstore.server.roles import Action, Caller
from provstore.server.service import Service

# The tag of operations whose clients are another service's.
FOREIGN_TAG: Final = "mlflow"


async def enter(request: Request) -> None:
    """The door of every route. One function, since each costs as much again; async, since others would take a thread.

    Raises: as `authorize` and `require_known_parameters`.
    """
    authorize(request)
    require_known_parameters(request)


def authorize(request: Request) -> None:
    """Lets a request through whose route has a row that the caller's role satisfies.

    Raises: Unauthenticated: no valid token. Denied: the role, or no row. Busy: too many requests.
    """
    route = f"{request.method} {getattr(request.scope.get('route'), 'path', None)}"
    action = request.app.state.access.get(route)
    state = request.scope["state"]
    state["route"], state["action"] = route, action or "unknown"
    if action == "open":
        return
    caller = _caller(request, request.app.state.service)
    state["caller"] = caller
    if action is None:
        raise Denied("this route has no row in the access table", where=route)
    caller.require(action)


def _caller(request: Request, service: Service) -> Caller:
    address = request.client.host if request.client else None
    shown = _shown(request.headers.get("authorization", ""))
    caller = service.caller(shown) if shown else None
    if caller is None:
        # Who shows a valid one is let in, whoever else sends from that address, such as through a proxy.
        service.rates.failed(address)
        raise Unauthenticated(
            "this token is not valid" if shown else "a token is needed",
            next_step="Send the header `Authorization: Bearer psk_...`; tokens are made by `provstore token create`.",
        )
    service.rates.count(caller)
    return caller


def _shown(header: str) -> str | None:
    """The token of an Authorization header: a bearer token, or the password of basic credentials."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip() or None
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[2] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def require_known_parameters(request: Request) -> None:
    """Raises: UsageError: the route has no such parameter, so an answer would be to another question than was meant."""
    if not request.query_params or request.scope["state"]["action"] == "open":
        return
    known = _parameters(request)
    if known is None:
        return
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, 1)
        hint = f"Nearest: {near[0]}." if near else f"Known: {', '.join(known) or 'none'}."
        raise UsageError("this route has no such parameter", where=unknown[0][:100], next_step=hint)


def _parameters(request: Request) -> list[str] | None:
    """The query parameters of a request's route, as the description of the service has them.

    None: these are those of another service's clients, which may send more than it knows.
    """
    path = request.scope["route"].path.replace(":path}", "}")
    operation = request.app.openapi()["paths"].get(path, {}).get(request.method.lower())
    if operation is None or FOREIGN_TAG in operation["tags"]:
        return None
    return [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]


@dataclass(frozen=True, slots=True)
class Call:
    """What a route works with: the service, who asks, and the request."""

    service: Service
    caller: Caller
    request: Request


async def call(request: Request) -> Call:
    """The call of a request that was let through. Like all dependencies no plain function: that would take a thread."""
    return Call(request.app.state.service, request.scope["state"]["caller"], request)


Calling = Annotated[Call, Depends(call)]
IdempotencyKey = Annotated[
    str | None, Header(description="The same key with other content is a conflict.", min_length=1, max_length=200)
]
Rows = Mapping[str, Action]


async def service_of(request: Request) -> Any:
    """The service, for routes that are open."""
    return request.app.state.service


Serving = Annotated[Service, Depends(service_of)]
