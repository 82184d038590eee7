"""Writes docs/reference/queries.md from the headers of the query templates: `python docs/queries_reference.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from provstore.questions.ask import Template, all_templates

TARGET = Path(__file__).parent / "reference" / "queries.md"
_THEMES = {
    "lineage": "What things were made from, and what was made from them",
    "segment": "The parts of a segment",
    "summarize": "The aggregated graph",
    "audit": "What an audit looks for",
}
_INTRODUCTION = """\
# Query templates

Written from the headers of `queries/` by `python docs/queries_reference.py`.

`provstore ask QUESTION NAME=VALUE...` answers one of these on the graph engine in use; `provstore ask` lists them. Each
is a file `queries/THEME/QUESTION.sql`, `.cypher` and `.gremlin`, with the same parameters, columns and answers. Values
are bound, never written into the text. The verbs `upstream`, `path`, `find`, `diff`, ... say more and know the past;
these are for asking the graph directly, and for taking to a console of one's own.
"""
_AFTER = """\
## Parameters

| type | what to write |
| --- | --- |
| `iri` | a full IRI, or a prefixed name that the store knows; an element, which must be there, also by `sha256:DIGEST` or its label |
| `iris` | several of them with blanks between |
| `attribute` | an attribute: a full IRI, a prefixed name, or a bare name, which is one of `ps:`; in a console of Cypher or Gremlin the list of the properties that hold it |
| `string` | any text |
| `integer LOW..HIGH` | a whole number in that range |

`= VALUE` is what a parameter has when it is not given. An answer that `limit` cut says so in `truncated`.

## Where engines differ

- Attributes have the names of the engine: full IRIs in the embedded one, `prefix_local` in Neo4j and Gremlin (types,
  labels, times and digests have properties of their own there). JanusGraph has them as `prefix_local=value`.
- The embedded engine tells values as they were written. Neo4j and Gremlin tell numbers and truth values as `1`, `0.5`
  and `true`, and Neo4j times in UTC: values that differ only in how they are written are alike there (`0.10`, `0.1`).
- Gremlin keeps 1,000 characters of a text for queries, Neo4j 2,000 of a label. Labels in a column `label` are told
  whole all the same, and `find` looks at the whole; other texts that may go on are told by `"truncated": {"reason":
  "length", ...}`. On Gremlin there is no asking for an attribute whose name is that of another property.
- Neo4j sorts an element whose IRI is longer than 2,000 characters among `urn:provstore:long:`, and a console shows it so.
- `similar_paths` in Cypher takes no edge twice; where `used` and `wasGeneratedBy` have a cycle it finds less.
- Of several labels Gremlin gives the first by the alphabet, the others the first in canonical order.

## Reviews and approvals

A review or an approval is an activity of the type `ps:Review` or `ps:Approval` (or another that is named) that used the
reviewed thing and is associated with a person.

## How sure a step is

`recall` says for each step: `exact`, a derivation that names the generation and the usage that it consists of;
`stated`, any other relation that somebody asserted; `loose`, one that leaves open what went over (`wasInfluencedBy`,
`wasInformedBy`, `wasStartedBy` and its starter); `inferred`, equal bytes.

## Your own query

`provstore ask --sql FILE` runs one on the embedded engine, `--cypher FILE` on Neo4j, `--gremlin FILE` on a Gremlin
server; `-` is standard input. It may read the graph and do nothing else, has a time limit (`--timeout`) and a limit on
its rows (`--max-rows`); an answer that is cut says so. Cypher has no procedures there, no `LOAD CSV`, no
other database (`USE`) and no commands such as `SHOW`, in subqueries neither, and no escapes `\\uXXXX`. In SQL the
tables are those of `schema/graph/sqlite/001_graph.sql`.
"""


def text() -> str:
    """The whole page."""
    known = all_templates("sql")
    parts = [_INTRODUCTION]
    for theme, title in _THEMES.items():
        parts.append(f"## {title}\n\n{_table(one for one in known if one.place.partition('/')[0] == theme)}")
    assert {one.place.partition("/")[0] for one in known} == set(_THEMES), "a theme has no title"
    return "\n".join([*parts, _AFTER])


def _table(templates: Iterable[Template]) -> str:
    rows = ["| question | parameters | columns | answers |", "| --- | --- | --- | --- |"]
    for one in templates:
        parameters = "<br>".join(f"`{parameter}`".replace(" = `", " =`") for parameter in one.parameters)
        rows.append(f"| `{one.question}` | {parameters} | {', '.join(one.columns)} | {one.answers} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
