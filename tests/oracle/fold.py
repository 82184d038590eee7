"""Rule 10, and the derivation of metrics of rule 17: what a unit says once its live documents are folded."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from tests.oracle.ledger import LiveAssertion
from tests.oracle.statements import Value
from tests.oracle.terms import ELEMENT_KINDS, METRIC_SERIES, PROV, PS, QUALIFIED_NAME, XSD
from tests.oracle.values import by_value

TERMINAL = {"finished", "failed", "killed"}
FUNCTIONAL = {PROV + "startTime", PROV + "endTime", PS + "status", PS + "size"}
PN_CHARS = (
    (0x41, 0x5A), (0x61, 0x7A), (0xB7, 0xB7), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x37D), (0x37F, 0x1FFF),
    (0x200C, 0x200D), (0x203F, 0x2040), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
FUNCTIONAL_PREFIXES = (PS + "param.", PS + "metric.", PS + "tag.")

Key = tuple[str, str]  # attribute IRI, and the language of a label or the algorithm of a digest, else ""
Point = tuple[int, int, bytes]  # step, time in ms, the eight bytes of the float64
Fold = dict[tuple[str, Key], list[Value]]  # (element IRI, key) -> values
Blobs = Mapping[str, Sequence[Point]]  # ps:chunk value -> its points


def key_of(attribute: str, value: Value) -> Key:
    """Rule 10: labels are told apart per language, digests per algorithm."""
    if attribute == PROV + "label":
        return (attribute, value[2].lower())
    if attribute == PS + "digest":
        return (attribute, value[1].split(":", 1)[0] if ":" in value[1] else "")
    return (attribute, "")


def is_functional(attribute: str) -> bool:
    """Rule 10: the closed list of functional attributes."""
    named = attribute in FUNCTIONAL or attribute in {PROV + "label", PS + "digest"}
    return named or attribute.startswith(FUNCTIONAL_PREFIXES)


def distinct(attribute: str, values: Iterable[Value]) -> list[Value]:
    """Values once each: functional ones compared by value (the least form stands for all), others exactly."""
    ordered = sorted(set(values), key=lambda v: tuple(part.encode() for part in v))
    if not is_functional(attribute):
        return ordered
    first: dict[tuple[str, object], Value] = {}
    for value in ordered:
        first.setdefault(by_value(value), value)
    return list(first.values())


def rank(attribute: str, value: Value, event_time: datetime, content: str) -> tuple[datetime, bool, str]:
    """Rule 10: (event time, terminal before other `ps:status`, content digest)."""
    return (event_time, attribute == PS + "status" and value[1] in TERMINAL, content)


def fold_unit(live: Iterable[LiveAssertion], blobs: Blobs | None = None) -> Fold:
    """Rule 10: the attributes of elements that one unit states, from the assertions of its live documents."""
    live = list(live)
    said: dict[tuple[str, Key], list[tuple[tuple[datetime, bool, str], Value]]] = {}
    for assertion in live:
        statement = assertion.statement
        if statement.kind not in ELEMENT_KINDS or statement.identifier is None:
            continue
        for attribute, *rest in statement.attributes:
            value = (rest[0], rest[1], rest[2])
            place = (statement.identifier, key_of(attribute, value))
            said.setdefault(place, []).append((rank(attribute, value, assertion.event_time, assertion.content), value))
    folded: Fold = {}
    for (iri, key), ranked in said.items():
        best = max(r for r, _ in ranked)
        kept = [v for r, v in ranked if r == best or not is_functional(key[0])]
        folded[iri, key] = distinct(key[0], kept)
    for place, value in derived_metrics(live, blobs or {}).items():
        folded.setdefault(place, [value])  # rule 17: an asserted final metric stands
    return folded


@dataclass(frozen=True)
class Combined:
    """The values of one attribute of one element over all units, and whether units (or one document) disagree."""

    values: tuple[Value, ...]
    conflict: bool


def combine(folds: Iterable[Fold]) -> dict[tuple[str, str], Combined]:
    """Rule 10: over units a functional attribute with several values is a list and a conflict."""
    gathered: dict[tuple[str, Key], list[Value]] = {}
    for fold in folds:
        for place, values in fold.items():
            gathered.setdefault(place, []).extend(values)
    result: dict[tuple[str, str], Combined] = {}
    for iri, attribute in {(iri, key[0]) for iri, key in gathered}:
        per_key = [
            distinct(attribute, values) for (i, key), values in gathered.items() if (i, key[0]) == (iri, attribute)
        ]
        values = sorted(value for values in per_key for value in values)
        conflict = is_functional(attribute) and any(len(values) > 1 for values in per_key)
        result[iri, attribute] = Combined(tuple(values), conflict)
    return result


def series_points(chunks: Iterable[tuple[datetime, str, Sequence[Point]]]) -> list[Point]:
    """Rule 17: the points of chunks (event time, digest, points), by (step, time, chunk's event time, place in it).

    Points of different chunks that are equal are one, within a chunk all are kept: a point is dropped when earlier
    chunks have given it as often as this chunk has so far.
    """
    kept: list[tuple[int, int, datetime, str, int, bytes]] = []
    given: list[Point] = []
    for event_time, digest, points in sorted(chunks, key=lambda c: (c[0], c[1])):
        before = list(given)
        for place, point in enumerate(points):
            so_far = list(points[: place + 1]).count(point)
            if so_far > before.count(point):
                given.append(point)
                kept.append((point[0], point[1], event_time, digest, place, point[2]))
    return [(step, time_ms, bits) for step, time_ms, _, _, _, bits in sorted(kept)]


def derived_metrics(live: Sequence[LiveAssertion], blobs: Blobs) -> dict[tuple[str, Key], Value]:
    """Rule 17: `ps:metric.<name>[@<context>]` of each run, from the last point of its series' live chunks."""
    derived: dict[tuple[str, Key], Value] = {}
    for series in sorted({iri for iri in _of_type(live, METRIC_SERIES)}):
        points = series_points(
            (min(a.event_time for a in live if digest in _values(a, series, PS + "chunk")), digest, blobs[digest])
            for digest in sorted(_all_values(live, series, PS + "chunk"))
            if digest in blobs
        )
        names = sorted(_all_values(live, series, PS + "metric_name"))
        contexts = sorted(_all_values(live, series, PS + "context"))
        if not points or not names:
            continue
        name = PS + "metric." + local_name(names[0] + ("@" + contexts[0] if contexts else ""))
        (value,) = struct.unpack(">d", points[-1][2])
        for run in _generators(live, series):
            derived[run, (name, "")] = (XSD + "double", _double(value), "")
    return derived


def local_name(text: str) -> str:
    """Rule 30: percent-encoded is what PROV-N's PN_LOCAL has neither as PN_CHARS nor as PN_CHARS_OTHERS."""
    return "".join(c if _is_allowed(c) else quote(c, safe="") for c in text)


def _is_allowed(character: str) -> bool:
    """PN_CHARS of SPARQL, the single characters of PN_CHARS_OTHERS of PROV-N, and the dot."""
    return character in "-_.0123456789/@~&+*?#$!" or any(low <= ord(character) <= high for low, high in PN_CHARS)


def _double(value: float) -> str:
    special = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
    return special.get(repr(value), repr(value))


def _values(assertion: LiveAssertion, iri: str, attribute: str) -> set[str]:
    statement = assertion.statement
    if statement.kind not in ELEMENT_KINDS or statement.identifier != iri:
        return set()
    return {lexical for _, lexical, _ in statement.values(attribute)}


def _all_values(live: Iterable[LiveAssertion], iri: str, attribute: str) -> set[str]:
    return {value for a in live for value in _values(a, iri, attribute)}


def _of_type(live: Iterable[LiveAssertion], type_iri: str) -> set[str]:
    wanted = (PROV + "type", QUALIFIED_NAME, type_iri, "")
    return {a.statement.identifier or "" for a in live if wanted in a.statement.attributes}


def _generators(live: Iterable[LiveAssertion], iri: str) -> set[str]:
    generations = [a.statement for a in live if a.statement.kind == PROV + "Generation"]
    return {
        run
        for s in generations
        for _, run, _ in s.values(PROV + "activity")
        if any(lexical == iri for _, lexical, _ in s.values(PROV + "entity"))
    }
