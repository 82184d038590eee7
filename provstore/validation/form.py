"""Everything that follows from one bundle's statements, as records over constants and variables.

What comes in: statements that are valid. What goes out: records, each relation and element once, with all its
attributes. Source: PROV-CONSTRAINTS sections 2.4 and 7.1 (normal form).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_NAME
from provstore.validation.examining import load
from provstore.validation.facts import ANONYMOUS, ELEMENT_NAMES, IDENTIFIED, PLACEHOLDER, Fact
from provstore.validation.inferences import (
    FOR_NORMAL_FORM,
    FOR_VERDICT,
    infer,
    influence_inference,
    specialization_transitive,
)
from provstore.validation.instance import Instance
from provstore.validation.terms import CONSTANT, time_value

# A constant (an identifier, or a time in its one spelling), a variable, or the placeholder.
Reference = str | int | None


class Record(NamedTuple):
    """One statement of a normal form; `identifier` is None where the kind has none."""

    kind: str
    identifier: Reference
    arguments: tuple[Reference, ...]
    attributes: frozenset[Attribute]


def form_of(statements: Iterable[Statement]) -> list[Record]:
    """The records of the normal form, in no order."""
    instance = load(statements)
    infer(instance, (specialization_transitive, *FOR_VERDICT, *FOR_NORMAL_FORM))
    merged: dict[tuple[str, int, tuple[int, ...]], set[Attribute]] = {}
    arguments: dict[tuple[str, int, tuple[int, ...]], tuple[int, ...]] = {}
    for fact in _with_influences(instance):
        args = tuple(map(instance.root, fact.args))
        # Constraints 22 and 23: by its identifier, a statement is one.
        key = (fact.kind, instance.root(fact.id), ()) if fact.id != ANONYMOUS else (fact.kind, ANONYMOUS, args)
        arguments[key] = args
        merged.setdefault(key, set()).update(fact.other_attributes)
    _inherit(instance, merged)
    return [
        Record(
            kind,
            None if identifier == ANONYMOUS else _reference(instance, identifier),
            _references(instance, kind, arguments[kind, identifier, args]),
            frozenset(attributes),
        )
        for (kind, identifier, args), attributes in merged.items()
    ]


def _with_influences(instance: Instance) -> Iterator[Fact]:
    """All facts, relations with an identifier, and the influences of inference 15 with the same attributes."""
    for kind, facts in instance.facts.items():
        for fact in facts:
            # Definition 1: what has no identifier has one that nobody knows.
            if kind in IDENTIFIED and fact.id == ANONYMOUS:
                fact.id = instance.terms.fresh()
            yield fact
            if kind in IDENTIFIED and kind != "wasInfluencedBy":
                yield Fact("wasInfluencedBy", fact.id, influence_inference(fact), inference=15, premises=(fact,))


def _inherit(instance: Instance, merged: dict[tuple[str, int, tuple[int, ...]], set[Attribute]]) -> None:
    """Inference 21: the attributes of the general entity, by all pairs of inference 19."""
    own = {key[1]: frozenset(attributes) for key, attributes in merged.items() if key[0] == ELEMENT_NAMES[0]}
    for fact in instance.facts["specializationOf"]:
        specific, general = map(instance.root, fact.args)
        if general in own:
            merged[ELEMENT_NAMES[0], specific, ()].update(own[general])


def _references(instance: Instance, kind: str, args: tuple[int, ...]) -> tuple[Reference, ...]:
    references = [_reference(instance, term) for term in args]
    for place, argument in enumerate(BY_NAME[kind].arguments):
        time = references[place]
        if argument.holds == "time" and isinstance(time, str):
            references[place] = time_value(time)
    return tuple(references)


def _reference(instance: Instance, term: int) -> Reference:
    terms = instance.terms
    if term == PLACEHOLDER:
        return None
    return terms.label(term) if terms.rank(term) == CONSTANT else term
