"""The question `find`: elements by the expression language, sorted and paged.

Source: rule 28; docs/reference/expressions.md.
"""

from __future__ import annotations

import binascii
import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final

from provstore.errors import UsageError, printable
from provstore.graph.contract import Filter, Page, Reader
from provstore.graph.expressions import WORDS, parse
from provstore.graph.paging import sort_value
from provstore.model.names import Prefixes
from provstore.questions.result import Found
from provstore.questions.told import attribute_iri
from provstore.questions.unknown_attributes import unknown_attributes

# A node's own fields; other words are attributes, and these are of what is around a node.
_FIELDS: Final = ("iri", "label", "start", "end", "kind")
_AROUND: Final = frozenset({"relation", "agent", "space"})
SORT_WORDS: Final = tuple(word for word in WORDS if word not in _AROUND)
_BINDING_DIGITS: Final = 16


def find(
    reader: Reader,
    prefixes: Prefixes,
    expression: str | None = None,
    *,
    sort: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    as_of: int | None = None,
) -> Found:
    """One page of the elements that match.

    Args: expression: rule 28 (None: all). sort: a word of `SORT_WORDS` or an attribute, `-` before it for descending;
    equals by IRI, elements without a value last. limit: at least 1 (None: all). cursor: `next` of the page before, of
    the same expression, sort and `as_of` (the sequence that `reader` is as of).
    Raises: UsageError: the expression, the sort or the cursor cannot be read; what was expected is named.
    """
    condition = parse(expression, prefixes) if expression is not None and expression.strip() else None
    descending, key = _sort(sort, prefixes)
    binding = _binding(expression, sort, as_of)
    after = _read(cursor, binding) if cursor else None
    # One more tells whether there are more; beyond what an engine can count to, all are asked for.
    wanted = None if limit is None or limit >= sys.maxsize else limit + 1
    page = reader.nodes(Filter(condition=condition), Page(key, descending, wanted, after))
    nodes = tuple(page.nodes[:limit])
    more = len(page.nodes) > len(nodes)
    return Found(
        parameters={"expression": expression, "sort": sort, "limit": limit, "cursor": cursor},
        nodes=nodes,
        next=_write(binding, sort_value(nodes[-1], key), nodes[-1].iri) if more else None,
        total=page.total,
        as_of=as_of,
        notes=unknown_attributes(reader, [condition] if condition else [], prefixes, nodes),
        prefixes=prefixes,
    )


def _sort(sort: str | None, prefixes: Prefixes) -> tuple[bool, str]:
    name = (sort or "iri").removeprefix("-")
    descending = bool(sort) and sort != name
    if name in _FIELDS:
        return descending, name
    if not name or name in _AROUND:
        raise UsageError(
            f"expected {', '.join(SORT_WORDS)} or an attribute such as ps:metric.accuracy, found {name!r}",
            where="--sort",
        )
    return descending, attribute_iri(name, prefixes)


def _binding(*asked: object) -> str:
    """What a cursor belongs to: the question, not its page."""
    return sha256(json.dumps(asked).encode()).hexdigest()[:_BINDING_DIGITS]


def _write(binding: str, value: str | None, iri: str) -> str:
    return urlsafe_b64encode(json.dumps([binding, value, iri]).encode()).decode().rstrip("=")


def _read(cursor: str, binding: str) -> tuple[str | None, str]:
    try:
        bound, value, iri = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise UsageError("this is no cursor", where="--cursor", next_step="Give `next` of the page before.") from error
    if bound != binding:
        raise UsageError(
            "this cursor belongs to another question",
            where="--cursor",
            next_step="Repeat the expression, --sort and --as-of of the page that gave it.",
        )
    if not isinstance(iri, str) or not isinstance(value, str | None) or printable(f"{iri}{value}") != f"{iri}{value}":
        raise UsageError("this is no cursor", where="--cursor", next_step="Give `next` of the page before.")
    return value, iri
