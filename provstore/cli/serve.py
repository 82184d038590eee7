"""The verb `serve`."""

from __future__ import annotations

from typing import Any

import click

from provstore.cli.common import Context, verb
from provstore.errors import UsageError


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

    \b
    Examples:
      provstore serve
      provstore serve --host 0.0.0.0 --port 8443 --tls-certificate cert.pem --tls-key key.pem
    """
    try:
        from provstore.server import settings
        from provstore.server.running import run
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the service needs the package {error.name}", next_step="pip install 'provstore[server]'"
        ) from error
    run(context.settings(), settings.load(options), lambda text: click.echo(text, err=True))
