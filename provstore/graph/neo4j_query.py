"""A person's own Cypher: what its plan may hold, and its values as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from provstore.errors import UsageError
from provstore.model import times

# Reading, too, can reach beyond the graph: procedures, and the files and addresses of LOAD CSV.
_BEYOND: Final = ("ProcedureCall", "LoadCSV")
_READS: Final = "r"


def require_reading(summary: Any) -> None:
    """Raises: UsageError: the plan of a query does anything but read the graph."""
    beyond = sorted({name for name in _operators(summary.plan or {}) if name.startswith(_BEYOND)})
    if beyond or summary.query_type != _READS:
        raise UsageError(
            "the query does more than read the graph" + (f" ({', '.join(beyond)})" if beyond else ""),
            next_step="Write MATCH ... RETURN ...; no procedures, no LOAD CSV.",
        )


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
    yield str(plan.get("operatorType", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)
