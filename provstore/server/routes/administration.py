"""Tokens, and the access log."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from provstore.importers.strict_json import loads
from provstore.server.access import Calling, Rows
from provstore.server.answers import JsonAnswer
from provstore.server.bodies import body
from provstore.server.problems import wrong_parameters

router = APIRouter(tags=["administration"])
ACCESS: Final[Rows] = {
    "GET /api/v1/tokens": "administer",
    "POST /api/v1/tokens": "administer",
    "DELETE /api/v1/tokens/{name}": "administer",
    "GET /api/v1/access": "audit",
}


_MAX_BYTES: Final = 65_536
_EXAMPLE: Final = {"name": "ann", "role": "writer", "spaces": ["team-a"], "expires": "2027-01-01T00:00:00Z"}


class NewToken(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(description="Letters, digits and . _ @ -; it is the actor of what is written with the token.")
    role: str = Field(description="reader, writer, auditor or admin.")
    spaces: list[str] | None = Field(
        default=None, min_length=1, description="The spaces that it is for; without it: every space."
    )
    expires: str | None = Field(default=None, description="A time; none: never.", examples=["2027-01-01T00:00:00Z"])


@router.get("/api/v1/tokens", summary="Every token, without its text")
def tokens(call: Calling) -> Response:
    """Names, roles, spaces, times of creation, expiry, last use and revocation."""
    return JsonAnswer({"tokens": [token.as_json() for token in call.service.tokens.all()]})


@router.post(
    "/api/v1/tokens",
    status_code=201,
    summary="Make a token",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": NewToken.model_json_schema(), "example": _EXAMPLE}},
        }
    },
)
async def create(call: Calling, request: Request) -> Response:
    """The answer is the only place where the token's text ever stands."""
    try:
        given = NewToken.model_validate(loads(await body(request, _MAX_BYTES), where="body"))
    except ValidationError as error:
        raise wrong_parameters([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    made = call.service.tokens.create(given.name, given.role, given.spaces or [], given.expires)
    return JsonAnswer(made, status_code=201)


@router.delete("/api/v1/tokens/{name}", summary="Revoke a token")
def revoke(call: Calling, name: str) -> Response:
    """It is refused from the next request on."""
    return JsonAnswer(call.service.tokens.revoke(name))


@router.get("/api/v1/access", summary="Who read, wrote, exported and administered what")
def access(
    call: Calling,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Older than this sequence.")] = None,
    actor: str | None = None,
    action: str | None = None,
) -> Response:
    """The newest first; an auditor of some spaces sees the requests of callers who see none but these."""
    log, spaces = call.service.access_log, call.caller.spaces
    return JsonAnswer(log.read(limit=limit, before=before, spaces=spaces, actor=actor, action=action).as_json())
