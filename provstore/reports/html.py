"""An answer as one self-contained HTML page: words, picture, tables; readable without script, nothing is fetched.

The page forbids itself everything but its own style and script (Content-Security-Policy with their hashes).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from provstore.graph.contract import Node
from provstore.model.names import Prefixes
from provstore.model.terms import CONTENT
from provstore.questions.result import Element, Found, Graph, Table
from provstore.reports import svg
from provstore.reports.picture import picture
from provstore.reports.reasons import REASONS, reasons_of, reasons_present
from provstore.reports.shares import heading
from provstore.reports.table import cell, found_closing, rows_closing
from provstore.reports.words import (
    caption,
    clean,
    closing,
    counted,
    phrase,
    rank,
    reads_backwards,
    remarks,
    short,
    value_text,
)

_TEMPLATES: Final = Path(__file__).parent / "templates"
# More boxes than this are no picture any more; the tables have all of them.
_MAX_DRAWN: Final = 1_500
_MAX_SENTENCES: Final = 6
_TOLD: Final = frozenset({"wasGeneratedBy", "used", "wasDerivedFrom", "wasInformedBy", "wasStartedBy"})
_MEANINGS: Final = {
    "upstream": "Everything that it was made from.",
    "downstream": "Everything that was made from it.",
    "path": "A shortest way from one to the other.",
    "summarize": "What the segments have in common.",
    "segment": "How some came from others, and what else went the same way.",
}


@dataclass(frozen=True, slots=True)
class _Fact:
    """One attribute value: its name, its text, and where a web address leads."""

    name: str
    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A node as the page lists it."""

    anchor: str
    kind: str
    badge: str
    title: str
    name: str
    iri: str
    depth: int | None
    remarks: str
    facts: list[_Fact]


def render(answer: Graph | Table | Found | Element, *, max_drawn: int = _MAX_DRAWN) -> str:
    """The page of an answer.

    Args: max_drawn: nodes in the picture of a graph, the nearest ones; the page says what it leaves out.
    """
    if isinstance(answer, Graph):
        return _page("graph.html", _graph(answer, max_drawn))
    if isinstance(answer, Table):
        return _page("rows.html", _rows(answer))
    if isinstance(answer, Found):
        return _page("found.html", _found(answer))
    return _page("element.html", _element(answer))


