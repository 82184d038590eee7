"""The verb `serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from provstore.cli.common import Context, verb
from provstore.cli.output import answer
from provstore.errors import UsageError

if TYPE_CHECKING:
    from provstore.server.running import Started


@verb("serve")
@click.option("--host", metavar="ADDRESS", help="Where to listen [default: 127.0.0.1].")
@click.option("--port", type=click.IntRange(0, 65_535), help="0 is any free port [default: 8000].")
@click.option("--tls-certificate", metavar="FILE", help="PEM file; with --tls-key.")
@click.option("--tls-key", metavar="FILE", help="PEM file.")
@click.option(
    "--insecure", is_flag=True, default=None, help="Listen on another address than this machine's without TLS."
)
def command(context: Context, **options: Any) -> None:
    """The HTTP service on the store, until ctrl-C. Needs: pip install 'provstore[server]'.

    At the first start an administrator's token is made and shown once; more are made with `provstore token create`.
    With --json the address and that token are one JSON value on stdout.

    \b
    Examples:
      provstore serve
      provstore serve --port 0 --json
      provstore serve --host 0.0.0.0 --port 8443 --tls-certificate cert.pem --tls-key key.pem
    """
    try:
        from provstore.server import settings
        from provstore.server.running import run
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the service needs the package {error.name}", next_step="pip install 'provstore[server]'"
        ) from error

    def tell(started: Started) -> None:
        if context.as_json:
            answer(started.as_json())
            return
        for line in started.lines():
            click.echo(line, err=True)

    run(context.settings(), settings.load(options), tell)
