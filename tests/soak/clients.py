"""Clients of the service, each a thread: they send, ask and try what they may not, until they are told to stop."""

from __future__ import annotations

import random
import string
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count
from urllib.parse import quote

import httpx2

from tests.soak.process import PATIENCE_S
from tests.soak.record import Record
from tests.support.mlflow_calls import API

# So many data sets are read by all runs.
SHARED = 20
POINTS = 30
_PAUSE_S = 0.05
_BUSY = (429, 503)


class Client(threading.Thread, ABC):
    """One client. Args: name: its own. url, token: of the service. stop: ends it. seed: of its choices."""

    def __init__(self, name: str, url: str, token: str, record: Record, stop: threading.Event, seed: int) -> None:
        super().__init__(name=name)
        self.record, self.stop, self.chance = record, stop, random.Random(f"{seed}/{name}")
        self.token = token
        self.http = httpx2.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_S, trust_env=False
        )

    def run(self) -> None:
        with self.http:
            for number in count():
                if self.stop.is_set():
                    return
                try:
                    self.turn(number)
                except httpx2.HTTPError as error:
                    self.record.lost(self.name, error)
                    return

    @abstractmethod
    def turn(self, number: int) -> None:
        """What it does again and again."""


class Sender(Client):
    """Sends runs that read the same data sets, one or five in a request; now and then once more, or with other content
    under the same key."""

    def turn(self, number: int) -> None:
        many = self.chance.choice((1, 1, 1, 5))
        events = [self._event(f"{self.name}-{number}-{part}") for part in range(many)]
        units = [f"event:run/{event['id']}" for event in events]
        self.record.unknown.append(units)
        began = time.monotonic()
        answer = self._post(events, number)
        if self.record.expect("events", answer.status_code, (201, *_BUSY), answer.text):
            self.record.acknowledged(units, answer.json()["sequence"], time.monotonic() - began)
            self.record.unknown.remove(units)
            self._again(events, number)

    def _again(self, events: list[dict], number: int) -> None:
        chance = self.chance.random()
        if chance < 0.1:
            answer = self._post(events, number)
            if self.record.expect("events again", answer.status_code, (200, *_BUSY), answer.text):
                new = answer.json()["new"]
                self.record.expect("events again, of which are new", new, (0,), answer.text)
        elif chance < 0.15:
            other = [event | {"name": "another"} for event in events]
            answer = self._post(other, number)
            self.record.expect("events with a key that is taken", answer.status_code, (409, *_BUSY), answer.text)

    def _post(self, events: list[dict], number: int) -> httpx2.Response:
        key = {"Idempotency-Key": f"{self.name}-{number}"}
        return self.http.post("/api/v1/events", json={"events": events}, headers=key)

    def _event(self, name: str) -> dict:
        number = self.chance.randrange(SHARED)
        return {
            "type": "run", "id": name, "time": "2026-11-21T10:00:00Z", "parameters": {"lr": self.chance.random()},
            "metrics": {"accuracy": self.chance.random()},
            "inputs": [{"id": f"shared-{number}", "digest": f"sha256:{number + 1:064x}"}], "outputs": [f"{name}-made"],
        }  # fmt: skip


class Tracker(Client):
    """Records runs as MLflow's client does."""

    def turn(self, number: int) -> None:
        made = self._asked("runs/create", start_time=1_000, tags=[{"key": "n", "value": str(number)}])
        if made is None:
            return
        run = made["run"]["info"]["run_id"]
        known = self.record.runs[run] = []
        for step in range(POINTS):
            value = self.chance.random()
            if self._asked("runs/log-metric", run_id=run, key="m", value=value, timestamp=step, step=step) is None:
                return
            known.append((step, value))
        self._asked("runs/log-parameter", run_id=run, key="lr", value="0.1")
        self._asked("runs/update", run_id=run, status="FINISHED", end_time=2_000)

    def _asked(self, path: str, **arguments: object) -> dict | None:
        while not self.stop.is_set():
            answer = self.http.post(API + path, json=arguments)
            if self.record.expect(f"mlflow {path}", answer.status_code, (200, *_BUSY), answer.text):
                return answer.json()
            if answer.status_code not in _BUSY:
                return None
            time.sleep(_PAUSE_S)
        return None


class Asker(Client):
    """Asks about what was sent."""

    def turn(self, number: int) -> None:
        units = list(self.record.units)[-200:] or ["event:run/none"]
        run = quote(self.chance.choice(units), safe="")
        made = f"{run.replace('run%2F', 'artifact%2F')}-made"
        path = self.chance.choice((
            f"upstream/{made}", f"show/{run}", f"history/{run}", "find?limit=10&expression=ps:metric.accuracy > 0.9",
            f"downstream/event:artifact%2Fshared-{self.chance.randrange(SHARED)}?max_nodes=100",
            f"blame/{run}?attribute=ps:param.lr",
        ))  # fmt: skip
        answer = self.http.get(f"/api/v1/{path}")
        self.record.expect(f"asked {path.partition('/')[0]}", answer.status_code, (200, 404, *_BUSY), answer.text)
        time.sleep(_PAUSE_S)


class Stranger(Client):
    """Sees another space, and asks for what lies in the one that the others write to; or shows a token that is none."""

    def turn(self, number: int) -> None:
        unit = self.chance.choice(list(self.record.units)[-200:] or ["event:run/none"])
        answer = self.http.get(f"/api/v1/show/{quote(unit, safe='')}")
        self.record.expect("asked for what is hidden", answer.status_code, (404, *_BUSY), answer.text)
        answer = self.http.get("/api/v1/find", params={"limit": 10})
        if self.record.expect("asked for all", answer.status_code, (200, *_BUSY), answer.text):
            self.record.expect("elements that are hidden, and shown", answer.json()["total"], (0,), answer.text)
        wrong = {"Authorization": f"Bearer {self._mutated()}"}
        answer = self.http.get("/api/v1/find", headers=wrong)
        self.record.expect("asked with a token that is none", answer.status_code, (401, *_BUSY), answer.text)
        time.sleep(_PAUSE_S)

    def _mutated(self) -> str:
        place = self.chance.randrange(1, len(self.token))
        other = self.chance.choice([one for one in string.ascii_letters + string.digits if one != self.token[place]])
        return self.chance.choice(
            (self.token[:place] + other + self.token[place + 1 :], self.token[:place], f"{self.token}{other}")
        )


def crowd(url: str, tokens: dict[str, str], record: Record, stop: threading.Event, *, seed: int) -> Sequence[Client]:
    """Four senders, two trackers, two askers, one stranger; not yet started."""
    plan = [(Sender, "writer", 4), (Tracker, "writer", 2), (Asker, "reader", 2), (Stranger, "stranger", 1)]
    return [
        kind(f"{kind.__name__.lower()}{number}-{seed}", url, tokens[token], record, stop, seed)
        for kind, token, many in plan
        for number in range(many)
    ]
