"""Every graph engine beside the same thing written by hand: the bulk projection of a ledger, and one lineage question.

Servers are fetched and started for it (deploy/local), one after the other: `python -m benchmarks.engines neo4j` runs
one. By hand means batches of MERGE, mergeV or executemany of the very rows that the engine wrote, into the same schema,
and one query for an answer with as much in it (benchmarks/by_hand).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, Self

import provstore
from benchmarks import data
from benchmarks.by_hand.sqlite import SqliteByHand
from benchmarks.harness import ROOT, Claim, Series, paired, timed
from provstore.graph.contract import Engine, Walk
from provstore.graph.gremlin import GremlinEngine
from provstore.graph.neo4j import Neo4jEngine
from provstore.graph.projector import catch_up
from provstore.graph.sqlite import SqliteEngine
from provstore.ledger.sqlite import SqliteLedger

sys.path.insert(0, str(ROOT.parent / "deploy" / "local"))

from provstore_local import KINDS, Running, missing, start

STATEMENTS: Final = 100_000
ROUNDS: Final = 5
START: Final = f"{data.EXAMPLE}cone/"
# Of a hand-written load's rate, and of a hand-written query's time.
LEAST_RATE, MOST_TIME = 0.7, 1.3


class ByHand(Protocol):
    """Rows that were read from a graph, and how they are written and asked by hand."""

    def close(self) -> None: ...

    def remember(self) -> int: ...

    def take(self, other: Self) -> None: ...

    def empty(self) -> None: ...

    def load(self) -> float: ...

    def upstream(self, start: str) -> tuple[int, int]: ...


class Contestants(NamedTuple):
    """An engine on an empty graph, and the same by hand."""

    engine: Engine
    by_hand: ByHand


class Asked(NamedTuple):
    """What is measured: the size of the ledger, the length of the lineage in it, and how many rounds."""

    statements: int
    steps: int
    rounds: int
    quick: bool


def engines(asked: Asked, names: list[str]) -> None:
    """All engines that are named, one after the other, over one ledger; a table each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with _ledger(folder, asked) as ledger:
            for engine in names:
                claim = _claim(engine, asked)
                _engine(claim, engine, ledger, folder / engine, asked)
                claim.report()


def _claim(name: str, asked: Asked) -> Claim:
    title = "The embedded engine" if name == "embedded" else KINDS[SERVERS[name][0]].title
    return Claim(
        f"engines_{name}_{asked.statements}",
        f"{title}. A ledger of {asked.statements:,} statements of training runs and a lineage of"
        f" {3 * asked.steps + 1:,} nodes, projected into the empty graph, beside batches of the same rows by hand into"
        " the same schema; and everything upstream, nodes and edges whole, beside one query by hand that returns as"
        " much. "
        + (
            "One load of each comes before, so that the JVM is warm."
            if asked.rounds > 1
            else "Each load goes into a graph of its own, a server's that was just started."
        ),
        asked.quick,
        ("what", "contestant", "rows", "seconds", "rows per second"),
    )


def _ledger(folder: Path, asked: Asked) -> SqliteLedger:
    data.prov_json(folder / "runs.json", asked.statements)
    with provstore.open(folder / "ledger.db") as store:
        store.ingest(folder / "runs.json")
        store.append([data.chain(asked.steps, name="cone", width=2)])
    return SqliteLedger(folder / "ledger.db")


def _engine(claim: Claim, name: str, ledger: SqliteLedger, folder: Path, asked: Asked) -> None:
    lacking = None if name == "embedded" else missing(KINDS[SERVERS[name][0]].min_java)
    if lacking:
        claim.notes.append(f"{name} was left out: this machine lacks {lacking}")
        return
    before = os.getloadavg()[0]
    folder.mkdir()
    with OPENED[name](folder) as (engine, by_hand):
        engine.migrate()
        first_s = timed(lambda: catch_up(ledger, engine))
        _tell(f"{name}: the first projection took {first_s:,.0f} s")
        rows = by_hand.remember()
        _tell(f"{name}: {rows:,} rows are known")
        _upstream(claim, name, Contestants(engine, by_hand), asked)
        if asked.rounds > 1:
            loads = _in_turns(ledger, Contestants(engine, by_hand), asked.rounds)
    if asked.rounds == 1:
        loads = {"by hand": Series([_anew(name, folder / "by_hand", by_hand)]), "provstore": Series([first_s])}
    _load(claim, name, loads, rows)
    rounds = f"medians of {asked.rounds} paired rounds" if asked.rounds > 1 else "one round"
    claim.notes.append(f"{rounds}; load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} after")


