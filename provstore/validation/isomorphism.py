"""Records up to the names of their variables: records come in, a numbering of variables or a yes or no goes out.

Variables that share no record can be named apart, so the work is done component by component; most are small. Within a
component, colour refinement tells variables apart; where it can't, one is picked (and equivalence tries the others).
Source: McKay and Piperno, "Practical graph isomorphism, II", 2014.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from provstore.validation.form import Record

Colours = dict[int, str]


class Component:
    """Records that are tied together by variables."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.places: dict[int, list[Record]] = {}
        for record in records:
            for variable in _variables(record):
                self.places.setdefault(variable, []).append(record)

    def refined(self, colours: Colours) -> Colours:
        """Colours by what surrounds a variable, as far as that goes; the same in components that are isomorphic."""
        classes = len(set(colours.values()))
        while classes < len(colours):
            finer = {
                variable: _digest(f"{colours[variable]}{sorted(_seen_from(variable, one, colours) for one in places)}")
                for variable, places in self.places.items()
            }
            found = len(set(finer.values()))
            if found == classes:
                break
            colours, classes = finer, found
        return colours

    def numbered(self) -> dict[int, int]:
        """The variables numbered from 0, by their surroundings; ties are broken one at a time."""
        colours = self.refined(dict.fromkeys(self.places, ""))
        while (tied := _tied(colours)) is not None:
            colours = self.refined({**colours, tied[0]: _digest(f"{colours[tied[0]]}first")})
        return {variable: place for place, variable in enumerate(sorted(colours, key=colours.__getitem__))}

    def text(self, names: dict[int, int]) -> str:
        """The records with numbers for variables, in one order."""
        return "\n".join(sorted(written(record, names) for record in self.records))


def components(records: Iterable[Record]) -> tuple[list[Record], list[Component]]:
    """The records without variables, and the components of the others."""
    parents: dict[int, int] = {}

    def root(variable: int) -> int:
        parents.setdefault(variable, variable)
        while parents[variable] != variable:
            parents[variable] = parents[parents[variable]]
            variable = parents[variable]
        return variable

    constant: list[Record] = []
    tied: list[tuple[int, Record]] = []
    for record in records:
        variables = _variables(record)
        for variable in variables[1:]:
            parents[root(variable)] = root(variables[0])
        if variables:
            tied.append((variables[0], record))
        else:
            constant.append(record)
    grouped: dict[int, list[Record]] = {}
    for variable, record in tied:
        grouped.setdefault(root(variable), []).append(record)
    return constant, [Component(group) for group in grouped.values()]


def isomorphic(left: list[Record], right: list[Record]) -> bool:
    """True when renaming variables makes the records the same."""
    (constant, ones), (other_constant, others) = components(left), components(right)
    if set(constant) != set(other_constant) or len(ones) != len(others):
        return False
    texts = Counter(one.text(one.numbered()) for one in ones)
    unmatched: list[Component] = []
    for other in others:
        text = other.text(other.numbered())
        if texts[text]:
            texts[text] -= 1
        else:
            unmatched.append(other)
    if not unmatched:
        return True
    rest = [one for one in ones if _take(texts, one.text(one.numbered()))]
    return all(_matched(one, unmatched) for one in rest)


def _take(texts: Counter[str], text: str) -> bool:
    if texts[text]:
        texts[text] -= 1
        return True
    return False


def _matched(one: Component, candidates: list[Component]) -> bool:
    """Takes one isomorphic component out of the candidates. Any will do: what is isomorphic to one is so to all."""
    for place, other in enumerate(candidates):
        if _same(one, other, dict.fromkeys(one.places, ""), dict.fromkeys(other.places, "")):
            del candidates[place]
            return True
    return False


def _same(one: Component, other: Component, ours: Colours, theirs: Colours) -> bool:
    """Whether the components are isomorphic, variables of equal colour matched; ties are tried one after the other."""
    trials = [(ours, theirs)]
    while trials:
        ours, theirs = (side.refined(colours) for side, colours in zip((one, other), trials.pop(), strict=True))
        if Counter(ours.values()) != Counter(theirs.values()):
            continue
        tied = _tied(ours)
        if tied is None:
            by_colour = {colour: number for number, colour in enumerate(sorted(ours.values()))}
            texts = [
                side.text({variable: by_colour[colour] for variable, colour in colours.items()})
                for side, colours in ((one, ours), (other, theirs))
            ]
            if texts[0] == texts[1]:
                return True
            continue
        chosen, mark = tied[0], _digest(f"{ours[tied[0]]}first")
        trials.extend(
            ({**ours, chosen: mark}, {**theirs, candidate: mark})
            for candidate, colour in theirs.items()
            if colour == ours[chosen]
        )
    return False


def written(record: Record, names: dict[int, int]) -> str:
    """A record as text, its variables by number."""
    references = [names[one] if isinstance(one, int) else one for one in (record.identifier, *record.arguments)]
    return repr((record.kind, references, sorted(record.attributes)))


def _variables(record: Record) -> list[int]:
    return list(dict.fromkeys(one for one in (record.identifier, *record.arguments) if isinstance(one, int)))


def _seen_from(variable: int, record: Record, colours: Colours) -> str:
    """A record as `variable` sees it: itself, the colours of the others, and the constants."""
    references = [
        (one == variable, colours[one]) if isinstance(one, int) else one
        for one in (record.identifier, *record.arguments)
    ]
    return repr((record.kind, references, sorted(record.attributes)))


def _tied(colours: Colours) -> list[int] | None:
    """The variables of the smallest class with several, None when there is none."""
    classes: dict[str, list[int]] = {}
    for variable, colour in colours.items():
        classes.setdefault(colour, []).append(variable)
    tied = [variables for variables in classes.values() if len(variables) > 1]
    return min(tied, key=lambda variables: (len(variables), colours[variables[0]])) if tied else None


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