def web_address(text: str) -> str | None:
    """`text` when it is an http or https address with a host, else None: no other scheme becomes a link."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    safe = parts.scheme in ("http", "https") and bool(parts.netloc) and text == clean(text) and " " not in text
    return text if safe else None


def _page(template: str, content: Mapping[str, Any]) -> str:
    style = f"{_read('page.css')}\n{svg.stylesheet()}"
    script = _read("page.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    page = _environment().get_template(template)
    return page.render(content, style=Markup(style), script=Markup(script), policy=policy).rstrip() + "\n"  # noqa: S704


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _graph(answer: Graph, max_drawn: int) -> dict[str, Any]:
    entries = {
        one.node.iri: _entry(
            one.node, answer.prefixes, number, depth=one.depth, hidden=one.hidden, why=reasons_of(answer, one)
        )
        for number, one in enumerate(answer.nodes)
    }
    shown = picture(answer, max_nodes=max_drawn)
    drawing = svg.draw(answer, shown, link=lambda iri: f"#{entries[iri].anchor}", legend=False)
    return {
        "title": heading(answer)
        or _title(answer.question, (one.node for one in answer.nodes if one.depth == 0), answer.prefixes),
        "meaning": _MEANINGS.get(answer.question, ""),
        "sentences": _sentences(answer),
        "parameters": _parameters(answer.parameters),
        "closing": closing(answer),
        "warning": answer.truncated is not None or answer.incomplete,
        "drawing": Markup(drawing),  # noqa: S704 - svg.draw escapes every text
        "left_out": shown.left_out,
        "reasons": [(reason, REASONS[reason]) for reason in reasons_present(answer)],
        "entries": list(entries.values()),
        "edges": [_edge(edge, answer, entries) for edge in answer.edges],
        "as_json": _embedded(answer.as_json()),
    }


def _edge(edge: Any, answer: Graph, entries: Mapping[str, _Entry]) -> dict[str, Any]:
    name = answer.prefixes.shorten
    facts = [
        f"{name(key)} = {', '.join(value_text(v, answer.prefixes) for v in vs)}" for key, vs in edge.attributes.items()
    ]
    facts += [f"{key} = {name(iri)}" for key, iri in edge.third.items()]
    return {
        "source": entries.get(edge.source),
        "target": entries.get(edge.target),
        "source_name": clean(name(edge.source)),
        "target_name": clean(name(edge.target)),
        "relation": edge.relation,
        "inferred": edge.inferred,
        "role": ", ".join(clean(name(role)) for role in edge.roles),
        "time": edge.time,
        "sid": edge.sid,
        "facts": [clean(fact) for fact in facts],
    }


def _rows(answer: Table) -> dict[str, Any]:
    return {
        "title": clean(answer.question),
        "parameters": _parameters(answer.parameters),
        "closing": rows_closing(answer),
        "warning": answer.truncated is not None or answer.incomplete,
        "columns": [clean(column) for column in answer.columns],
        "rows": [[{"text": cell(value), "href": web_address(str(value))} for value in row] for row in answer.rows],
        "as_json": _embedded(answer.as_json()),
    }


def _found(answer: Found) -> dict[str, Any]:
    return {
        "title": "find",
        "parameters": _parameters(answer.parameters),
        "closing": found_closing(answer),
        "warning": bool(answer.hidden),
        "entries": [
            _entry(node, answer.prefixes, number, hidden=node.iri in answer.hidden)
            for number, node in enumerate(answer.nodes)
        ],
        "as_json": _embedded(answer.as_json()),
    }


def _element(answer: Element) -> dict[str, Any]:
    when = f", as of entry {answer.as_of}" if answer.as_of is not None else ""
    entry = _entry(answer.node, answer.prefixes, 0, hidden=answer.hidden)
    return {
        "title": entry.title,
        "parameters": [],
        "closing": [counted(len(answer.statements), "statement") + when + "."],
        "warning": False,
        "entry": entry,
        "statements": [
            {"sid": said.sid, "text": clean(said.text), "documents": [_said(one) for one in said.documents]}
            for said in answer.statements
        ],
        "as_json": _embedded(answer.as_json()),
    }


def _said(document: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {clean(str(value))}" for key, value in document.items() if value is not None]


def _entry(
    node: Node,
    prefixes: Prefixes,
    number: int,
    *,
    depth: int | None = None,
    hidden: bool = False,
    why: Iterable[str] = (),
) -> _Entry:
    title, badge, name = caption(node, prefixes)
    facts = [
        _Fact(clean(prefixes.shorten(attribute)), value_text(value, prefixes), web_address(value.lexical))
        for attribute, values in sorted(node.attributes.items(), key=lambda item: prefixes.shorten(item[0]))
        for value in values
    ]
    kind = "content" if node.iri.startswith(CONTENT) else node.kind
    notes = ", ".join([*why, *remarks(node, hidden=hidden)])
    return _Entry(f"n{number}", kind, badge, title, name, clean(node.iri), depth, notes, facts)


def _title(question: str, starts: Iterable[Node], prefixes: Prefixes) -> str:
    titles = [caption(node, prefixes).title for node in starts]
    return clean(question).capitalize() + (f" of {', '.join(titles[:3])}" if titles else "")


def _parameters(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    # What the name meant: the nodes at depth 0 say it.
    given = ((clean(name), _in_words(value)) for name, value in parameters.items() if name != "starts")
    return [(name, text) for name, text in given if text not in ("", "false")]


def _in_words(value: Any) -> str:
    """A parameter as it was typed: several with commas, what belongs together with spaces."""
    if not isinstance(value, list):
        return cell(value)
    return ", ".join(" ".join(map(cell, one)) if isinstance(one, list) else cell(one) for one in value)


def _sentences(answer: Graph) -> list[list[tuple[str, str | None]]]:
    """How the things nearest to the start came about, in words: (text, anchor) pieces; each thing is reached once.

    The first view answers in words; the picture comes second.
    """
    places = {one.node.iri: (one, f"n{number}") for number, one in enumerate(answer.nodes)}
    told = {one.node.iri for one in answer.nodes if one.depth == 0}
    backwards = reads_backwards(answer)
    steps = []
    for edge in answer.edges:
        if edge.relation in _TOLD and edge.source in places and edge.target in places:
            near, far = (edge.target, edge.source) if backwards else (edge.source, edge.target)
            steps.append((places[near][0].depth, rank(edge.relation), near, far, edge))
    sentences: list[list[tuple[str, str | None]]] = []
    for _, _, near, far, edge in sorted(steps, key=lambda step: step[:4]):
        if near not in told or far in told or len(sentences) == _MAX_SENTENCES:
            continue
        told.add(far)
        roles = " and ".join(clean(answer.prefixes.shorten(role)) for role in edge.roles)
        source, target = (
            (short(caption(one.node, answer.prefixes).title), anchor)
            for one, anchor in (places[edge.source], places[edge.target])
        )
        sentences.append(
            [source, (f" {_said_of(edge.relation)} ", None), target, (f" as {roles}" if roles else "", None)]
        )
    return sentences


def _said_of(relation: str) -> str:
    said = phrase(relation)
    return f"was {said}" if relation.startswith("was") else said


def _embedded(value: Any) -> Markup:
    """JSON for a data block of the page: no `<` in it, so that nothing in it can end the block."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704