def _tell(what: str) -> None:
    """Of a table that takes hours, what is known so far."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _upstream(claim: Claim, name: str, found: Contestants, asked: Asked) -> None:
    engine, by_hand = found
    start = f"{START}{asked.steps}"
    walk = Walk((start,), "out", whole=True)
    reached = engine.closure(walk)
    size = (len(reached.nodes), len(reached.edges))
    if size != (3 * asked.steps + 1, 4 * asked.steps) or by_hand.upstream(start) != size:
        raise RuntimeError(f"{name} finds {size} upstream, by hand {by_hand.upstream(start)}")
    series = paired(
        asked.rounds,
        {
            "by hand": lambda: timed(lambda: by_hand.upstream(start)),
            "provstore": lambda: timed(lambda: engine.closure(walk)),
        },
    )
    for contestant, one in series.items():
        claim.row("upstream", contestant, sum(size), one.median, sum(size) / one.median)
    times = series["provstore"].times(series["by hand"])
    if name == "embedded":
        claim.notes.append(f"times the time of a plain recursive CTE: {times:.1f}")
    else:
        claim.goal("times the time of the query by hand", times, at_most=MOST_TIME)


def _in_turns(ledger: SqliteLedger, found: Contestants, rounds: int) -> dict[str, Series]:
    engine, by_hand = found

    def projected() -> float:
        engine.drop()
        return timed(lambda: catch_up(ledger, engine))

    def loaded() -> float:
        engine.drop()
        by_hand.empty()
        return by_hand.load()

    loaded()
    return paired(rounds, {"by hand": loaded, "provstore": projected})


def _anew(name: str, folder: Path, before: ByHand) -> float:
    """A load by hand into a graph of its own: to empty one of a million rows takes as long as to fill it."""
    folder.mkdir()
    with OPENED[name](folder) as (engine, by_hand):
        engine.migrate()
        by_hand.take(before)
        return by_hand.load()


def _load(claim: Claim, name: str, series: dict[str, Series], rows: int) -> None:
    for contestant, one in series.items():
        claim.row("load", contestant, rows, one.median, rows / one.median)
    rate = series["by hand"].times(series["provstore"])
    if name == "embedded":
        claim.notes.append(f"rate of the projection beside plain executemany: {rate:.2f}")
    else:
        claim.goal("rate of the projection beside the load by hand", rate, at_least=LEAST_RATE)


@contextmanager
def _embedded(folder: Path) -> Iterator[Contestants]:
    path = folder / "graph.db"
    with SqliteEngine(path) as engine, closing(SqliteByHand(path, folder)) as by_hand:
        yield Contestants(engine, by_hand)


@contextmanager
def _neo4j(server: Running, _: str) -> Iterator[Contestants]:
    from benchmarks.by_hand.neo4j import Neo4jByHand

    given = {"user": "neo4j", "password": server.password}
    with Neo4jEngine(server.url, **given) as engine, closing(Neo4jByHand(server.url, **given)) as by_hand:
        yield Contestants(engine, by_hand)


@contextmanager
def _gremlin(server: Running, source: str) -> Iterator[Contestants]:
    from benchmarks.by_hand.gremlin import GremlinByHand

    url = f"ws://127.0.0.1:{server.settings['port']}/gremlin"
    own_ids = server.url.startswith("gremlin")
    with (
        GremlinEngine(f"{server.url}/{source}") as engine,
        closing(GremlinByHand(url, source, own_ids=own_ids)) as by_hand,
    ):
        yield Contestants(engine, by_hand)


SERVERS: Final[dict[str, tuple[str, Callable[..., Any], str]]] = {
    "neo4j": ("neo4j", _neo4j, ""),
    "neo4j-2026": ("neo4j-2026", _neo4j, ""),
    "tinkergraph": ("gremlin", _gremlin, "g"),
    "tinkertransactiongraph": ("gremlin", _gremlin, "gtx"),
    "janusgraph": ("janusgraph", _gremlin, "g"),
    "janusgraph-cassandra": ("janusgraph-cassandra", _gremlin, "g"),
}


def _on_server(name: str) -> Callable[[Path], Any]:
    kind, opened, source = SERVERS[name]

    @contextmanager
    def both(folder: Path) -> Iterator[Contestants]:
        with ExitStack() as stack:
            server = stack.enter_context(start(kind, folder / "server"))
            yield stack.enter_context(opened(server, source))

    return both


OPENED: Final[dict[str, Callable[[Path], Any]]] = {
    "embedded": _embedded,
    **{name: _on_server(name) for name in SERVERS},
}
USUAL: Final = ("embedded", "neo4j", "tinkergraph", "janusgraph", "janusgraph-cassandra")
QUICK: Final = ("embedded", "tinkergraph")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small inputs, one round: only to see that it runs")
    parser.add_argument("--statements", type=int, default=STATEMENTS, help="in the ledger [default: %(default)s]")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of load and question [default: %(default)s]")
    parser.add_argument(
        "engines", nargs="*", metavar="ENGINE",
        help=f"of {', '.join(OPENED)} [default: {', '.join(USUAL)}; with --quick: {', '.join(QUICK)}]",
    )  # fmt: skip
    options = parser.parse_args()
    unknown = sorted(set(options.engines) - OPENED.keys())
    if unknown:
        parser.error(f"no such engine: {', '.join(unknown)}")
    asked = Asked(1_000, 20, 1, True) if options.quick else Asked(options.statements, 1_000, options.rounds, False)
    engines(asked, options.engines or list(QUICK if options.quick else USUAL))


if __name__ == "__main__":
    main()
