"""A simulated MLflow server: answers as a real one did (recorded), in small pages, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.support.mlflow_stores import STORES

RECORDED: Path = STORES / "3.17.2-rest" / "answers.json"
API = "/api/2.0/mlflow/"
LISTS = ("experiments", "runs", "models", "model_versions", "registered_models", "metrics")


class Simulated:
    """What the server does, changed by tests. `asked`: (endpoint, headers) of every call, in order."""

    def __init__(self) -> None:
        self.answers = {
            self.key(one["method"], one["endpoint"], one["arguments"]): one["answer"]
            for one in json.loads(RECORDED.read_text(encoding="utf-8"))
        }
        self.page_items = 2
        self.missing: set[str] = set()
        self.failures: list[int] = []
        self.raw: bytes | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    @staticmethod
    def key(method: str, endpoint: str, arguments: dict) -> tuple:
        kept = {k: str(v) for k, v in arguments.items() if k != "page_token"}
        return method, endpoint, tuple(sorted(kept.items()))

    def answer(self, method: str, endpoint: str, arguments: dict) -> tuple[int, object]:
        if self.failures:
            return self.failures.pop(0), {"error_code": "X", "message": "told to fail"}
        known = self.answers.get(self.key(method, endpoint, arguments))
        if known is None or any(endpoint.startswith(prefix) for prefix in self.missing):
            return 404, {"error_code": "ENDPOINT_NOT_FOUND"}
        return 200, self._page(known, int(arguments.get("page_token") or 0))

    def _page(self, whole: dict, start: int) -> dict:
        name = next((name for name in LISTS if isinstance(whole.get(name), list)), None)
        if name is None or self.page_items >= len(whole[name]):
            return whole
        end = start + self.page_items
        token = {"next_page_token": str(end)} if end < len(whole[name]) else {}
        return {**whole, name: whole[name][start:end], **token}


@contextmanager
def simulated() -> Iterator[Simulated]:
    """A running simulated server on loopback."""
    state = Simulated()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self, method: str, arguments: dict) -> None:
            endpoint = urlsplit(self.path).path.removeprefix(API)
            state.asked.append((endpoint, dict(self.headers)))
            status, answer = state.answer(method, endpoint, arguments)
            content = state.raw if state.raw is not None else json.dumps(answer).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self._serve("GET", dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self):
            self._serve("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def without_bytes(statements: list) -> set:
    """Statements without what a server cannot tell: digests of files, the time of a deletion."""
    kept = set()
    for stated in statements:
        attributes = [
            a for a in stated.attributes if not (a.lexical.startswith("sha256:") and a.name.endswith("#digest"))
        ]
        if stated.kind.endswith("#Invalidation"):
            attributes = [a for a in attributes if not a.name.endswith("#time")]
        kept.add((stated.kind, stated.identifier, tuple(attributes)))
    return kept
