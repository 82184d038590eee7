"""The question `ask`: the query templates of `queries/`, and running one, or a person's own query, on the graph engine.

A template is a file with a header of comments: `question: NAME`, `returns: COLUMN, ...`, `access: read`, then
`parameter NAME: TYPE` (in one line or several, two spaces or more between them), then what it answers. Types are
`string`, `iri` (a full IRI or a prefixed name), `iris` (several, blanks between them), `attribute` (one, bound as its
IRI, or as the list of the properties that hold it: rule 30), `number`, `integer` and `integer LOW..HIGH`; `= DEFAULT`
makes a parameter optional. An `iri` that must be given is an element.
Source: rule 24; docs/reference/queries.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from provstore import resources
from provstore.errors import NotFound, ProvstoreError, UsageError
from provstore.graph.contract import Engine, Limits, Queryable
from provstore.model.names import Prefixes
from provstore.questions.answering import Bound, Values, answered
from provstore.questions.resolve import resolve, resolve_one
from provstore.questions.result import Table, Truncated, finite_or_text

_ENDINGS: Final = {"sql": "--", "cypher": "//", "gremlin": "//"}
_PARAMETER: Final = re.compile(
    r"parameter (?P<name>\w+): (?P<type>string|iri|iris|attribute|number|integer)"
    r"(?: (?P<low>-?\d+)\.\.(?P<high>-?\d+))?(?: = ?(?P<default>.*))?"
)
# With one more, which tells whether there are more, this is what drivers can be asked for (int32).
MOST_ROWS: Final = 2**31 - 2
_INT64: Final = range(-(2**63), 2**63)
_PART: Final = re.compile(r"(question|returns|access|parameter) ?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A template's parameter: its type, an integer's range (None: any), its default (None: it must be given)."""

    name: str
    type: str
    low: int | None = None
    high: int | None = None
    default: str | None = None

    def __str__(self) -> str:
        bounds = f" {self.low}..{self.high}" if self.low is not None else ""
        return f"{self.name}: {self.type}{bounds}" + (f" = {self.default}" if self.default is not None else "")

    @property
    def is_element(self) -> bool:
        """True when its value names one element, or several."""
        return self.type in ("iri", "iris") and self.default is None

    def read(self, given: object, prefixes: Prefixes) -> Bound:
        """The value of what was typed.

        Raises: UsageError: it is of another type, out of range, or no text that can be sent.
        """
        if self.type == "iris" and isinstance(given, list | tuple):
            return [_named(self._text(one), prefixes) for one in given]
        text = self._text(given)
        match self.type:
            case "string":
                return text
            case "iri":
                return _named(text, prefixes)
            case "iris":
                return [_named(one, prefixes) for one in text.split()]
            case "attribute":
                # As in expressions, a bare name is one of ours (rule 28).
                return _named(text if ":" in text or not text else f"ps:{text}", prefixes)
            case _:
                return self._number(text)

    def _text(self, given: object) -> str:
        text = str(given)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self._refused(text) from None
        return text

    def _number(self, text: str) -> int | float:
        try:
            value = int(text) if self.type == "integer" else float(text)
        except ValueError:
            raise self._refused(text) from None
        outside = self.low is not None and self.high is not None and not self.low <= value <= self.high
        if outside or not math.isfinite(value) or (isinstance(value, int) and value not in _INT64):
            raise self._refused(text)
        return value

    def _refused(self, text: str) -> UsageError:
        return UsageError(f"expected {self}, found {text!r}")


@dataclass(frozen=True, slots=True)
class Template:
    """A query template: its question, where it lies (`audit/copies`), its parameters, columns, and what it answers."""

    question: str
    place: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    answers: str


def ask(engine: Engine, prefixes: Prefixes, question: str, given: Mapping[str, object] | None = None) -> Table:
    """The rows of a query template, run read-only on the engine; parameters are bound.

    Args: given: parameters by name, as typed; `iris` also as a list.
    Raises: NotFound: there is no such question. UsageError: a parameter is missing, unknown or of another type.
    """
    language = engine.capabilities.templates
    known = {template.question: template for template in all_templates(language)}
    if question not in known:
        near = get_close_matches(question, known)
        hint = f"Nearest: {', '.join(near)}." if near else "List the questions with `provstore ask`."
        raise NotFound("there is no such question", where=question, next_step=hint)
    template = known[question]
    bound = _bound(template, given or {}, prefixes)
    found = answered(engine, template.place, _values(template, bound), prefixes)
    ready = tuple(tuple(map(_json_ready, row)) for row in found.rows)
    return Table(question=question, parameters=bound, columns=found.columns, rows=ready, truncated=found.truncated)


