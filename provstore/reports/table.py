"""Answers as aligned columns of text: nothing is shortened, so that what is printed can be pasted."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from provstore.questions.result import Element, Found, Graph, Table
from provstore.questions.summarizing.result import Summary
from provstore.reports.words import INCOMPLETE, caption, clean, closing, counted, cut, remarks, value_text


def render(answer: Graph | Table | Found | Element) -> str:
    """The table, or tables, of an answer; what was cut and how much there is come last."""
    if isinstance(answer, Graph):
        lines = [*aligned(*_nodes(answer)), "", *aligned(*_edges(answer)), "", *closing(answer)]
    elif isinstance(answer, Table):
        lines = [*aligned(answer.columns, answer.rows), "", *rows_closing(answer)]
    elif isinstance(answer, Found):
        lines = [*aligned(*_found(answer)), "", *found_closing(answer)]
    else:
        lines = _element(answer)
    return "\n".join(lines) + "\n"


def aligned(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of aligned columns under their names; numbers to the right, everything else to the left."""
    body = [[cell(value) for value in row] for row in rows]
    numeric = [True] * len(columns)
    for row in rows if isinstance(rows, Sequence) else ():
        for index, value in enumerate(row):
            numeric[index] &= value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    widths = [max(map(width, column)) for column in zip(columns, *body, strict=True)]
    rule = ["-" * wide for wide in widths]
    return [
        "  ".join(_pad(text, wide, right) for text, wide, right in zip(row, widths, numeric, strict=True)).rstrip()
        for row in (list(columns), rule, *body)
    ]


def cell(value: Any) -> str:
    """A JSON value as one cell: empty for nothing, text and typed values as they are written, all else as JSON."""
    if value is None:
        return ""
    if isinstance(value, dict) and {"value", "type"} <= value.keys() <= {"value", "type", "lang"}:
        value = value["value"] + (f"@{value['lang']}" if value.get("lang") else "")
    if isinstance(value, str):
        return clean(value)
    return clean(json.dumps(value, ensure_ascii=False))


def width(text: str) -> int:
    """How many columns of a terminal `text` takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, wide: int, right: bool) -> str:
    fill = " " * (wide - width(text))
    return fill + text if right else text + fill


def _nodes(answer: Graph) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    for one in answer.nodes:
        title, badge, name = caption(one.node, answer.prefixes)
        rows.append((one.depth, badge, title, name, ", ".join(remarks(one.node, hidden=one.hidden))))
    return ("depth", "type", "label", "name", "remarks"), rows


def _edges(answer: Graph) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    names = {one.node.iri: caption(one.node, answer.prefixes).name for one in answer.nodes}
    rows: list[tuple[Any, ...]] = [
        (
            names.get(edge.source, answer.prefixes.shorten(edge.source)),
            edge.relation,
            names.get(edge.target, answer.prefixes.shorten(edge.target)),
            ", ".join(map(answer.prefixes.shorten, edge.roles)),
            edge.time,
        )
        for edge in answer.edges
    ]
    if isinstance(answer, Summary):
        shares = [answer.gamma(edge) for edge in answer.edges]
        return ("source", "relation", "target", "gamma"), [(*r[:3], g) for r, g in zip(rows, shares, strict=True)]
    return ("source", "relation", "target", "role", "time"), rows


def _found(answer: Found) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    for node in answer.nodes:
        title, badge, name = caption(node, answer.prefixes)
        rows.append((badge, title, name, node.start, ", ".join(remarks(node, hidden=node.iri in answer.hidden))))
    return ("type", "label", "name", "start", "remarks"), rows


def found_closing(answer: Found) -> list[str]:
    """How many nodes this page has, of how many, and whether something hidden leaves one."""
    shown = counted(len(answer.nodes), "node")
    total = f"{shown} of {answer.total:,}" if answer.total not in (None, len(answer.nodes)) else shown
    said = [total + (f", as of entry {answer.as_of}." if answer.as_of is not None else ".")]
    return [*said, INCOMPLETE] if answer.hidden else said


def rows_closing(answer: Table) -> list[str]:
    """How many rows there are, what was cut, and whether something is hidden."""
    said = [counted(len(answer.rows), "row") + "."]
    said += [cut(answer.truncated)] if answer.truncated else []
    return [*said, INCOMPLETE] if answer.incomplete else said


def _element(answer: Element) -> list[str]:
    node, prefixes = answer.node, answer.prefixes
    title, badge, name = caption(node, prefixes)
    facts: list[tuple[str, str]] = [
        ("name", name),
        ("iri", clean(node.iri)),
        ("kind", ", ".join(node.kinds) or node.kind),
    ]
    facts += [
        (clean(prefixes.shorten(attribute)), value_text(value, prefixes))
        for attribute, values in sorted(node.attributes.items())
        for value in values
    ]
    notes = "".join(f", {one}" for one in remarks(node, hidden=answer.hidden))
    lines = [f"{title}  [{badge}{notes}]", "", *aligned(("attribute", "value"), facts), ""]
    for said in answer.statements:
        lines.append(clean(said.text))
        lines.append(f"  sid {said.sid}")
        lines.extend(f"  said in {_document(one)}" for one in said.documents)
    when = f", as of entry {answer.as_of}." if answer.as_of is not None else "."
    return [*lines, "", counted(len(answer.statements), "statement") + when]


def _document(said: Any) -> str:
    parts = [
        f"{key} {clean(str(said[key]))}" for key in ("sequence", "time", "actor", "source", "bundle") if said.get(key)
    ]
    return clean(str(said["document"])) + (f" ({', '.join(parts)})" if parts else "")
