"""The verb `config`."""

from __future__ import annotations

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer


@verb("config")
@click.argument("action", type=click.Choice(["show"]), default="show")
@click.option("--origin", is_flag=True, help="Also where each value comes from.")
def command(context: Context, action: str, origin: bool) -> None:
    """Shows the settings in force: a flag beats the environment, that beats the file, that beats the default.

    \b
    Example:
      provstore config show --origin
    """
    from provstore.server import settings as server
    from provstore.settings import resolve

    found = resolve({name: context.flags.get(name) for name in ("store", "graph", "space", "actor")})
    found += server.origins({})
    if context.as_json:
        answer({one.name: {"value": one.shown, "origin": one.origin} if origin else one.shown for one in found})
        return
    for one in found:
        click.echo(f"{one.name} = {one.shown}" + (f"    ({one.origin})" if origin else ""))
