"""The entry point `provstore`: finds the verb, runs it, and turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import io
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from provstore import __version__
from provstore.cli.output import fail
from provstore.cli.verbs import MODULES, VERBS
from provstore.errors import BackendUnavailable, BadInput, ProvstoreError, UsageError, printable

INTERRUPTED = 130
_AGAIN_S = 0.01
# What a file system says when there is no room for an answer.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class _Verbs(click.Group):
    """Loads a verb's module when it is called; lists all verbs by theme without loading any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        command: click.Command = import_module(f"provstore.cli.{MODULES[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in MODULES or args[0].startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(args[0], MODULES)
        known = f"Did you mean {' or '.join(near)}?" if near else "All verbs: provstore --help"
        raise UsageError(f"there is no verb {args[0]!r}", next_step=known)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for theme, verbs in VERBS.items():
            with formatter.section(theme):
                formatter.write_dl([(verb, short) for verb, (_, short) in verbs.items()])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="provstore")
@click.option(
    "--store",
    metavar="LOCATION",
    help="The store: one file, or a database postgresql://USER@HOST/NAME [default: ./provstore.db].",
)
@click.option("--graph", metavar="LOCATION", help="The graph engine [default: the store itself].")
@click.option("--space", metavar="NAME", help="The space that documents lie in; for questions: see only that space.")
@click.option("--actor", metavar="NAME", help="Who acts [default: user@host].")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout, errors as JSON on stderr.")
@click.option("--quiet", is_flag=True, help="No progress and no messages.")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug.")
@click.pass_context
def cli(ctx: click.Context, /, **options: Any) -> None:
    """What was this model made from, and what depends on that data set?

    provstore records what was made, from which inputs, by which run and by whom, as W3C PROV in an append-only ledger,
    and answers questions about it. The options here may also stand after the verb. The examples in the help of the
    verbs ask about the records of `provstore demo`.

    \b
    Examples:
      provstore demo
      provstore import mlflow.db
      provstore upstream mlflow:model/churn/3
    """
    ctx.ensure_object(dict).update({key: value for key, value in options.items() if value})


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits with one of the codes of docs/reference/exit-codes.md."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _speak(as_json="--json" in words)
    _heed_interrupts()
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; nothing escapes but SystemExit of the interpreter."""
    as_json, debug = "--json" in words, "--debug" in words
    try:
        outcome = cli.main(args=list(words), prog_name="provstore", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except ProvstoreError as error:
        fail(error, as_json=as_json)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        _usage(error, as_json=as_json)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("provstore: interrupted; what was acknowledged is kept", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe left (`| head`): what it wanted was written.
        sys.stderr.close()
        return 0
    except Exception as error:
        known = _known(error, words)
        if known is None:
            return _bug(error, as_json=as_json, debug=debug)
        fail(known, as_json=as_json)
        return known.exit_code


def _speak(*, as_json: bool) -> None:
    """Sets how stdout is written: JSON is UTF-8 wherever it goes; text for people loses nothing to a narrow locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8" if as_json else None, errors="backslashreplace")


def _heed_interrupts() -> None:
    """An interrupt comes again when it came where Python raises nothing: in a finalizer, or while a module is loaded.

    Source: the library reference, `sys.unraisablehook`.
    """
    shown = sys.unraisablehook

    def heed(unraisable: Any) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            # Not here: it would be lost in this function as it was there.
            again = threading.Timer(_AGAIN_S, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
            again.daemon = True
            again.start()
        else:
            shown(unraisable)

    if hasattr(signal, "pthread_kill"):
        sys.unraisablehook = heed


def _known(error: Exception, words: Sequence[str]) -> ProvstoreError | None:
    """What the user can do something about, though it comes from the machine below; None: it is a bug."""
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        # Python makes them of bytes on the command line that are no UTF-8.
        shown = map(printable, words)
        odd = next((text for text, word in zip(shown, words, strict=True) if text != word), None)
        return UsageError("a word of the command line is no UTF-8 text", where=odd) if odd else None
    if isinstance(error, ValueError) and "embedded null" in str(error):
        return UsageError("a word of the command line holds a NUL, which no path has")
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return BadInput(f"this is no path: {error.strerror}", where=error.filename)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return BackendUnavailable(f"it cannot be written: {error.strerror}", where=error.filename)
    return None


def _usage(error: click.ClickException, *, as_json: bool) -> None:
    if as_json:
        fail(UsageError(error.format_message()), as_json=True)
    else:
        error.show()


def _bug(error: Exception, *, as_json: bool, debug: bool) -> int:
    from provstore.cli.bugs import report

    fail(report(error, debug=debug), as_json=as_json)
    return 70
