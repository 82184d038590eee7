"""The benchmarks run, and their figures mean what the tables say."""

import json
import math
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from benchmarks import data, floor, mlflow_data
from benchmarks.__main__ import CLAIMS
from benchmarks.harness import ROOT, Claim, Series, paired, run
from benchmarks.service import in_words


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_runs_with_small_inputs(claim):
    command = [sys.executable, "-m", f"benchmarks.{claim}", "--quick"]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=ROOT.parent, timeout=120)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith(f"# {claim}")
    assert "| --- |" in finished.stdout
    assert "missed" not in finished.stdout


def test_the_readme_tells_of_every_claim():
    text = (ROOT / "README.md").read_text()
    assert [claim for claim in CLAIMS if f"| `{claim}` |" not in text] == []


def test_ratios_are_medians_of_paired_rounds():
    assert Series([1.0, 8.0, 3.0]).times(Series([2.0, 2.0, 2.0])) == 1.5
    assert Series([1.0, 8.0, 3.0]).median == 3.0


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        (4.654, "4.65 times those of theirs"),
        (math.inf, "no ratio to theirs, which acknowledged no record in most rounds"),
    ],
)
def test_a_server_that_acknowledged_nothing_is_in_no_ratio(ratio, told):
    assert in_words(1, "ours", "theirs", ratio) == f"records/s of 1 client, ours: {told}"


def test_rounds_take_turns():
    order = []
    contestants = {name: lambda name=name: order.append(name) or 1.0 for name in "ab"}
    assert paired(2, contestants) == {"a": Series([1.0, 1.0]), "b": Series([1.0, 1.0])}
    assert order == ["a", "b", "a", "b"]


@pytest.mark.parametrize(
    ("quick", "measured", "verdict"), [(False, 1.4, "reached"), (False, 1.39, "**missed**"), (True, 9.0, "no verdict")]
)
def test_a_goal_is_reached_or_missed(quick, measured, verdict):
    claim = Claim("c", "what", quick, ("a",))
    claim.goal("rate", measured, at_least=1.4)
    assert claim.verdicts[0].endswith(verdict)


def test_a_failing_process_is_no_measurement():
    with pytest.raises(RuntimeError, match="no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_peak_memory_is_that_of_the_process():
    assert run([sys.executable, "-c", "x = bytearray(100_000_000)"]).peak_bytes > 100_000_000


def test_the_document_has_the_statements_that_it_says(tmp_path):
    path = tmp_path / "d.json"
    assert data.prov_json(path, 1234) == 1234
    document = json.loads(path.read_text())
    assert sum(len(records) for kind, records in document.items() if kind != "prefix") == 1234


def test_a_run_has_twenty_statements():
    assert len(data.tracker_run(7).assertions) == 20


def test_the_floor_has_the_same_rows_as_the_store(tmp_path):
    store, target = tmp_path / "store.db", tmp_path / "floor.db"
    with closing(sqlite3.connect(store)) as connection:
        connection.executescript(
            "CREATE TABLE a(x PRIMARY KEY, y) WITHOUT ROWID; CREATE TABLE b(z); CREATE INDEX b_z ON b(z);"
        )
        connection.executemany("INSERT INTO a VALUES (?, ?)", [(n, n * n) for n in range(7)])
        connection.executemany("INSERT INTO b VALUES (?)", [(n,) for n in range(3)])
        connection.commit()
    assert floor.rewrite(store, target, transactions=4) > 0
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT count(*), sum(y) FROM a").fetchone() == (7, 91)
        assert connection.execute("SELECT count(*) FROM b").fetchone() == (3,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql > ''").fetchall() == [
            ("b_z",)
        ]


def test_the_floor_writes_in_each_transaction_what_the_store_wrote_there(tmp_path):
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("CREATE TABLE sid(key, statement, PRIMARY KEY (key, statement)) WITHOUT ROWID")
        connection.executemany("INSERT INTO sid VALUES (?, ?)", [(50, 1), (90, 2), (40, 3), (10, 4)])
        first, second = floor.spread(floor.rows_of(connection, "sid"), 2)
    assert (first.rows, second.rows) == ([(50, 1), (90, 2)], [(10, 4), (40, 3)])


def test_the_mlflow_database_has_the_size_that_it_says(tmp_path):
    size = mlflow_data.Size(runs=25, params=2, metrics=3, points=4)
    mlflow_data.write(tmp_path / "m.db", size)
    with closing(sqlite3.connect(tmp_path / "m.db")) as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("runs", "params", "metrics")]
        children = connection.execute("SELECT count(*) FROM tags WHERE key = 'mlflow.parentRunId'").fetchone()[0]
    assert counts == [25, 50, size.total_points]
    assert children == 23
