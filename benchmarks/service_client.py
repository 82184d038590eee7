"""Clients of the service benchmark, in a process of their own: asyncio, one keep-alive connection each.

In: `kind url token clients seconds`. Out: JSON with the runs that were acknowledged and the latency of each call in ms.
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


class Connection:
    """One HTTP/1.1 connection."""

    def __init__(self, url: str, token: str, latencies: list[float]) -> None:
        self._where = urlsplit(url)
        self._token, self._latencies = token, latencies

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._where.hostname, self._where.port)

    async def post(self, path: str, value: object) -> dict:
        """Sends JSON and returns the answer's. Raises: RuntimeError: it is no 2xx."""
        body = json.dumps(value).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._where.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        started = perf_counter()
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
        content = await self._reader.readexactly(length)
        self._latencies.append(1_000 * (perf_counter() - started))
        if not lines[0].startswith("http/1.1 2"):
            raise RuntimeError(f"{lines[0]}: {content[:200]!r}")
        return json.loads(content) if content else {}

    def close(self) -> None:
        self._writer.close()


async def provstore_run(connection: Connection, name: str) -> None:
    """A run as trackers send it: it begins, it logs, it ends."""
    points = [{"metric": f"m{n}", "value": n / 7, "step": 1, "time": TIME.format(1)} for n in range(RECORDS)]
    parts = (
        {"status": "running", "start": TIME.format(0)},
        {"parameters": {f"p{n}": str(n) for n in range(RECORDS)}, "points": points},
        {"status": "finished", "end": TIME.format(2)},
    )
    for second, part in enumerate(parts):
        event = {"type": "run", "id": name, "time": TIME.format(second), **part}
        await connection.post("/api/v1/events", {"events": [event]})


async def mlflow_run(connection: Connection, name: str) -> None:
    """The same by MLflow's own three calls."""
    api = "/api/2.0/mlflow/runs"
    made = await connection.post(f"{api}/create", {"experiment_id": "0", "run_name": name, "start_time": MS})
    run = made["run"]["info"]["run_id"]
    params = [{"key": f"p{n}", "value": str(n)} for n in range(RECORDS)]
    metrics = [{"key": f"m{n}", "value": n / 7, "timestamp": MS + 1_000, "step": 1} for n in range(RECORDS)]
    await connection.post(f"{api}/log-batch", {"run_id": run, "params": params, "metrics": metrics})
    await connection.post(f"{api}/update", {"run_id": run, "status": "FINISHED", "end_time": MS + 2_000})


RUNS = {"provstore": provstore_run, "mlflow": mlflow_run}


async def main(kind: str, url: str, token: str, clients: int, seconds: float) -> dict[str, object]:
    """Lets the clients write for that long."""
    latencies: list[float] = []
    done: list[str] = []
    errors: list[str] = []
    names = count()
    deadline = perf_counter() + seconds

    async def client() -> None:
        connection = Connection(url, token, latencies)
        await connection.open()
        while perf_counter() < deadline:
            name = f"{clients}-{next(names)}-{deadline}"
            try:
                await RUNS[kind](connection, name)
            except RuntimeError as error:
                errors.append(str(error))
                continue
            done.append(name)
        connection.close()

    started = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return {
        "runs": len(done), "seconds": perf_counter() - started, "latencies": sorted(latencies), "errors": errors[:3],
        "failed": len(errors),
    }  # fmt: skip


if __name__ == "__main__":
    kind, url, token, clients, seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(main(kind, url, token, int(clients), float(seconds)))))
