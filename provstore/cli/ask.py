"""The verb `ask`."""

from __future__ import annotations

from typing import BinaryIO, Final

import click

from provstore.cli.common import Context, Number, rendering_options, show, verb
from provstore.errors import BadInput, UsageError
from provstore.graph.contract import Limits

LANGUAGES: Final = ("sql", "cypher", "gremlin")
_LIMITS: Final = Limits()


@verb("ask")
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--sql", type=click.File("rb"), help="Run the query in FILE on the embedded engine; it may only read.")
@click.option("--cypher", type=click.File("rb"), help="The same on Neo4j.")
@click.option("--gremlin", type=click.File("rb"), help="The same on a Gremlin server.")
@click.option("--timeout", type=Number(0.001), default=_LIMITS.timeout_s, metavar="SECONDS",
              help=f"Time limit for --sql/--cypher/--gremlin, in seconds [{_LIMITS.timeout_s:g}].")  # fmt: skip
@click.option("--max-rows", type=click.IntRange(1), default=_LIMITS.max_rows, metavar="N",
              help=f"Most rows that --sql/--cypher/--gremlin give [{_LIMITS.max_rows}].")  # fmt: skip
@rendering_options("table")
def command(
    context: Context,
    question: str | None,
    parameters: tuple[str, ...],
    timeout: float,
    max_rows: int,
    rendering: str | None,
    output: str | None,
    **files: BinaryIO | None,
) -> None:
    """Runs a query template on the graph engine; without a QUESTION, lists the templates.

    \b
    Examples:
      provstore ask
      provstore ask upstream start=urn:provstore:mlflow:model/churn/3
      provstore ask --sql own.sql
    """
    own = [(language, file) for language in LANGUAGES if (file := files[language]) is not None]
    if len(own) + (question is not None) > 1:
        raise UsageError("one question at a time", next_step="Give a QUESTION, or one file.")
    with context.open() as store:
        if own:
            language, file = own[0]
            result = store.ask_text(language, _text(file), Limits(timeout, max_rows))
        elif question:
            result = store.ask(question, _given(parameters))
        else:
            result = store.templates()
        if context.view() and (own or question):
            context.say("a query on the graph sees every space, whatever --space says")
        show(context, result, rendering, output)


def _text(file: BinaryIO) -> str:
    try:
        return file.read().decode()
    except UnicodeDecodeError as error:
        raise BadInput("the query is not in UTF-8", where=f"{file.name}, byte {error.start}") from error


def _given(words: tuple[str, ...]) -> dict[str, str]:
    given: dict[str, str] = {}
    for key, value in map(_pair, words):
        if key in given:
            step = "Give it once; where it takes several, with blanks between."
            raise UsageError(f"{key} is given twice", where=f"{key}={value}", next_step=step)
        given[key] = value
    return given


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"expected KEY=VALUE, found {text!r}")
    return key, value
