"""Substitutions by brute force: does a conclusion hold, does one instance map into another, are two the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.oracle_validation.facts import Fact, Instance, Some, all_facts, is_variable

Binding = dict[Any, Any]


def matches(pattern: Fact, target: Fact, bound: Binding, bindable: Callable[[Any], bool]) -> Binding | None:
    """`bound`, extended so that `pattern` becomes `target`, which may have more attributes; None when it cannot."""
    if pattern.kind != target.kind or not pattern.attributes <= target.attributes:
        return None
    extended = bound
    for one, other in zip((pattern.id, *pattern.args), (target.id, *target.args), strict=True):
        if not bindable(one):
            if one != other:
                return None
        elif one not in extended:
            extended = {**extended, one: other}
        elif extended[one] != other:
            return None
    return extended


def solutions(
    patterns: list[Fact], facts: Instance, bindable: Callable[[Any], bool], bound: Binding
) -> Iterator[Binding]:
    """All bindings that make every pattern a fact."""
    if not patterns:
        yield bound
        return
    for target in facts.get(patterns[0].kind, ()):
        extended = matches(patterns[0], target, bound, bindable)
        if extended is not None:
            yield from solutions(patterns[1:], facts, bindable, extended)


def holds(conclusion: list[Fact], facts: Instance) -> bool:
    """Section 7.1, step 2: the entire conclusion holds already, for some values of what it says exists."""
    return any(True for _ in solutions(conclusion, facts, _is_some, {}))


def _is_some(term: Any) -> bool:
    return isinstance(term, Some)


def follows(one: Instance, from_other: Instance) -> bool:
    """All that `one` states holds in the other, for some values of its existential variables."""
    return all(any(True for _ in solutions(block, from_other, is_variable, {})) for block in _blocks(all_facts(one)))


def isomorphic(one: Instance, other: Instance) -> bool:
    """The same facts, up to renaming of existential variables."""
    ours, theirs = all_facts(one), all_facts(other)
    if sorted(map(_shape, ours)) != sorted(map(_shape, theirs)):
        return False
    return any(True for _ in _renamings(sorted(ours, key=_free), theirs, {}))


def _renamings(ours: list[Fact], theirs: list[Fact], bound: Binding) -> Iterator[Binding]:
    if not ours:
        yield bound
        return
    for index, target in enumerate(theirs):
        if ours[0].attributes != target.attributes:
            continue
        extended = matches(ours[0], target, bound, is_variable)
        if extended is not None and _is_renaming(extended):
            yield from _renamings(ours[1:], theirs[:index] + theirs[index + 1 :], extended)


def _is_renaming(bound: Binding) -> bool:
    return all(map(is_variable, bound.values())) and len(set(bound.values())) == len(bound)


def _terms(one: Fact) -> tuple[Any, ...]:
    return (one.id, *one.args)


def _free(one: Fact) -> int:
    return sum(map(is_variable, _terms(one)))


def _shape(one: Fact) -> str:
    return repr((one.kind, ["?" if is_variable(term) else term for term in _terms(one)], sorted(one.attributes)))


def _blocks(facts: list[Fact]) -> list[list[Fact]]:
    """Facts that share variables, together; each block may be mapped for itself."""
    blocks: list[tuple[set[Any], list[Fact]]] = []
    for one in facts:
        variables, block = set(filter(is_variable, _terms(one))), [one]
        for others in [entry for entry in blocks if entry[0] & variables]:
            blocks.remove(others)
            variables, block = variables | others[0], others[1] + block
        blocks.append((variables, block))
    return [_connected(block) for _, block in blocks]


def _connected(block: list[Fact]) -> list[Fact]:
    """The facts in an order in which each has as few new variables as can be, so that few bindings are tried."""
    left, bound, ordered = list(block), set(), []
    while left:
        best = min(left, key=lambda one: len(set(filter(is_variable, _terms(one))) - bound))
        left.remove(best)
        bound |= set(filter(is_variable, _terms(best)))
        ordered.append(best)
    return ordered
