"""The verb `token`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer
from provstore.errors import NotFound, UsageError
from provstore.model import times

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
    path = _database(context)
    if action != "create" and not path.exists():
        _none(context, path, name)
        return
    with _tokens(path) as tokens:
        if action == "create":
            space = context.flags.get("space")
            made = tokens.create(str(name), str(role), [space] if space else [], expires)
            _tell(context, made, f"{made['name']}: {made['token']}")
        elif action == "revoke":
            revoked = tokens.revoke(str(name))
            _tell(context, revoked, f"{name}: revoked")
        else:
            _list(context, tokens.all())


def _database(context: Context) -> Path:
    from provstore.server import settings
    from provstore.server.database import beside

    named = settings.load().database
    return Path(named) if named else beside(context.settings().store)


def _tokens(path: Path) -> Tokens:
    from provstore.server.tokens import Tokens

    return Tokens(path)


def _none(context: Context, path: Path, name: str | None) -> None:
    """Says that there are no tokens yet. Raises: NotFound: one was named."""
    if name is not None:
        raise NotFound("no token has this name", where=name, next_step=f"There are no tokens in {path}.")
    _list(context, [])
    context.say(f"no tokens in {path}")


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
        state = "revoked" if token.revoked else _until(token.expires) if token.expires else "valid"
        click.echo(f"{token.name}  {token.role}  {spaces}  {state}  last used {token.last_used or 'never'}")


def _until(expires: str) -> str:
    return f"{'until' if times.now() < expires else 'expired'} {expires}"
