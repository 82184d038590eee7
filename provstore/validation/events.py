"""The events of an instance as nodes of a graph: one for all generations of an entity, and so on.

Constraints 31, 32, 39 and 40 say that all starts or ends of an activity, and all generations or invalidations of an
entity, happen at once, so they are one node. A usage is a node of its own.
"""

from __future__ import annotations

from typing import Final

from provstore.validation.facts import ANONYMOUS, Fact
from provstore.validation.instance import Instance

GENERATION: Final = "wasGeneratedBy"
INVALIDATION: Final = "wasInvalidatedBy"
START: Final = "wasStartedBy"
END: Final = "wasEndedBy"
# The constraint by which all events of one kind and element are simultaneous.
SIMULTANEOUS: Final = {START: 31, END: 32, GENERATION: 39, INVALIDATION: 40}
PHRASES: Final = {GENERATION: "generation of", INVALIDATION: "invalidation of", START: "start of", END: "end of"}


class Events:
    """Nodes by (kind of event, element), and by usage. `facts[node]` is a fact by which the event happens.

    Args: instance: after inference. Entities of specializationOf get nodes for generation and invalidation even when
    no such event is known (`facts[node]` is None): inference 19 is the way through them.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.facts: list[Fact | None] = []
        self.kinds: list[str] = []
        self.elements: list[int] = []
        self._nodes: dict[str, dict[int, int]] = {kind: {} for kind in SIMULTANEOUS}
        self._uses: dict[tuple[int, int, int], int] = {}
        self._places: dict[tuple[str, int], int] = {}
        for kind, nodes in self._nodes.items():
            for fact in instance.facts[kind]:
                element = instance.root(fact.args[0])
                if element not in nodes:
                    nodes[element] = self._node(kind, element, fact)
        self.of_usage = {id(fact): self._usage(fact) for fact in instance.facts["used"]}

    def _node(self, kind: str, element: int, fact: Fact | None) -> int:
        self.facts.append(fact)
        self.kinds.append(kind)
        self.elements.append(element)
        return len(self.facts) - 1

    def _usage(self, fact: Fact) -> int:
        if fact.id == ANONYMOUS:
            return self._node("used", fact.args[1], fact)
        key = self._usage_key(fact.id, fact.args[0], fact.args[1])
        if key not in self._uses:
            self._uses[key] = self._node("used", fact.args[1], fact)
        return self._uses[key]

    def _usage_key(self, usage: int, activity: int, entity: int) -> tuple[int, int, int]:
        root = self.instance.root
        return root(usage), root(activity), root(entity)

    def usage(self, usage: int, activity: int, entity: int) -> int | None:
        """The node of a usage by identifier, activity and entity."""
        return self._uses.get(self._usage_key(usage, activity, entity))

    def of(self, kind: str, element: int) -> int | None:
        """The node of an event of `kind`, such as START, or None when none is known to happen."""
        return self._nodes[kind].get(self.instance.root(element))

    def of_specialized(self, kind: str, entity: int) -> int:
        """As `of`, for entities of specializationOf: the event may only be a place on the way."""
        nodes, root = self._nodes[kind], self.instance.root(entity)
        node = nodes.get(root)
        if node is None:
            node = self._places.get((kind, root))
        if node is None:
            node = self._places[kind, root] = self._node(kind, root, None)
        return node
