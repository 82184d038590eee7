"""What a format lost: the assertions that were written and those that came back come in, losses go out.

Source: rule 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

from provstore.formats.contract import Loss
from provstore.formats.losses import Losses
from provstore.model.document import Assertion
from provstore.model.fold import comparable
from provstore.model.statement import Value


def losses_between(written: Iterable[Assertion], back: Iterable[Assertion]) -> list[Loss]:
    """One Loss for each kind of difference; none when the two are equal."""
    before, after = Counter(written), Counter(back)
    by_value: dict[Hashable, int] = defaultdict(int)
    for assertion, count in (after - before).items():
        by_value[_by_value(assertion)] += count
    found = Losses()
    for assertion, count in (before - after).items():
        key = _by_value(assertion)
        same = min(count, by_value[key])
        by_value[key] -= same
        if same:
            found.add("the spelling of values (1.10 comes back as 1.1)", assertion.statement, same)
        if count > same:
            found.add("statements that do not come back as they were", assertion.statement, count - same)
    if sum(by_value.values()):
        others = [a for a in (after - before).elements() if by_value[_by_value(a)]]
        found.add("statements that come back and were not written", others[0].statement, sum(by_value.values()))
    return found.found()


def _by_value(assertion: Assertion) -> Hashable:
    bundle, stated = assertion
    values = frozenset((name, comparable(Value(*rest))) for name, *rest in stated.attributes)
    return bundle, stated.kind, stated.identifier, values
