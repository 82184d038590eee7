"""Every operation of the service called once, in an order in which each succeeds: the examples of its description.

`python -m tests.support.operations` writes them to schema/service/openapi/examples.json.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from contextlib import chdir, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

import provstore
from provstore.questions.ask import all_templates
from provstore.server import media
from provstore.server.events import models
from tests.docs.blocks import ROOT
from tests.support.service import serving

TARGET = ROOT / "schema" / "service" / "openapi" / "examples.json"
MODEL = "mlflow:model/churn/3"
OLDER = "mlflow:model/churn/2"
API = "/api/v1"
MLFLOW = "/mlflow/api/2.0/mlflow"
FILES = "/mlflow/api/2.0/mlflow-artifacts/artifacts"
# Longer lists and texts are cut where an example is only to be looked at.
ITEMS, LINES = 3, 6


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    status: int
    media: str
    answer: Any


class Exchanges:
    """Sends requests, each of which must succeed. `told`: the first one of each operation."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self.told: dict[str, Exchange] = {}

    def call(self, operation: str, *, path: Any = None, query: Any = None, body: Any = None, **given: Any) -> Any:
        """The answer to one operation, such as `GET /api/v1/show/{id}`; bodies that are no bytes are sent as JSON."""
        method, template = operation.split(" ")
        where = re.sub(r"{(\w+)}", lambda name: quote((path or {})[name[1]], safe=""), template)
        content = {} if body is None else {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = self._client.request(method, where, params=query, **content, **given)
        assert answer.is_success, (operation, answer.status_code, answer.text)
        kind = answer.headers["content-type"].partition(";")[0]
        found = answer.json() if kind.endswith("json") else answer.text
        self.told.setdefault(operation, Exchange(path or {}, query or {}, body, answer.status_code, kind, found))
        return found


@contextmanager
def example_service(folder: Path) -> Any:
    """A service with the records that come with the package."""
    with provstore.open(folder / "s.db", actor="ann@workstation") as opened, chdir(ROOT / "provstore" / "demo"):
        opened.import_records("mlflow.db")  # where a record came from is in answers, which are kept
    with serving(folder / "s.db", mlflow_artifacts=str(folder / "kept")) as served:
        yield served


def call_all(client: httpx2.Client) -> dict[str, Exchange]:
    """Every operation, as an administrator; the store has the demo records."""
    exchanges = Exchanges(client)
    for part in (_operation, _intake, _questions, _templates, _keeping, _runs, _files, _models, _registry, _endings):
        part(exchanges)
    return exchanges.told


def _operation(on: Exchanges) -> None:
    on.call("GET /healthz")
    on.call("GET /readyz")
    on.call("GET /metrics")
    on.call("GET /api/v1/openapi.json")
    new = {"name": "ann", "role": "writer", "spaces": ["team-a"], "expires": "2099-01-01T00:00:00Z"}
    on.call("POST /api/v1/tokens", body=new)
    on.call("GET /api/v1/tokens")
    on.call("DELETE /api/v1/tokens/{name}", path={"name": "ann"})
    on.call("GET /api/v1/access", query={"limit": 2})


def _intake(on: Exchanges) -> None:
    event = json.loads(json.dumps(_openlineage()))
    on.call("POST /api/v1/lineage", body=event)
    on.call("POST /api/v1/lineage/batch", body=[event | {"eventTime": "2026-11-21T11:00:00Z"}])
    on.call("POST /api/v1/events", body=models.EXAMPLE)
    on.call("GET /api/v1/schemas/events")
    receipt = on.call("POST /api/v1/documents", body=media.EXAMPLE)
    on.call("GET /api/v1/documents/{id}", path={"id": receipt["document"]})
    on.call("GET /api/v1/documents", query={"limit": 1})
    on.call(
        "POST /api/v1/documents/{id}/retract", path={"id": receipt["document"]}, query={"reason": "sent by mistake"}
    )
    on.call("POST /api/v1/documents/{id}/erase", path={"id": receipt["document"]}, query={"reason": "on request"})
    on.call("POST /api/v1/validate", body=media.EXAMPLE)
    on.call("GET /api/v1/validate")


def _openlineage() -> Any:
    from provstore.server.routes import openlineage

    return openlineage.EVENT


def _questions(on: Exchanges) -> None:
    on.call("GET /api/v1/upstream/{id}", path={"id": MODEL}, query={"depth": 1})
    on.call("GET /api/v1/downstream/{id}", path={"id": MODEL}, query={"depth": 1})
    on.call("GET /api/v1/path", query={"a": MODEL, "b": "mlflow:model/churn"})
    on.call("GET /api/v1/show/{id}", path={"id": MODEL})
    on.call("GET /api/v1/find", query={"expression": "type = ps:Run", "limit": 1})
    on.call("GET /api/v1/history/{id}", path={"id": MODEL})
    on.call("GET /api/v1/blame/{id}", path={"id": MODEL}, query={"attribute": "ps:version"})
    on.call("GET /api/v1/diff", query={"a": MODEL, "b": OLDER})
    on.call("GET /api/v1/leakage", query={"train": MODEL, "test": OLDER})
    made = on.call("GET /api/v1/upstream/{id}", path={"id": MODEL})["nodes"]
    data, result = (
        next(one["qname"] for one in made if one["qname"].startswith(f"mlflow:{what}/"))
        for what in ("dataset", "logged-model")
    )
    on.call("GET /api/v1/segment", query={"src": [data], "dst": [result]})
    on.call("GET /api/v1/summarize", query={"runs": "type = ps:Run", "keys": ["type"]})


def _templates(on: Exchanges) -> None:
    on.call("GET /api/v1/ask")
    given = {"iri": MODEL, "iris": MODEL, "attribute": "ps:version", "string": "model", "number": 1, "integer": 2}
    for one in all_templates("sql"):
        needed = {each.name: given[each.type] for each in one.parameters if each.default is None}
        on.call(f"GET /api/v1/ask/{one.question}", query=needed)


def _keeping(on: Exchanges) -> None:
    on.call("GET /api/v1/export/{format}", path={"format": "prov-n"}, query={"id": MODEL})
    on.call("GET /api/v1/provenance", query={"target": "urn:provstore:mlflow:model/churn/3"})
    on.call("GET /api/v1/provenance-service")
    head = on.call("GET /api/v1/verify")
    shown = on.call("GET /api/v1/show/{id}", path={"id": MODEL})
    on.call("GET /api/v1/prove/{sid}", path={"sid": shown["statements"][0]["sid"]}, query={"since": head["tree_size"]})
    on.call("GET /api/v1/check")
    on.call("GET /api/v1/graph")
    on.call("POST /api/v1/graph/{action}", path={"action": "catch-up"})


def _runs(on: Exchanges) -> None:
    experiment = on.call(f"POST {MLFLOW}/experiments/create", body={"name": "credit"})["experiment_id"]
    of = {"experiment_id": experiment}
    on.call(f"POST {MLFLOW}/experiments/set-experiment-tag", body={**of, "key": "team", "value": "risk"})
    on.call(f"GET {MLFLOW}/experiments/get", query=of)
    on.call(f"GET {MLFLOW}/experiments/get-by-name", query={"experiment_name": "credit"})
    on.call(f"POST {MLFLOW}/experiments/search", body={"filter": "name = 'credit'", "max_results": 5})
    on.call(f"GET {MLFLOW}/experiments/search", query={"filter": "name = 'credit'", "max_results": 5})
    on.call(f"POST {MLFLOW}/experiments/delete-experiment-tag", body={**of, "key": "team"})
    on.call(f"POST {MLFLOW}/experiments/update", body={**of, "new_name": "credit risk"})
    made = {**of, "run_name": "first try", "start_time": 1_790_000_000_000, "tags": [{"key": "team", "value": "risk"}]}
    run = on.call(f"POST {MLFLOW}/runs/create", body=made)["run"]["info"]["run_id"]
    point = {"key": "accuracy", "value": 0.93, "timestamp": 1_790_000_001_000, "step": 1}
    on.call(f"POST {MLFLOW}/runs/log-metric", body={"run_id": run, **point})
    on.call(f"POST {MLFLOW}/runs/log-parameter", body={"run_id": run, "key": "C", "value": "0.5"})
    batch = {"metrics": [point | {"step": 2}], "params": [{"key": "seed", "value": "7"}], "tags": []}
    on.call(f"POST {MLFLOW}/runs/log-batch", body={"run_id": run, **batch})
    dataset = {"name": "customers", "digest": "4f1c22ab", "source_type": "local", "source": '{"uri": "customers.csv"}'}
    tags = [{"key": "mlflow.data.context", "value": "training"}]
    on.call(f"POST {MLFLOW}/runs/log-inputs", body={"run_id": run, "datasets": [{"tags": tags, "dataset": dataset}]})
    about = {"artifact_path": "model", "flavors": {}, "run_id": run, "utc_time_created": "2026-11-21 10:00:00"}
    on.call(f"POST {MLFLOW}/runs/log-model", body={"run_id": run, "model_json": json.dumps(about)})
    on.call(f"POST {MLFLOW}/runs/set-tag", body={"run_id": run, "key": "draft", "value": "yes"})
    on.call(f"POST {MLFLOW}/runs/delete-tag", body={"run_id": run, "key": "draft"})
    on.call(f"GET {MLFLOW}/runs/get", query={"run_id": run})
    on.call(f"GET {MLFLOW}/metrics/get-history", query={"run_id": run, "metric_key": "accuracy"})
    on.call(f"GET {MLFLOW}/metrics/get-history-bulk-interval", query={"run_ids": [run], "metric_key": "accuracy"})
    found = {"experiment_ids": [experiment], "filter": "metrics.accuracy > 0.9", "order_by": ["start_time DESC"]}
    on.call(f"POST {MLFLOW}/runs/search", body=found)


def _of_credit(on: Exchanges) -> tuple[str, str]:
    told = on.told[f"POST {MLFLOW}/runs/create"].answer["run"]["info"]
    return told["experiment_id"], told["run_id"]


def _files(on: Exchanges) -> None:
    experiment, run = _of_credit(on)
    where = f"{experiment}/{run}/artifacts/report.txt"
    on.call(f"PUT {FILES}/{{path}}", path={"path": where}, body=b"all good")
    on.call(f"GET {FILES}/{{path}}", path={"path": where})
    on.call(f"GET {FILES}", query={"path": f"{experiment}/{run}/artifacts"})
    on.call(f"GET {MLFLOW}/artifacts/list", query={"run_id": run})
    on.call("GET /mlflow/api/3.0/mlflow/server-info")


def _models(on: Exchanges) -> None:
    experiment, run = _of_credit(on)
    made = {"experiment_id": experiment, "name": "clf", "source_run_id": run, "params": [{"key": "C", "value": "0.5"}]}
    model = on.call(f"POST {MLFLOW}/logged-models", body=made)["model"]["info"]["model_id"]
    of = {"model_id": model}
    one = f"{MLFLOW}/logged-models/{{model_id}}"
    on.call(f"POST {one}/params", path=of, body={"params": [{"key": "seed", "value": "7"}]})
    on.call(f"PATCH {one}/tags", path=of, body={"tags": [{"key": "stage", "value": "draft"}]})
    on.call(f"DELETE {one}/tags/{{tag_key}}", path={**of, "tag_key": "stage"})
    on.call(f"PATCH {one}", path=of, body={"status": "LOGGED_MODEL_READY"})
    on.call(f"POST {MLFLOW}/runs/outputs", body={"run_id": run, "models": [{**of, "step": 2}]})
    on.call(f"GET {one}", path=of)
    on.call(f"GET {one}/artifacts/directories", path=of)
    on.call(f"POST {MLFLOW}/logged-models/search", body={"experiment_ids": [experiment], "filter": "name = 'clf'"})


def _registry(on: Exchanges) -> None:
    model = on.told[f"POST {MLFLOW}/logged-models"].answer["model"]["info"]["model_id"]
    name, models, versions = {"name": "credit"}, f"{MLFLOW}/registered-models", f"{MLFLOW}/model-versions"
    on.call(f"POST {models}/create", body={**name, "description": "Who pays back."})
    on.call(f"PATCH {models}/update", body={**name, "description": "Who pays back in time."})
    on.call(f"POST {models}/set-tag", body={**name, "key": "owner", "value": "ann"})
    on.call(f"DELETE {models}/delete-tag", body={**name, "key": "owner"})
    made = {**name, "source": f"models:/{model}", "model_id": model}
    of = {**name, "version": on.call(f"POST {versions}/create", body=made)["model_version"]["version"]}
    on.call(f"PATCH {versions}/update", body={**of, "description": "With more data."})
    on.call(f"POST {versions}/set-tag", body={**of, "key": "checked", "value": "yes"})
    on.call(f"DELETE {versions}/delete-tag", body={**of, "key": "checked"})
    on.call(f"POST {versions}/transition-stage", body={**of, "stage": "Production", "archive_existing_versions": True})
    on.call(f"GET {versions}/get", query=of)
    on.call(f"GET {versions}/get-download-uri", query=of)
    on.call(f"GET {versions}/search", query={"filter": "name = 'credit'"})
    on.call(f"POST {models}/alias", body={**of, "alias": "champion"})
    on.call(f"GET {models}/alias", query={**name, "alias": "champion"})
    on.call(f"GET {models}/get", query=name)
    on.call(f"GET {models}/search", query={"filter": "name LIKE 'cred%'"})
    on.call(f"GET {models}/get-latest-versions", query={**name, "stages": ["Production"]})
    on.call(f"POST {models}/get-latest-versions", body={**name, "stages": ["Production"]})
    on.call(f"DELETE {models}/alias", body={**name, "alias": "champion"})
    on.call(f"DELETE {versions}/delete", body=of)
    on.call(f"DELETE {models}/delete", body=name)


def _endings(on: Exchanges) -> None:
    experiment, run = _of_credit(on)
    model = on.told[f"POST {MLFLOW}/logged-models"].answer["model"]["info"]["model_id"]
    on.call(f"DELETE {MLFLOW}/logged-models/{{model_id}}", path={"model_id": model})
    ended = {"run_id": run, "status": "FINISHED", "end_time": 1_790_000_009_000}
    on.call(f"POST {MLFLOW}/runs/update", body=ended)
    on.call(f"POST {MLFLOW}/runs/delete", body={"run_id": run})
    on.call(f"POST {MLFLOW}/runs/restore", body={"run_id": run})
    on.call(f"POST {MLFLOW}/experiments/delete", body={"experiment_id": experiment})
    on.call(f"POST {MLFLOW}/experiments/restore", body={"experiment_id": experiment})


def shortened(value: Any) -> Any:
    """The value with lists and texts cut to a length at which people read them."""
    if isinstance(value, str):
        return "".join(value.splitlines(keepends=True)[:LINES])
    if isinstance(value, list):
        return [shortened(one) for one in value[:ITEMS]]
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return value


def as_example(operation: str, told: Exchange) -> dict[str, Any]:
    """The exchange as it is kept."""
    kept = asdict(told)
    if isinstance(told.body, bytes):
        kept["body"] = told.body.decode()
    if operation == f"GET {API}/openapi.json":
        return kept | {"answer": {"openapi": told.answer["openapi"], "info": told.answer["info"], "paths": {}}}
    if operation == f"GET {API}/schemas/events":
        return kept | {"answer": {name: told.answer[name] for name in ("$schema", "$id", "title", "type")}}
    if operation == f"POST {API}/tokens":
        return kept | {"answer": told.answer | {"token": "psk_..."}}
    return kept | {"answer": shortened(told.answer)}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made, example_service(Path(made)) as service:
        examples = {name: as_example(name, told) for name, told in call_all(service.admin).items()}
    TARGET.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
