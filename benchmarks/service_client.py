"""Clients of the service benchmark, in a process of their own: asyncio, one keep-alive connection each.

In: `way url token clients seconds`. Out: JSON with the records that were acknowledged in that time, the runs that hold
them, and the latency of each call in ms; of a call that was not answered in time, how long it had waited.

A record is one parameter or one metric value. A run has 20, with values of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from time import perf_counter
from urllib.parse import urlsplit

RECORDS = 10  # parameters, and as many metrics, of a run
TIME = "2026-11-21T10:00:0{}Z"
MS = 1795255200000
EVENTS = "/api/v1/events"


class Refused(RuntimeError):
    """The answer is no 2xx."""


class Tally:
    """What the clients were told."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.runs: list[str] = []
        self.records = 0
        self.errors: list[str] = []


class Connection:
    """One HTTP/1.1 connection."""

    def __init__(self, url: str, token: str, tally: Tally) -> None:
        self._where = urlsplit(url)
        self._token, self._tally = token, tally

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._where.hostname, self._where.port)

    async def get(self, path: str) -> dict:
        """The JSON of an answer. Raises: Refused."""
        return await self._call("GET", path, b"")

    async def post(self, path: str, value: object, *, records: int = 0, run: str = "") -> dict:
        """Sends JSON and returns the answer's; then the records of the run are acknowledged. Raises: Refused."""
        answer = await self._call("POST", path, json.dumps(value).encode())
        self._tally.records += records
        if run:
            self._tally.runs.append(run)
        return answer

    async def _call(self, method: str, path: str, body: bytes) -> dict:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._where.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        started = perf_counter()
        try:
            self._writer.write(head.encode() + body)
            answer = await self._reader.readuntil(b"\r\n\r\n")
            lines = answer.decode("latin-1").lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
            content = await self._reader.readexactly(length)
        finally:
            self._tally.latencies.append(1_000 * (perf_counter() - started))
        if not lines[0].startswith("http/1.1 2"):
            raise Refused(f"{lines[0]}: {content[:200]!r}")
        return json.loads(content) if content else {}

    def close(self) -> None:
        self._writer.close()


def content(number: int) -> tuple[dict[str, str], dict[str, float]]:
    """The parameters and metrics of a run."""
    return {f"p{n}": str(number + n) for n in range(RECORDS)}, {f"m{n}": number + n / 7 for n in range(RECORDS)}


def parts(number: int) -> tuple[dict, dict, dict]:
    """A run as our events tell it: it begins, it logs, it ends."""
    parameters, metrics = content(number)
    points = [{"metric": name, "value": value, "step": 1, "time": TIME.format(1)} for name, value in metrics.items()]
    return (
        {"status": "running", "start": TIME.format(0)},
        {"parameters": parameters, "points": points},
        {"status": "finished", "end": TIME.format(2)},
    )


async def three_calls(connection: Connection, name: str, number: int) -> None:
    """A run as it happens."""
    brings = {"records": 2 * RECORDS, "run": name}
    for second, part in enumerate(parts(number)):
        event = {"type": "run", "id": name, "time": TIME.format(second), **part}
        await connection.post(EVENTS, {"events": [event]}, **(brings if second == 1 else {}))


async def one_call(connection: Connection, name: str, number: int) -> None:
    """The same run in one batch of its 20 records, as a client sends it that waits for the end."""
    begun, logged, ended = parts(number)
    event = {"type": "run", "id": name, "time": TIME.format(2), **begun, **logged, **ended}
    await connection.post(EVENTS, {"events": [event]}, records=2 * RECORDS, run=name)


MLFLOW = "/api/2.0/mlflow/runs"


async def mlflow_few(connection: Connection, name: str, number: int) -> None:
    """The same by the fewest calls that MLflow's interface has for it."""
    parameters, metrics = mlflow_content(number)
    run = await mlflow_begin(connection, name)
    batch = {"run_id": run, "params": parameters, "metrics": metrics}
    await connection.post(f"{MLFLOW}/log-batch", batch, records=2 * RECORDS, run=name)
    await mlflow_end(connection, run)


async def mlflow_client(connection: Connection, name: str, number: int) -> None:
    """The same as MLflow 3.17's client sends `start_run`, `log_params`, `log_metrics` and the end of the run."""
    parameters, metrics = mlflow_content(number)
    run = await mlflow_begin(connection, name)
    await connection.post(f"{MLFLOW}/log-batch", {"run_id": run, "params": parameters}, records=RECORDS)
    await connection.post(f"{MLFLOW}/log-batch", {"run_id": run, "metrics": metrics}, records=RECORDS, run=name)
    await connection.get(f"{MLFLOW}/get?run_id={run}")
    await mlflow_end(connection, run)


async def mlflow_begin(connection: Connection, name: str) -> str:
    made = await connection.post(f"{MLFLOW}/create", {"experiment_id": "0", "run_name": name, "start_time": MS})
    return made["run"]["info"]["run_id"]


async def mlflow_end(connection: Connection, run: str) -> None:
    await connection.post(f"{MLFLOW}/update", {"run_id": run, "status": "FINISHED", "end_time": MS + 2_000})


def mlflow_content(number: int) -> tuple[list[dict], list[dict]]:
    parameters, metrics = content(number)
    return (
        [{"key": key, "value": value} for key, value in parameters.items()],
        [{"key": key, "value": value, "timestamp": MS + 1_000, "step": 1} for key, value in metrics.items()],
    )


WAYS = {
    "provstore, one call": one_call,
    "provstore, three calls": three_calls,
    "mlflow, its client": mlflow_client,
    "mlflow, three calls": mlflow_few,
}


async def main(way: str, url: str, token: str, clients: int, seconds: float) -> dict[str, object]:
    """Lets the clients write for that long; what is not answered by then does not count."""
    tally = Tally()
    numbers = count()
    begin = perf_counter()

    async def client() -> None:
        connection = Connection(url, token, tally)
        await connection.open()
        try:
            while True:
                number = next(numbers)
                try:
                    await WAYS[way](connection, f"{clients}-{number}-{begin}", number)
                except Refused as error:
                    tally.errors.append(str(error))
        finally:
            connection.close()

    tasks = [asyncio.ensure_future(client()) for _ in range(clients)]
    _, pending = await asyncio.wait(tasks, timeout=seconds)
    took = perf_counter() - begin
    for task in pending:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    tally.errors += [repr(error) for error in ended if not isinstance(error, asyncio.CancelledError)]
    return {
        "records": tally.records, "runs": tally.runs, "seconds": took, "latencies": sorted(tally.latencies),
        "errors": tally.errors[:3], "failed": len(tally.errors),
    }  # fmt: skip


if __name__ == "__main__":
    way, url, token, clients, seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(main(way, url, token, int(clients), float(seconds)))))
