"""A person's own Cypher: what its plan may hold, and its values as JSON has them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from provstore.errors import UsageError
from provstore.model import times

_READS: Final = "r"
_RELATIONSHIPS: Final = (
    "AllRelationshipsScan", "RelationshipByElementIdSeek", "RelationshipByIdSeek", "RelationshipIndexContainsScan",
    "RelationshipIndexEndsWithScan", "RelationshipIndexScan", "RelationshipIndexSeek", "RelationshipIndexSeekByRange",
    "RelationshipTypeScan", "RelationshipUniqueIndexSeek", "RelationshipUniqueIndexSeekByRange",
    "UnionRelationshipTypesScan",
)  # fmt: skip
# What reads the graph, or works on rows that were read. Everything else is refused, also what servers will have one
# day: procedures, files and addresses (LoadCSV), commands (Show..., Terminate...), whatever writes or locks.
# Source: Neo4j Cypher manual, "Operators in detail", of 5.26 and of 2026; RemoteBatchProperties and OrderedUnion are
# planned and not described.
_READING: Final = frozenset({
    "AllNodesScan", "Anti", "AntiConditionalApply", "AntiSemiApply", "Apply", "Argument", "ArgumentTracker",
    "BidirectionalRepeat", "CacheProperties", "CartesianProduct", "ConditionalApply", "Distinct",
    "DynamicDirectedRelationshipTypeLookup", "DynamicNodeLabelLookup", "DynamicUndirectedRelationshipTypeLookup",
    "Eager", "EagerAggregation", "EmptyResult", "EmptyRow", "ExhaustiveLimit", "Expand", "Filter",
    "IntersectionNodeByLabelsScan", "LetAntiSemiApply", "LetSelectOrAntiSemiApply", "LetSelectOrSemiApply",
    "LetSemiApply", "Limit", "MultiNodeIndexSeek", "NodeByElementIdSeek", "NodeByIdSeek", "NodeByLabelScan",
    "NodeCountFromCountStore", "NodeHashJoin", "NodeIndexContainsScan", "NodeIndexEndsWithScan", "NodeIndexScan",
    "NodeIndexSeek", "NodeIndexSeekByRange", "NodeLeftOuterHashJoin", "NodeRightOuterHashJoin", "NodeUniqueIndexSeek",
    "NodeUniqueIndexSeekByRange", "NullifyMetadata", "Optional", "OptionalExpand", "OrderedAggregation",
    "OrderedDistinct", "OrderedUnion", "PartialSort", "PartialTop", "PathPropagatingBFS", "ProduceResults",
    "ProjectEndpoints", "Projection", "RelationshipCountFromCountStore", "RemoteBatchProperties", "Repeat",
    "RollUpApply", "SelectOrAntiSemiApply", "SelectOrSemiApply", "SemiApply", "ShortestPath", "Skip", "Sort",
    "StatefulShortestPath", "SubtractionNodeByLabelsScan", "Top", "TriadicBuild", "TriadicFilter", "TriadicSelection",
    "Union", "UnionNodeByLabelsScan", "Unwind", "ValueHashJoin", "VarLengthExpand",
    *(way + name for way in ("Directed", "Undirected") for name in _RELATIONSHIPS),
})  # fmt: skip
# A plan does not show what EXISTS, COUNT or COLLECT { } run for each element of a list or in a CASE, nor in which
# database: so no text may hold these words with a name behind them.
_COMMANDS: Final = frozenset({"CALL", "LOAD", "SHOW", "TERMINATE", "USE"})
# What no command stands behind: the word is a key, a label, a variable or a parameter there.
_NAMING: Final = frozenset(".:$!&([,")
_TOKEN: Final = re.compile(
    r"""
    //[^\r\n]* | /\*.*?\*/ | \s+
  | (?P<text> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
  | (?P<name> `(?:[^`]|``)*` | [^\W\d]\w* )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def require_reading(text: str, summary: Any) -> None:
    """Raises: UsageError: a query does anything but read the graph. Args: summary: of the server's EXPLAIN of it."""
    beyond = sorted({name for name in _operators(summary.plan or {}) if name not in _READING}) + list(_commands(text))
    if beyond or summary.query_type != _READS:
        raise UsageError(
            "the query does more than read the graph" + (f" ({', '.join(beyond)})" if beyond else ""),
            next_step="Write MATCH ... RETURN ...; no procedures, no LOAD CSV, no commands as SHOW. Names that are such"
            " words stand in backticks.",
        )


def _commands(text: str) -> Iterator[str]:
    """The commands that a text holds, each with the name behind it."""
    if "\\u" in text:
        raise UsageError(r"the query holds an escape \u", next_step="Write the character itself.")
    tokens = [found for found in _TOKEN.finditer(text) if found.lastgroup]
    for before, (word, then) in zip([None, *tokens], pairwise(tokens), strict=False):
        if word[0].upper() in _COMMANDS and then.lastgroup == "name" and (before is None or before[0] not in _NAMING):
            yield f"{word[0].upper()} {then[0]}"


def shown(value: Any) -> Any:
    """A value of an answer as JSON has it: nodes and relationships as their properties, paths as lists of these."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "to_native"):
        value = value.to_native()
    if isinstance(value, datetime):
        return times.text(value)
    if hasattr(value, "nodes") and hasattr(value, "relationships"):
        return [shown(one) for one in (*value.nodes, *value.relationships)]
    if hasattr(value, "items"):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    return value.hex() if isinstance(value, bytes) else str(value)


def _operators(plan: Mapping[str, Any]) -> Iterator[str]:
    """Names of operators, without the variant, the database, and what the parallel runtime puts before them."""
    if plan:
        yield re.split(r"[(@]", str(plan["operatorType"]))[0].removeprefix("Partitioned")
    for child in plan.get("children", ()):
        yield from _operators(child)
