"""Validating new statements against stored ones: what the new ones break is found without reading all that is stored.

Source: docs/decisions/0007-validation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from provstore.formats.prov_n.text import Shortener
from provstore.model.names import Prefixes
from provstore.model.statement import Statement
from provstore.validation.events import Events
from provstore.validation.examining import examine, inferred, load, violations
from provstore.validation.facts import Fact
from provstore.validation.inferences import FOR_VERDICT, infer
from provstore.validation.instance import Instance
from provstore.validation.neighbourhood import Event, Neighbourhood, Stored, TooMany
from provstore.validation.ordering import edges
from provstore.validation.problems import Problem
from provstore.validation.removal import names_in
from provstore.validation.validating import explained
from provstore.validation.verdict import Finding
from provstore.validation.words import Words

# How many stored statements are looked at; more than these and the new ones are not decided on here.
MAX_STATEMENTS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Added:
    """What new statements break. `decided` is False when too many stored statements would have to be looked at:

    then the findings are not all, and only the validation of everything tells.
    """

    findings: tuple[Finding, ...]
    decided: bool


def validate_added(
    new: Iterable[Statement],
    stored: Stored,
    *,
    bundle: str | None = None,
    prefixes: Shortener | None = None,
    max_statements: int = MAX_STATEMENTS,
) -> Added:
    """The findings that new statements of one bundle cause among themselves and with stored statements of it.

    Args: stored: looks up the stored statements of that bundle; violations among them alone are not told again.
    max_statements: how many of those may be looked at.
    """
    added = list(dict.fromkeys(new))
    words = Words(prefixes or Prefixes())
    near = Neighbourhood(stored, max_statements)
    decided = True
    problems = None
    try:
        near.describe(name for stated in added for name in names_in(stated))
        problems = _problems(added, near, words)
    except TooMany:
        decided = False
    said = list(dict.fromkeys([*near.found, *added]))
    found = explained(bundle, said, examine(said, words) if problems is None else problems, words)
    fresh = set(added) - near.found.keys()
    return Added(tuple(one for one in found if fresh.intersection(one.statements)), decided)


def _problems(added: list[Statement], near: Neighbourhood, words: Words) -> list[Problem] | None:
    """Follows the events that new statements touch; all problems, or None when that met more statements."""
    met = list(near.found)
    instance, problems = inferred(dict.fromkeys([*met, *added]), words)
    # Nothing stored is near: the new statements are a document of their own.
    if met:
        near.follow(_touched(instance, set(added) - set(met), met))
    return problems + violations(instance, words) if len(near.found) == len(met) else None


def _touched(instance: Instance, fresh: set[Statement], near: list[Statement]) -> list[Event]:
    """The events that new statements put after others, and those that happen only by them: where new circles begin."""
    before = _known(near)
    events = Events(instance)
    touched = {
        node
        for node, fact in enumerate(events.facts)
        if fact is not None and not before.intersection(_named(events, node))
    }
    for edge in edges(events):
        if any(fact is not None and fresh.intersection(fact.statements()) for fact in (edge.by, edge.first, edge.last)):
            touched.add(edge.after)
    return [event for node in touched for event in _named(events, node)]


def _known(near: list[Statement]) -> set[Event]:
    """The events that happen by stored statements alone."""
    instance = load(near)
    infer(instance, FOR_VERDICT)
    events = Events(instance)
    return {event for node, fact in enumerate(events.facts) if fact is not None for event in _named(events, node)}


def _named(events: Events, node: int) -> Iterator[Event]:
    """An event by kind and identifier; for a usage, those that come after it."""
    kind, fact = events.kinds[node], events.facts[node]
    if kind == "used" and fact is not None:
        yield from _after_usage(events, fact)
        return
    label = events.instance.terms.label(events.elements[node])
    if label is not None:
        yield kind, label


def _after_usage(events: Events, fact: Fact) -> Iterator[Event]:
    for kind, place in (("wasEndedBy", 0), ("wasInvalidatedBy", 1)):
        label = events.instance.terms.label(fact.args[place])
        if label is not None:
            yield kind, label
