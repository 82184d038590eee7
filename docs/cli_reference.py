"""Writes docs/reference/cli.md from the commands themselves: `python docs/cli_reference.py`."""

from __future__ import annotations

from pathlib import Path

import click

from provstore.cli.main import cli
from provstore.cli.verbs import VERBS

TARGET = Path(__file__).parent / "reference" / "cli.md"
_WIDTH = 110
_INTRODUCTION = """\
# Command line

Written from the commands by `python docs/cli_reference.py`.

The options of `provstore` itself stand before or after the verb. Settings come from a flag, else from the environment
(`PROVSTORE_STORE`, `PROVSTORE_GRAPH`, ...), else from `provstore.toml` or `~/.config/provstore/config.toml`, else they
are the default; `provstore config show --origin` shows which.

See also [exit codes](exit-codes.md) and [JSON](json.md).
"""


def text() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, _help(cli, "provstore", None)]
    for theme, verbs in VERBS.items():
        parts.append(f"## {theme}\n")
        for verb in verbs:
            context = click.Context(cli, info_name="provstore", max_content_width=_WIDTH)
            command = cli.get_command(context, verb)
            assert command is not None, f"the verb {verb} is listed and has no command"
            parts.append(f"### {verb}\n")
            parts.append(_help(command, verb, context))
            parts.extend(_below(command, verb, context))
    return "\n".join(parts)


def _below(command: click.Command, name: str, context: click.Context) -> list[str]:
    """The help of the commands below a group such as `graph`."""
    if not isinstance(command, click.Group):
        return []
    own = click.Context(command, info_name=name, parent=context, max_content_width=_WIDTH)
    return [_help(inner, word, own) for word, inner in sorted(command.commands.items())]


def _help(command: click.Command, name: str, parent: click.Context | None) -> str:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        max_content_width=_WIDTH,
        terminal_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    lines = [line.rstrip() for line in command.get_help(context).splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
