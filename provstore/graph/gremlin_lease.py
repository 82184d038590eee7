"""Who may write a graph: one process at a time, by a lease in the graph itself, since no engine has a lock for it.

Every write begins with a guard that finds nothing once the lease is another's, so that whoever was slow and lost it
changes nothing any more. The lease also tells what was cut short: `unfinished` stays until a writer comes to its end.
In: a link. Out: guards, and the state of the graph. Source: rule 23.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import uuid4

from gremlin_python.process.graph_traversal import __
from gremlin_python.process.traversal import Merge, P
from gremlin_python.statics import long

from provstore.errors import BackendUnavailable, ProvstoreError
from provstore.graph.contract import Applied
from provstore.graph.gremlin_keys import META, Keys, source
from provstore.graph.gremlin_link import Answer, Link

# Whoever holds the lease and says nothing for so long loses it.
LEASE_S: Final = 20.0
_PAUSE_S: Final = 0.2
# How many edges one request drops.
_EDGES: Final = 5_000
_FIELDS: Final = ("schema", "ledger", "applied", "root", "writer", "until", "unfinished")


class State(NamedTuple):
    """What the graph says of itself; `schema` 0: nothing."""

    schema: int = 0
    applied: Applied | None = None
    unfinished: bool = False


class Lease:
    """The right to write, for one engine, which `holder` names. Args: wait_s: how long to wait for others."""

    def __init__(self, link: Link, keys: Keys, *, wait_s: float) -> None:
        self._link, self._keys = link, keys
        self.holder = uuid4().hex
        self._wait_s = wait_s
        self.wrote = False

    def state(self) -> State:
        """What the graph says of itself."""
        found = self._link.ask(self._keys.meta().value_map(*_FIELDS))
        values = {str(key): value[0] for key, value in found[0].items()} if found else {}
        applied = Applied(values["ledger"], values["applied"], values["root"]) if "ledger" in values else None
        return State(values.get("schema", 0), applied, values.get("unfinished", False))

    def mark(self, schema: int) -> None:
        """Notes the version of the schema, in a graph that may be empty."""
        key = self._keys.meta_key()
        marked = source().merge_v(key).option(Merge.on_create, {**key, "meta": META})
        self._link.ask(marked.property("schema", long(schema)).count())

    def take(self) -> State:
        """Waits for the lease and takes it; the state from before.

        Raises: BackendUnavailable: another process writes, and does not come to its end.
        """
        deadline = time.monotonic() + self._wait_s
        while True:
            before = self.state()
            now = _now_ms()
            free = __.or_(__.has_not("writer"), __.has("writer", self.holder), __.has("until", P.lt(now)))
            taking = self._keys.meta().where(free).property("writer", self.holder)
            self._link.ask(taking.property("until", _until(now)).property("unfinished", True).count())
            # Two may have found it free at once; what is written last stands.
            if self._link.ask(self._keys.meta().has("writer", self.holder).count()) == [1]:
                self.wrote = False
                return before
            if time.monotonic() > deadline:
                raise BackendUnavailable(
                    "another process writes the graph",
                    where=str(self._link.address),
                    next_step="Try again. It loses its turn when it is silent for 20 s.",
                )
            time.sleep(_PAUSE_S)

    def guard(self) -> Any:
        """A traversal that yields one thing while the lease is ours, else nothing; it prolongs the lease."""
        mine = self._keys.meta().has("writer", self.holder)
        return mine.property("until", _until(_now_ms()))

    def write(self, traversal: Any, expected: int) -> list[Any]:
        """What a guarded traversal yields. Raises: BackendUnavailable: it is not `expected` long, the lease is lost."""
        self.wrote = True
        return self.held(self._link.ask(traversal), expected)

    def send(self, traversal: Any, then: Callable[[Answer], None]) -> None:
        """A guarded traversal whose answer is waited for later; `then` has it checked by `held`."""
        self.wrote = True
        self._link.send(traversal, then)

    def held(self, found: list[Any], expected: int) -> list[Any]:
        """What a guarded traversal yielded. Raises: BackendUnavailable: not so many, so the lease is lost."""
        if len(found) != expected:
            raise self.lost()
        return found

    def lost(self) -> BackendUnavailable:
        """What is said once the lease is another's."""
        return BackendUnavailable(
            "another process took over the writing of the graph",
            where=str(self._link.address),
            next_step="It is brought up to date by whoever asks next.",
        )

    def note(self, applied: Applied) -> None:
        """Writes what the graph is current to."""
        noting = self.guard().property("ledger", applied.ledger_id).property("applied", long(applied.sequence))
        self.write(noting.property("root", applied.root).constant(1), 1)

    def finish(self) -> None:
        """Gives the lease back after everything was written."""
        done = self.guard().side_effect(__.properties("writer", "until", "unfinished").drop())
        self.write(done.constant(1), 1)

    def forget(self) -> None:
        """Takes away what the graph is current to: it is to be emptied."""
        gone = self.guard().property("unfinished", True).side_effect(__.properties("ledger", "applied", "root").drop())
        self.write(gone.constant(1), 1)

    def drop(self, numbers: list[Any]) -> None:
        """Drops vertices by their ids, their edges first, some at a time."""
        while self._link.ask(self._edges(numbers).side_effect(__.drop()).count()) == [_EDGES]:
            pass
        self._link.ask(self.guard().V(*numbers).drop().count())

    def _edges(self, numbers: list[Any]) -> Any:
        return self.guard().V(*numbers).out_e().limit(_EDGES)

    def give_up(self, before: State) -> None:
        """Gives the lease back after an error; what was written in part stays noted as that."""
        self._link.forget()
        gone = ["writer", "until", *([] if before.unfinished or self.wrote else ["unfinished"])]
        with suppress(ProvstoreError):
            self._link.ask(self.guard().side_effect(__.properties(*gone).drop()).count())


def _now_ms() -> Any:
    return long(int(time.time() * 1000))


def _until(now_ms: int) -> Any:
    return long(now_ms + int(LEASE_S * 1000))
