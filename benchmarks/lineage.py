"""Lineage from Python: a 200-step chain beside a raw recursive CTE, and a large answer out of a large store."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import provstore
from benchmarks import data
from benchmarks.harness import ROOT, Claim, main, paired, timed
from provstore.model.document import Assertion
from provstore.model.statement import sid
from provstore.model.terms import BY_IRI

CHAIN = f"{data.EXAMPLE}chain/"


def lineage(quick: bool) -> None:
    """Both questions in one store, so that the chain lies among other things."""
    steps, cone, others = (20, 101, 2_000) if quick else (200, 10_000, 1_000_000)
    claim = Claim(
        "lineage",
        f"`store.upstream(...)` in a store of {others:,} statements, the whole answer with all attributes of its nodes."
        " The recursive CTEs run over integer edges of the chain alone, in a plain database.",
        quick,
        ("question", "contestant", "nodes", "milliseconds"),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data.prov_json(folder / "others.json", others)
        with provstore.open(folder / "store.db") as store:
            store.ingest(folder / "others.json")
            store.append([data.chain(steps), data.chain((cone - 1) // 3, name="cone", width=2)])
            _chain(claim, store, folder, steps, rounds=3 if quick else 200)
            _cone(claim, store, (cone - 1) // 3, rounds=1 if quick else 9)
    claim.report()


def _chain(claim: Claim, store: provstore.Store, folder: Path, steps: int, *, rounds: int) -> None:
    start = f"{CHAIN}{steps}"
    with _plain(folder / "plain.db", steps) as ask:
        size = len(ask("chain"))
        answer = store.upstream(start).as_json()
        if len(answer["nodes"]) != size:
            raise RuntimeError(f"{len(answer['nodes'])} nodes instead of {size}")
        series = paired(
            rounds,
            {
                "provstore": lambda: timed(lambda: store.upstream(start)),
                "raw recursive CTE, identifiers only": lambda: timed(lambda: ask("chain")),
                "raw recursive CTE, nodes and edges whole": lambda: timed(lambda: ask("chain_whole")),
            },
        )
    for contestant, one in series.items():
        claim.row(f"upstream of a {steps}-step chain", contestant, size, 1000 * one.median)
    ours, identifiers, whole = series.values()
    claim.goal("chain: times the raw recursive CTE that returns as much", ours.times(whole), at_most=3)
    claim.notes.append(f"times the raw recursive CTE that returns identifiers only: {ours.times(identifiers):.1f}")


def _cone(claim: Claim, store: provstore.Store, steps: int, *, rounds: int) -> None:
    """Each artifact was made from the one before by two runs: three nodes a step, 2^steps paths."""
    size = 3 * steps + 1
    answer = store.upstream(f"{data.EXAMPLE}cone/{steps}").as_json()
    if len(answer["nodes"]) != size:
        raise RuntimeError(f"{len(answer['nodes'])} nodes instead of {size}")
    series = paired(rounds, {"provstore": lambda: timed(lambda: store.upstream(f"{data.EXAMPLE}cone/{steps}"))})
    claim.row("a large answer", "provstore", size, 1000 * series["provstore"].median)
    claim.goal("large answer, seconds", series["provstore"].median, at_most=0.5)


@contextmanager
def _plain(path: Path, steps: int) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """A function that asks a query of `sql/` in a database of the chain alone."""
    document = data.chain(steps)
    edges = list(_edges(document.assertions))
    numbers = {iri: number for number, iri in enumerate(sorted({iri for edge in edges for iri in (edge[0], edge[2])}))}
    nodes = [(number, iri, "entity", None, "{}") for iri, number in numbers.items()]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((ROOT / "sql" / "chain_schema.sql").read_text())
        connection.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?)", nodes)
        connection.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?)",
            [(numbers[source], relation, numbers[target], key) for source, relation, target, key in edges],
        )
        connection.commit()
        queries = {name: (ROOT / "sql" / f"{name}.sql").read_text() for name in ("chain", "chain_whole")}
        yield lambda name: connection.execute(queries[name], {"start": numbers[f"{CHAIN}{steps}"]}).fetchall()


def _edges(assertions: Iterable[Assertion]) -> Iterator[tuple[str, str, str, bytes]]:
    for _, stated in assertions:
        record = BY_IRI[stated.kind]
        if not record.is_element:
            source, target = (stated.argument(argument.iri) for argument in record.arguments[:2])
            assert source is not None
            assert target is not None
            yield source, record.name, target, bytes.fromhex(sid(stated))


if __name__ == "__main__":
    main([lineage], __doc__)
