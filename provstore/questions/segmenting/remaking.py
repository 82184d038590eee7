"""A segment made again from its criteria, and what tells whether it is the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from provstore.graph.contract import Reader
from provstore.model.names import Prefixes
from provstore.questions.segment import segment
from provstore.questions.segmenting.result import Segment

COMPOSE: Final[Mapping[str, Callable[[Segment, Segment], Segment]]] = {
    "+": Segment.__add__,
    "-": Segment.__sub__,
    "&": Segment.__and__,
}


def remade(reader: Reader, prefixes: Prefixes, criteria: Mapping[str, Any], as_of: int | None) -> Segment:
    """The segment of these criteria (`Segment.criteria`): asked for, or composed, and then adjusted.

    Raises: as `segment`.
    """
    asked = dict(criteria)
    adjusted, chain = asked.pop("adjusted", None), asked.pop("compose", None)
    if chain is None:
        answer = segment(reader, prefixes, **asked, as_of=as_of)
    else:
        first, *others = chain
        answer = remade(reader, prefixes, first, as_of)
        for sign, other in others:
            answer = COMPOSE[sign](answer, remade(reader, prefixes, other, as_of))
    return answer.adjust(**adjusted) if adjusted else answer


def members_digest(answer: Segment) -> str:
    """SHA-256 (hexadecimal) of the members and why each is there."""
    members = sorted([iri, *parts] for iri, parts in answer.why.items())
    return sha256(json.dumps(members, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
