"""From statements to problems: load, chase, infer, check. The core that everything else in this package calls.

Source: PROV-CONSTRAINTS section 7.1 (the procedure for validity).
"""

from __future__ import annotations

from collections.abc import Iterable

from provstore.model.statement import Statement
from provstore.validation.clashes import clashes
from provstore.validation.cycles import strict_cycles
from provstore.validation.expansion import expand, in_scope
from provstore.validation.impossibility import IMPOSSIBILITY
from provstore.validation.inferences import FOR_VERDICT, derivation_generation_use_inference, infer
from provstore.validation.instance import Instance
from provstore.validation.problems import Problem
from provstore.validation.progress import SILENT, Steps
from provstore.validation.uniqueness import CHECKS
from provstore.validation.words import Words


def load(statements: Iterable[Statement], steps: Steps = SILENT) -> Instance:
    """The facts of one bundle's statements, merged as far as constraints 22 to 29 ask."""
    instance = Instance()
    for stated in steps.counted("merging statements", statements):
        if in_scope(stated):
            _take(instance, stated)
    for fact in instance.waiting():
        for check in CHECKS[fact.kind]:
            for equation in check(instance, fact):
                instance.equate(equation)
    instance.settle()
    return instance


def _take(instance: Instance, stated: Statement) -> None:
    expanded = expand(stated, instance.terms)
    if expanded.missing:
        instance.missing.append((stated, expanded.missing))
    for fact in expanded.facts:
        instance.add(fact)
        if fact.kind == "wasDerivedFrom":
            for inferred in derivation_generation_use_inference(instance, fact):
                instance.add(inferred)
    for equation in expanded.equations:
        instance.equate(equation)


def examine(statements: Iterable[Statement], words: Words, steps: Steps = SILENT) -> list[Problem]:
    """All problems of one bundle's statements; none when they are valid. Args: steps: told how far it is."""
    instance, problems = inferred(statements, words, steps)
    return problems + violations(instance, words, steps)


def inferred(statements: Iterable[Statement], words: Words, steps: Steps = SILENT) -> tuple[Instance, list[Problem]]:
    """The facts with all that a verdict infers from them, and the merges that failed."""
    instance = load(statements, steps)
    problems = clashes(instance, words)
    infer(instance, FOR_VERDICT)
    return instance, problems


def violations(instance: Instance, words: Words, steps: Steps = SILENT) -> list[Problem]:
    """What is impossible, and the events that would go round in circles, among inferred facts."""
    steps.at("ordering events")
    problems = [problem for constraint in IMPOSSIBILITY for problem in constraint(instance, words)]
    return [*problems, *strict_cycles(instance, words)]
