"""What is valid PROV, and people want to know: one bundle's statements come in, lints go out. One function per kind.

Source: standards of practice, not of PROV-CONSTRAINTS, which never compares clock times and asks for no descriptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from provstore.model.arguments import named
from provstore.model.fold import comparable, functional_key
from provstore.model.statement import Statement, Value
from provstore.model.terms import BY_IRI, BY_NAME, END_TIME, PROV, START_TIME, TIME
from provstore.model.times import instant
from provstore.validation.expansion import in_scope
from provstore.validation.progress import Steps
from provstore.validation.verdict import Lint
from provstore.validation.words import Words, noun, with_article

_ACTIVITY: Final = BY_NAME["activity"].iri
_GENERATION: Final = BY_NAME["wasGeneratedBy"].iri
_INVALIDATION: Final = BY_NAME["wasInvalidatedBy"].iri
_USAGE: Final = BY_NAME["used"].iri
# How many names a lint spells out.
_SPELLED: Final = 5


def clock_disorder(statements: list[Statement], words: Words) -> Iterator[tuple[str, list[Statement]]]:
    """Clock times that contradict the order of events; valid, as clocks may be wrong (PROV-CONSTRAINTS section 5.2)."""
    starts, ends = _times(statements, _ACTIVITY, None, START_TIME), _times(statements, _ACTIVITY, None, END_TIME)
    generations = _times(statements, _GENERATION, "entity", TIME)
    invalidations = _times(statements, _INVALIDATION, "entity", TIME)
    for activity in starts.keys() & ends.keys():
        yield from _later(words, f"{words.name(activity)} starts", starts[activity], "it ends", ends[activity])
    for entity in generations.keys() & invalidations.keys():
        first, last = generations[entity], invalidations[entity]
        yield from _later(words, f"{words.name(entity)} is generated", first, "it is invalidated", last)
    for stated in statements:
        if stated.kind == _USAGE and (time := stated.argument(TIME)) is not None:
            entity, activity = stated.argument(f"{PROV}entity") or "", stated.argument(f"{PROV}activity") or ""
            use, name = {time: stated}, words.name(entity)
            yield from _later(words, f"{name} is generated", generations.get(entity, {}), "it is used", use)
            yield from _later(words, f"{words.name(activity)} uses {name}", use, "it ends", ends.get(activity, {}))
        if stated.kind == _GENERATION and (time := stated.argument(TIME)) is not None:
            entity, activity = stated.argument(f"{PROV}entity") or "", stated.argument(f"{PROV}activity") or ""
            made = f"{words.name(entity)} is generated"
            yield from _later(words, made, {time: stated}, f"{words.name(activity)} ends", ends.get(activity, {}))


def dangling_reference(statements: list[Statement], words: Words) -> Iterator[tuple[str, list[Statement]]]:
    """Elements that relations name and no statement describes."""
    described = {one.identifier for one in statements if BY_IRI[one.kind].is_element}
    first: dict[str, tuple[Statement, str | None]] = {}
    for stated in statements:
        for iri, place, kind in named(stated):
            if place != "element" and iri not in described:
                first.setdefault(iri, (stated, kind))
    for iri, (stated, expected) in first.items():
        yield (
            f"{words.name(iri)} is named as {with_article(expected or 'element')}, and no statement describes it.",
            [stated],
        )


def conflicting_attribute(statements: list[Statement], words: Words) -> Iterator[tuple[str, list[Statement]]]:
    """An element with two values of an attribute that has one (rule 10), in statements that PROV would merge."""
    values: dict[tuple[str, str, str], dict[object, tuple[Value, Statement]]] = {}
    for identifier, stated in _several_times_described(statements):
        for name, *rest in stated.attributes:
            value = Value(*rest)
            key = functional_key(name, value)
            if key is not None:
                found = values.setdefault((identifier, *key), {})
                found.setdefault(comparable(value), (value, stated))
    for (identifier, name, _), found in values.items():
        if len(found) > 1:
            said = [stated for _, stated in found.values()]
            yield several_values(words, identifier, name, [value for value, _ in found.values()]), said


def _several_times_described(statements: list[Statement]) -> Iterator[tuple[str, Statement]]:
    """The descriptions, by identifier, of elements that are described more than once, or give an attribute twice."""
    elements = [one for one in statements if BY_IRI[one.kind].is_element and one.identifier is not None]
    times = Counter(one.identifier for one in elements)
    for stated in elements:
        iri = stated.identifier
        if iri is not None and (times[iri] > 1 or any(a.name == b.name for a, b in pairwise(stated.attributes))):
            yield iri, stated


def several_values(words: Words, identifier: str, name: str, values: Iterable[Value]) -> str:
    """The sentence about an element with several values of an attribute (full IRIs)."""
    listed = _listed([f'"{value.lexical}"' for value in values])
    return f"{words.name(identifier)} has several values of {words.name(name)}: {listed}."


def clashing_kinds(statements: list[Statement], words: Words) -> Iterator[tuple[str, list[Statement]]]:
    """An activity that is an agent too: allowed, and seldom meant (constraint 55 forbids entity and activity only)."""
    kinds: dict[str, dict[str, Statement]] = {}
    for stated in statements:
        for iri, _, kind in named(stated):
            if kind in ("activity", "agent"):
                kinds.setdefault(iri, {}).setdefault(kind, stated)
    for iri, found in kinds.items():
        if len(found) > 1:
            yield f"{words.name(iri)} is an activity and an agent.", list(found.values())


def not_checked(statements: list[Statement], words: Words) -> Iterator[tuple[str, list[Statement]]]:
    """Statements of PROV-Links and PROV-Dictionary, of which PROV-CONSTRAINTS does not speak."""
    first: dict[str, Statement] = {}
    counts = Counter(one.kind for one in statements if not in_scope(one))
    for stated in statements:
        if stated.kind in counts:
            first.setdefault(stated.kind, stated)
    for kind, count in counts.items():
        text = (
            f"{count} {noun(BY_IRI[kind].name)} statement(s) were not checked: PROV-CONSTRAINTS has no rule for them."
        )
        yield text, [first[kind]]


LINTS: Final[dict[str, Callable[[list[Statement], Words], Iterator[tuple[str, list[Statement]]]]]] = {
    "clock-disorder": clock_disorder,
    "dangling-reference": dangling_reference,
    "conflicting-attribute": conflicting_attribute,
    "clashing-kinds": clashing_kinds,
    "not-checked": not_checked,
}


def lint(bundle: str | None, statements: list[Statement], words: Words, steps: Steps) -> Iterator[Lint]:
    """All lints of one bundle. Args: steps: told how far it is."""
    for kind, find in LINTS.items():
        steps.at(f"looking for {kind}")
        for message, said in find(statements, words):
            yield Lint(kind, bundle, message, tuple(dict.fromkeys(said)))


def _times(statements: list[Statement], kind: str, argument: str | None, time: str) -> dict[str, dict[str, Statement]]:
    """The times that statements of a kind give, by their identifier or by an argument: time as written, who says it."""
    found: dict[str, dict[str, Statement]] = {}
    for stated in statements:
        if stated.kind == kind and (lexical := stated.argument(time)) is not None:
            of = stated.identifier if argument is None else stated.argument(PROV + argument)
            if of is not None:
                found.setdefault(of, {}).setdefault(lexical, stated)
    return found


def _later(
    words: Words, one: str, first: dict[str, Statement], two: str, last: dict[str, Statement]
) -> Iterator[tuple[str, list[Statement]]]:
    """A lint, when every time of the first event is later than every time of the second."""
    for before, stated in first.items():
        for after, other in last.items():
            early, late = instant(before), instant(after)
            if early and late and early.zone_assumed == late.zone_assumed and early.utc > late.utc:
                said = [stated] if other == stated else [stated, other]
                yield f"By the clock {one} at {before}, after {two} at {after}.", said


def _listed(values: list[str]) -> str:
    shown = ", ".join(values[:_SPELLED])
    return f"{shown} and {len(values) - _SPELLED} more" if len(values) > _SPELLED else shown
