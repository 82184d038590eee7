"""Failed merges in words: equations of two constants come in, one problem per cause goes out.

Source: PROV-CONSTRAINTS section 2.4 (merging fails when two different constants meet).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from provstore.validation.facts import ARGUMENTS, PLACEHOLDER, Equation
from provstore.validation.instance import Instance
from provstore.validation.problems import Problem, Support
from provstore.validation.words import Words, noun, with_article

_WHAT: Final = {
    24: "generation of {0} by {1}", 25: "invalidation of {0} by {1}",
    26: "start of {0} by {1}", 27: "end of {0} by {1}",
}  # fmt: skip


def clashes(instance: Instance, words: Words) -> list[Problem]:
    """The failed merges, those of one constraint about one thing as one problem."""
    grouped: dict[tuple[int, str], tuple[str, list[Equation]]] = {}
    for equation in _causes(instance):
        subject, text = _in_words(instance, words, equation)
        grouped.setdefault((equation.reason.constraint, subject), (text, []))[1].append(equation)
    return [
        Problem(constraint, subject, text, _support(instance, equations))
        for (constraint, subject), (text, equations) in grouped.items()
    ]


def _causes(instance: Instance) -> Iterator[Equation]:
    """The clashes without those that follow from an earlier one: the same two values, and a fact that both speak of.

    What two statements say themselves follows from nothing, and two arguments may have the same two values.
    """
    seen: dict[frozenset[int], list[Equation]] = {}
    for equation in instance.clashes:
        pair = frozenset((instance.root(equation.left), instance.root(equation.right)))
        earlier = seen.setdefault(pair, [])
        follows = any(_shares_a_fact(equation, other) and not _differ(equation, other) for other in earlier)
        if not follows or _is_stated(instance, equation):
            earlier.append(equation)
            yield equation


def _shares_a_fact(equation: Equation, other: Equation) -> bool:
    facts = (equation.reason.left, equation.reason.right)
    return any(one is fact for one in facts for fact in (other.reason.left, other.reason.right))


def _is_stated(instance: Instance, equation: Equation) -> bool:
    """True when both values stand in the two statements; a value that was inferred is a variable's."""
    return instance.root(equation.left) == equation.left and instance.root(equation.right) == equation.right


def _differ(equation: Equation, other: Equation) -> bool:
    """True for clashes in different arguments of one kind of fact."""
    one, two = _place(equation), _place(other)
    return one[0] == two[0] and "" not in (one[1], two[1]) and one != two


def _place(equation: Equation) -> tuple[str, str]:
    """The kind of fact and the argument that a clash is about; "": it is about identifiers."""
    constraint, fact, _ = equation.reason
    if constraint in (28, 29):
        return "activity", "prov:startTime" if constraint == 28 else "prov:endTime"
    return fact.kind, "" if constraint in _WHAT else _argument(equation)


def _support(instance: Instance, equations: list[Equation]) -> Support:
    """What makes the first clash; the facts alone of the others about the same thing."""
    support = Support()
    for number, (left, right, reason) in enumerate(equations):
        support.facts((reason.left, reason.right))
        if number == 0 or len(equations) <= 8:
            support.reason(instance.terms, reason)
            for term in (left, right):
                support.equality(instance.terms, term, instance.root(term))
    return support


def _in_words(instance: Instance, words: Words, equation: Equation) -> tuple[str, str]:
    """What a clash is about, and the clash as a sentence."""
    left, right, reason = equation
    one, two = _value(instance, words, left), _value(instance, words, right)
    constraint, fact, other = reason
    if constraint in _WHAT:
        second = fact.args[1] if constraint in (24, 25) else fact.args[2]
        what = _WHAT[constraint].format(words.term(instance, fact.args[0]), words.term(instance, second))
        return what, f"The {what} has two identifiers, {one} and {two}."
    if constraint in (28, 29):
        name, which = words.term(instance, fact.id), "start" if constraint == 28 else "end"
        return name, f"{name} has the {which} time {one}, but its {which} happens at {two}."
    name = words.fact(instance, fact)
    if fact.kind != other.kind:
        kinds = f"{with_article(noun(fact.kind))} and of {with_article(noun(other.kind))}"
        apart = f"{one} stands in one where {two} stands in the other"
        return name, f"{name} is the identifier of {kinds}, so these would be one influence, but {apart}."
    argument = _argument(equation)
    return name, f"{_capital(name)} is one {noun(fact.kind)}, but its {argument} is said to be {one} and {two}."


def _capital(text: str) -> str:
    return text.replace("the ", "The ", 1) if text.startswith("the ") else text


def _value(instance: Instance, words: Words, term: int) -> str:
    return "none (-)" if instance.root(term) == PLACEHOLDER else words.term(instance, term)


def _argument(equation: Equation) -> str:
    """The argument that got two values."""
    left, right, reason = equation
    pairs = zip(ARGUMENTS[reason.left.kind], reason.left.args, reason.right.args, strict=False)
    found = next((iri for iri, *values in pairs if {left, right} == set(values)), None)
    return f"prov:{found.rpartition('#')[2]}" if found else "one argument"
