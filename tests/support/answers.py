"""Small answers written by hand, for tests of renderings."""

from __future__ import annotations

from typing import Any

from provstore.graph.contract import Edge, Node
from provstore.model.names import Prefixes
from provstore.model.statement import Value
from provstore.model.terms import CONTENT, PS, STRING
from provstore.questions.result import AnswerNode, Graph

EX = "http://example.org/"
PREFIXES = Prefixes({"ex": EX})
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
BYTES = f"{CONTENT}default:sha256:{DIGEST}"

# What must never break out of a label: markup, quotes, brackets, line ends, directions, controls, escapes.
HOSTILE = (
    "</title></text></svg><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    'a"] ; n0 -> n1 [label="b',
    "ends in a backslash \\",
    'line\none"\r\ntwo',
    "\x1b[31mred\x1b[0m\x00\x07",
    "txt.\u202egnp.exe\u202c \u2066hidden\u2069",
    "]]> <![CDATA[ --> <!-- &amp; &#0; &bogus;",
    "%%{init: {'theme': 'dark'}}%% click n0 href \"javascript:alert(1)\"",
    "n0 --> n1; subgraph x",
    "{{ 7 * 7 }} {% raw %}",
    "שלום عالم 日本語 👩‍🔬",
    "\ud800 lone surrogate \ufffe\uffff",
    "",
)


def entity(name: str, label: str | None = None, *types: str, declared: bool = True, **attributes: str) -> Node:
    """An entity `ex:<name>` with types `ps:<type>` and text attributes `ps:<name>`."""
    return _node("entity", name, label, types, declared, attributes)


def activity(name: str, label: str | None = None, *types: str, **attributes: str) -> Node:
    """As `entity`, an activity."""
    return _node("activity", name, label, types, True, attributes)


def agent(name: str, label: str | None = None, *types: str, **attributes: str) -> Node:
    """As `entity`, an agent."""
    return _node("agent", name, label, types, True, attributes)


def content() -> Node:
    """The content node of `BYTES`."""
    return Node(BYTES, ("entity",), False)


def edge(relation: str, source: str, target: str, **fields: Any) -> Edge:
    """An edge between names (or full IRIs); its sid is made of 64 `a`."""
    return Edge(relation, _full(source), _full(target), fields.pop("sid", "a" * 64), **fields)


def graph(nodes: list[tuple[Node, int]], edges: list[Edge], **fields: Any) -> Graph:
    """A graph answer of (node, depth) pairs; `upstream` unless told otherwise."""
    given: dict[str, Any] = {"question": "upstream", "parameters": {}, "prefixes": PREFIXES} | fields
    placed = tuple(AnswerNode(node, depth) for node, depth in nodes)
    return Graph(nodes=placed, edges=tuple(edges), **given)


def churn(**fields: Any) -> Graph:
    """A model, the run that made it, and the data that it used, which another tracker knows by its bytes."""
    nodes = [
        (entity("model", "churn v3", "Model"), 0),
        (activity("run", "train", "Run", status="finished"), 1),
        (entity("eval", "eval set", "Dataset"), 2),
        (entity("train", "train set", "Dataset"), 2),
        (content(), 3),
        (entity("raw", None, declared=False), 4),
    ]
    edges = [
        edge("wasGeneratedBy", "model", "run", time="2026-10-03T10:24:00.000000Z"),
        edge("used", "run", "train", roles=("training",)),
        edge("used", "run", "eval"),
        edge("sameBytes", "train", BYTES, inferred=True),
        edge("bytesOf", BYTES, "train", inferred=True),
        edge("bytesOf", BYTES, "raw", inferred=True),
    ]
    return graph(nodes, edges, **fields)


def hostile() -> Graph:
    """One node per hostile label, in a chain; labels are in roles, types, names and attributes too."""
    nodes, edges = [], []
    for number, label in enumerate(HOSTILE):
        iri = f"http://example.org/{label}" if number % 2 else f"javascript:alert({number})"
        attributes = {
            PS + f"param.{label}": (Value(STRING, label),),
            PS + "link": (Value(STRING, "javascript:alert(1)"),),
        }
        nodes.append((Node(iri, ("entity",), True, (PS + label,), label or None, attributes=attributes), number))
        if number:
            edges.append(edge("used", nodes[number - 1][0].iri, iri, roles=(label,)))
    return graph(nodes, edges, parameters={"id": HOSTILE[0]}, notes=(HOSTILE[1],))


def _node(
    kind: Any, name: str, label: str | None, types: tuple[str, ...], declared: bool, attributes: dict[str, str]
) -> Node:
    values = {PS + key: (Value(STRING, text),) for key, text in attributes.items()}
    return Node(EX + name, (kind,), declared, tuple(PS + one for one in types), label, attributes=values)


def _full(name: str) -> str:
    return name if ":" in name else EX + name
