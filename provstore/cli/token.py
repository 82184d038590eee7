"""The verb `token`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer
from provstore.errors import UsageError

if TYPE_CHECKING:
    from provstore.server.tokens import Token, Tokens


@verb("token")
@click.argument("action", type=click.Choice(["create", "list", "revoke"]))
@click.argument("name", required=False)
@click.option("--role", metavar="ROLE", help="reader, writer, auditor or admin.")
@click.option("--expires", metavar="TIME", help="When it ends [default: never].")
def command(context: Context, action: str, name: str | None, role: str | None, expires: str | None) -> None:
    """Tokens of the service: makes one (shown this once), lists them, revokes one. With --space it is for that alone.

    \b
    Examples:
      provstore token create ann --role writer --space team-a
      provstore token create audit --role auditor --expires 2027-01-01
      provstore token list
      provstore token revoke ann
    """
    if (action == "list") != (name is None) or (action == "create") != (role is not None):
        raise UsageError(
            "token needs: create NAME --role ROLE, list, or revoke NAME",
            next_step="Example: provstore token create ann --role reader",
        )
    with _tokens(context) as tokens:
        if action == "create":
            space = context.flags.get("space")
            made = tokens.create(str(name), str(role), [space] if space else [], expires)
            _tell(context, made, f"{made['name']}: {made['token']}")
        elif action == "revoke":
            revoked = tokens.revoke(str(name))
            _tell(context, revoked, f"{name}: revoked")
        else:
            _list(context, tokens.all())


def _tokens(context: Context) -> Tokens:
    from provstore.server import settings
    from provstore.server.database import beside
    from provstore.server.tokens import Tokens

    named = settings.load().database
    return Tokens(Path(named) if named else beside(context.settings().store))


def _tell(context: Context, shape: dict[str, object], line: str) -> None:
    if context.as_json:
        answer(shape)
    else:
        click.echo(line)


def _list(context: Context, tokens: list[Token]) -> None:
    if context.as_json:
        answer({"tokens": [token.as_json() for token in tokens]})
        return
    for token in tokens:
        spaces = "every space" if token.spaces is None else ", ".join(sorted(token.spaces))
        state = "revoked" if token.revoked else f"until {token.expires}" if token.expires else "valid"
        click.echo(f"{token.name}  {token.role}  {spaces}  {state}  last used {token.last_used or 'never'}")