def with_elements(
    engine: Engine, prefixes: Prefixes, question: str, given: Mapping[str, object]
) -> Mapping[str, object]:
    """`given`, with elements named by IRI, as every question names them.

    Raises: NotFound: nothing has that name. Ambiguous: it means several. UsageError: it is empty, or no such name.
    """
    known = {one.question: one for one in all_templates(engine.capabilities.templates)}
    elements = {one.name: one for one in known[question].parameters if one.is_element} if question in known else {}
    return {
        name: _elements(engine, prefixes, elements[name], value) if name in elements else value
        for name, value in given.items()
    }


def _elements(engine: Engine, prefixes: Prefixes, parameter: Parameter, value: object) -> object:
    if parameter.type == "iri":
        return resolve_one(engine, prefixes, str(value))
    named = list(value) if isinstance(value, list | tuple) else str(value).split()
    if not named:
        raise UsageError(f"expected {parameter}, found none")
    return [iri for name in named for iri in resolve(engine, prefixes, str(name))]


def ask_text(engine: Engine, language: str, text: str, limits: Limits) -> Table:
    """The rows of a person's own query, which may only read the graph, within limits.

    Args: language: that the query is in, `sql`, `cypher` or `gremlin`.
    Raises: UsageError: the engine speaks another language; the query is wrong, does more than read, or took too long.
    """
    spoken = engine.capabilities.templates
    if language != spoken or not isinstance(engine, Queryable):
        raise UsageError(
            f"this graph engine takes no query in {language}", next_step=f"It is asked with --{spoken} FILE."
        )
    limits = replace(limits, max_rows=min(limits.max_rows, MOST_ROWS))
    rows = engine.query(text, limits)
    truncated = Truncated("limit", limits.max_rows, None) if rows.cut else None
    ready = tuple(tuple(map(_json_ready, row)) for row in rows.rows)
    return Table(question="ask", parameters={}, columns=rows.columns, rows=ready, truncated=truncated)


def _json_ready(cell: Any) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(cell, list):
        return [_json_ready(one) for one in cell]
    if isinstance(cell, dict):
        return {name: _json_ready(one) for name, one in cell.items()}
    return finite_or_text(cell)


def templates(engine: Engine) -> Table:
    """The questions that `ask` answers on this engine, with their parameters and columns."""
    rows = tuple(
        (one.question, ", ".join(map(str, one.parameters)), ", ".join(one.columns), one.answers)
        for one in all_templates(engine.capabilities.templates)
    )
    return Table(question="ask", parameters={}, columns=("question", "parameters", "columns", "answers"), rows=rows)


@cache
def all_templates(language: str) -> tuple[Template, ...]:
    """The templates of a query language (`sql`, `cypher`, `gremlin`), by question."""
    root = resources.directory("queries")
    found = [_read(path, path.relative_to(root), language) for path in sorted(root.rglob(f"*.{language}"))]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.question))


def _read(path: Path, place: Path, language: str) -> Template | None:
    """The template of a file, or None for a file that is only a part of another question."""
    comment = _ENDINGS[language]
    header: list[str] = []
    answers: list[str] = []
    parts: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(comment):
            break
        text = line.removeprefix(comment).strip()
        (header if _PART.match(text) else answers).append(text)
    parameters = []
    for part in (part for line in header for part in re.split(r"\s{2,}", line)):
        match = _PARAMETER.fullmatch(part)
        if match:
            low, high = (int(bound) if bound else None for bound in (match["low"], match["high"]))
            parameters.append(Parameter(match["name"], match["type"], low, high, match["default"]))
        else:
            key, _, value = part.partition(":")
            parts[key] = value.strip()
    if "question" not in parts:
        return None
    if parts.get("access") != "read" or "returns" not in parts:
        raise ProvstoreError("a template's header must say returns and access: read", where=str(place))
    columns = tuple(column.strip() for column in parts["returns"].split(","))
    return Template(
        parts["question"], str(place.with_suffix("").as_posix()), tuple(parameters), columns, " ".join(answers)
    )


def _bound(template: Template, given: Mapping[str, object], prefixes: Prefixes) -> dict[str, Bound]:
    names = [parameter.name for parameter in template.parameters]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise UsageError(f"{template.question} has no parameter {unknown[0]}", next_step=_usage(template))
    bound = {}
    for parameter in template.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise UsageError(f"{template.question} needs {parameter.name}", next_step=_usage(template))
        bound[parameter.name] = parameter.read(value, prefixes)
    return bound


def _values(template: Template, bound: Mapping[str, Bound]) -> Values:
    elements = frozenset(one.name for one in template.parameters if one.is_element)
    return Values(bound, elements, frozenset(one.name for one in template.parameters if one.type == "attribute"))


def _named(text: str, prefixes: Prefixes) -> str:
    return prefixes.expand(text) or text


def _usage(template: Template) -> str:
    return f"Its parameters: {', '.join(map(str, template.parameters)) or 'none'}."
