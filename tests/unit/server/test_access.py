"""Who may do what: the table below is the specification, written by hand, that the routes are compared with."""

from __future__ import annotations

import base64
import re
import sqlite3

import pytest
from fastapi.routing import APIRoute

from provstore.model import times
from provstore.questions.ask import all_templates
from provstore.server.roles import ACTIONS, ROLES, Caller
from provstore.server.routes import registry
from tests.support.service import serving

# Route: who may, by the first letters of the roles (Reader, Writer, Auditor, admin = X), `*` without a token; and
# whether a token of some spaces only is enough.
TABLE = {
    "GET /healthz": ("*", True),
    "GET /readyz": ("*", True),
    "GET /metrics": ("AX", False),
    "POST /api/v1/documents": ("WX", True),
    "GET /api/v1/documents/{id}": ("RWAX", True),
    "POST /api/v1/events": ("WX", True),
    "GET /api/v1/schemas/events": ("RWAX", True),
    "POST /api/v1/lineage": ("WX", True),
    "POST /api/v1/lineage/batch": ("WX", True),
    **{
        f"GET /api/v1/{question}": ("RWAX", True)
        for question in (
            "upstream/{id:path}",
            "downstream/{id:path}",
            "path",
            "show/{id:path}",
            "find",
            "history/{id:path}",
            "blame/{id:path}",
            "diff",
            "leakage",
            "segment",
            "summarize",
        )
    },
    "GET /api/v1/ask": ("RWAX", True),
    # Templates read the graph as a whole.
    **{f"GET /api/v1/ask/{one.question}": ("RWAX", False) for one in all_templates("sql")},
    "GET /api/v1/documents": ("RWAX", True),
    "POST /api/v1/documents/{id}/retract": ("WX", True),
    "POST /api/v1/documents/{id}/erase": ("X", False),
    "GET /api/v1/validate": ("RWAX", True),
    "POST /api/v1/validate": ("RWAX", True),
    "GET /api/v1/export/{format}": ("RWAX", True),
    "GET /api/v1/provenance": ("RWAX", True),
    "GET /api/v1/provenance-service": ("RWAX", True),
    "GET /api/v1/verify": ("AX", False),
    "GET /api/v1/prove/{sid}": ("AX", False),
    "GET /api/v1/check": ("AX", False),
    "GET /api/v1/graph": ("AX", False),
    "POST /api/v1/graph/{action}": ("X", False),
    "GET /api/v1/openapi.json": ("RWAX", True),
    "GET /api/v1/tokens": ("X", False),
    "POST /api/v1/tokens": ("X", False),
    "DELETE /api/v1/tokens/{name}": ("X", False),
    "GET /api/v1/access": ("AX", True),
}
MLFLOW = "/mlflow/api/2.0/mlflow/"
TABLE |= {
    f"{method} {MLFLOW}{path}": ("RWAX", True)
    for method, path in (
        ("GET", "experiments/get"),
        ("GET", "experiments/get-by-name"),
        ("GET", "experiments/search"),
        ("POST", "experiments/search"),
        ("GET", "runs/get"),
        ("POST", "runs/search"),
        ("GET", "metrics/get-history"),
        ("GET", "metrics/get-history-bulk-interval"),
        ("GET", "artifacts/list"),
        ("POST", "logged-models/search"),
        ("GET", "logged-models/{model_id}"),
        ("GET", "logged-models/{model_id}/artifacts/directories"),
        ("GET", "registered-models/get"),
        ("GET", "registered-models/search"),
        ("GET", "registered-models/alias"),
        ("GET", "registered-models/get-latest-versions"),
        ("POST", "registered-models/get-latest-versions"),
        ("GET", "model-versions/get"),
        ("GET", "model-versions/search"),
        ("GET", "model-versions/get-download-uri"),
    )
}
TABLE |= {
    f"{method} {MLFLOW}{path}": ("WX", True)
    for method, path in (
        ("POST", "experiments/create"),
        ("POST", "experiments/update"),
        ("POST", "experiments/delete"),
        ("POST", "experiments/restore"),
        ("POST", "experiments/set-experiment-tag"),
        ("POST", "experiments/delete-experiment-tag"),
        ("POST", "runs/create"),
        ("POST", "runs/update"),
        ("POST", "runs/delete"),
        ("POST", "runs/restore"),
        ("POST", "runs/log-metric"),
        ("POST", "runs/log-parameter"),
        ("POST", "runs/log-batch"),
        ("POST", "runs/log-inputs"),
        ("POST", "runs/outputs"),
        ("POST", "runs/log-model"),
        ("POST", "runs/set-tag"),
        ("POST", "runs/delete-tag"),
        ("POST", "logged-models"),
        ("PATCH", "logged-models/{model_id}"),
        ("DELETE", "logged-models/{model_id}"),
        ("POST", "logged-models/{model_id}/params"),
        ("PATCH", "logged-models/{model_id}/tags"),
        ("DELETE", "logged-models/{model_id}/tags/{tag_key}"),
        ("POST", "registered-models/create"),
        ("PATCH", "registered-models/update"),
        ("POST", "registered-models/rename"),
        ("DELETE", "registered-models/delete"),
        ("POST", "registered-models/set-tag"),
        ("DELETE", "registered-models/delete-tag"),
        ("POST", "registered-models/alias"),
        ("DELETE", "registered-models/alias"),
        ("POST", "model-versions/create"),
        ("PATCH", "model-versions/update"),
        ("DELETE", "model-versions/delete"),
        ("POST", "model-versions/transition-stage"),
        ("POST", "model-versions/set-tag"),
        ("DELETE", "model-versions/delete-tag"),
    )
}
TABLE |= {
    "GET /mlflow/api/2.0/mlflow-artifacts/artifacts": ("RWAX", True),
    "GET /mlflow/api/2.0/mlflow-artifacts/artifacts/{path:path}": ("RWAX", True),
    "PUT /mlflow/api/2.0/mlflow-artifacts/artifacts/{path:path}": ("WX", True),
    "GET /mlflow/api/3.0/mlflow/server-info": ("RWAX", True),
    # What is not answered is refused in MLflow's form.
    **{f"{method} /mlflow/{{rest:path}}": ("RWAX", True) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")},
}
LETTERS = {"reader": "R", "writer": "W", "auditor": "A", "admin": "X"}
DOCUMENT = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}


def routes():
    return [
        f"{method} {route.path}"
        for module in registry.modules()
        for route in module.router.routes
        for method in route.methods
    ]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("access") / "s.db", failures_per_minute=1_000_000) as one:
        yield one


@pytest.fixture(scope="module")
def callers(served):
    wide = {(role, None): served.as_role(role) for role in ROLES}
    narrow = {(role, "a"): served.as_role(role, "a") for role in ROLES}
    return wide | narrow | {(None, None): served.bearing(None), ("false", None): served.bearing("psk_" + "x" * 43)}


def test_every_route_of_a_module_has_a_row_in_it():
    for module in registry.modules():
        assert all(isinstance(route, APIRoute) for route in module.router.routes)
        assert set(module.ACCESS) == {
            f"{method} {route.path}" for route in module.router.routes for method in route.methods
        }


def test_every_route_has_a_row_here():
    assert sorted(routes()) == sorted(TABLE)


@pytest.mark.parametrize("route", sorted(TABLE))
def test_each_role_may_do_what_the_table_says(route, callers):
    method, path = route.split(" ")
    letters, is_narrow_enough = TABLE[route]
    for (role, space), client in callers.items():
        status = client.request(method, re.sub(r"{.*?}", "x", path)).status_code
        if letters == "*":
            assert status == 200
        elif role in (None, "false"):
            assert status == 401, (role, space)
        else:
            may = LETTERS[role] in letters and (space is None or is_narrow_enough)
            assert (status != 403) is may, (role, space, status)
            assert status != 401


def test_a_route_without_a_row_is_denied_even_to_administrators(served, monkeypatch):
    from provstore.server.routes import health

    assert served.admin.get("/metrics").status_code == 200
    rows = dict(health.ACCESS)
    del rows["GET /metrics"]
    monkeypatch.setattr(health, "ACCESS", rows)
    with serving(served.service.tokens._path.parent / "other.db") as other:
        assert other.admin.get("/metrics").status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_an_administrator_may_do_everything_and_others_administer_nothing(action):
    assert action == "open" or Caller("x", "admin", None).may(action)
    if action == "administer":
        assert [role for role in ROLES if Caller("x", role, None).may(action)] == ["admin"]


@pytest.mark.parametrize("header", ["Bearer", "Basic", "Basic !!", "Digest x", "psk_", "Bearer psk_\udcff"])
def test_a_header_that_is_no_token_is_no_token(served, header):
    sent = {"Authorization": header.encode("utf-8", "surrogateescape")}
    assert served.bearing(None).get("/api/v1/tokens", headers=sent).status_code == 401


def test_a_token_may_be_the_password_of_basic_credentials(served):
    token = served.service.tokens.create("basic", "admin")["token"]
    sent = {"Authorization": "Basic " + base64.b64encode(f"anybody:{token}".encode()).decode()}
    assert served.bearing(None).get("/api/v1/tokens", headers=sent).status_code == 200


def test_an_expired_and_a_revoked_token_are_refused(served, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(times, "now", lambda: "2019-12-31T00:00:00.000000Z")
        made = served.service.tokens.create("old", "admin", expires="2020-01-01")
    old = served.bearing(made["token"])
    assert old.get("/api/v1/tokens").status_code == 401
    made = served.admin.post("/api/v1/tokens", json={"name": "short", "role": "admin"}).json()
    short = served.bearing(made["token"])
    assert short.get("/api/v1/tokens").status_code == 200
    assert served.admin.delete("/api/v1/tokens/short").status_code == 200
    assert short.get("/api/v1/tokens").status_code == 401


def test_a_list_without_spaces_is_not_every_space(served):
    refused = served.admin.post("/api/v1/tokens", json={"name": "nowhere", "role": "reader", "spaces": []})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "usage")
    assert "nowhere" not in [one.name for one in served.service.tokens.all()]
    made = served.admin.post("/api/v1/tokens", json={"name": "everywhere", "role": "reader"}).json()
    assert made["spaces"] is None


def test_tokens_are_kept_as_hashes_only(served):
    made = served.admin.post("/api/v1/tokens", json={"name": "hashed", "role": "reader", "spaces": ["a"]}).json()
    assert len(made["token"]) == len("psk_") + 43  # 256 bits in base64
    assert made["spaces"] == ["a"]
    folder = served.service.tokens._path.parent
    assert not [file for file in folder.iterdir() if made["token"].encode() in file.read_bytes()]
    assert served.service.tokens._path.stat().st_mode & 0o077 == 0
    assert made["token"] not in served.admin.get("/api/v1/tokens").text


def test_the_last_use_of_a_token_is_known(served):
    made = served.admin.post("/api/v1/tokens", json={"name": "used", "role": "auditor"}).json()

    def last_used():
        tokens = served.admin.get("/api/v1/tokens").json()["tokens"]
        return next(one["last_used"] for one in tokens if one["name"] == "used")

    assert last_used() is None
    served.bearing(made["token"]).get("/api/v1/access")
    assert last_used() is not None


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a b", "role": "reader"},
        {"name": "x", "role": "king"},
        {"name": "x", "role": "reader", "expires": "soon"},
        {"name": "x", "role": "reader", "expires": "2020-01-01"},
        {"name": "x", "role": "reader", "spaces": [""]},
        {"name": "x", "role": "reader", "more": 1},
        {"role": "reader"},
    ],
)
def test_a_token_that_cannot_be_is_refused(served, given):
    answer = served.admin.post("/api/v1/tokens", json=given)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "usage")


def test_two_valid_tokens_have_two_names(served):
    given = {"name": "twice", "role": "reader"}
    assert [served.admin.post("/api/v1/tokens", json=given).status_code for _ in range(2)] == [201, 409]


def test_a_request_is_noted_with_who_what_and_how_it_ended(served):
    reader = served.as_role("reader", "a", name="ann")
    reader.get("/api/v1/show/urn:x?series=true")
    reader.get("/api/v1/tokens")
    served.bearing(None).get("/api/v1/tokens")
    table = served.admin.get("/api/v1/access?limit=3").json()
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    told = [(r["actor"], r["role"], r["spaces"], r["action"], r["method"], r["path"], r["status"]) for r in rows]
    assert told == [
        (None, None, None, "administer", "GET", "/api/v1/tokens", 401),
        ("ann", "reader", ["a"], "administer", "GET", "/api/v1/tokens", 403),
        ("ann", "reader", ["a"], "read", "GET", "/api/v1/show/urn:x?series=true", 404),
    ]
    assert {row["address"] for row in rows} == {"127.0.0.1"}
    assert rows[0]["sequence"] == rows[1]["sequence"] + 1
    older = served.admin.get(f"/api/v1/access?actor=ann&before={rows[1]['sequence']}").json()["rows"]
    assert [row[0] for row in older] == [rows[2]["sequence"]]


def test_a_token_in_the_address_is_not_noted(served):
    token = served.admin.headers["Authorization"].split()[1]
    assert served.admin.get(f"/api/v1/show/{token}", params={"token": token}).status_code == 400
    noted = served.admin.get("/api/v1/access", params={"limit": 1}).json()["rows"][0]
    assert noted[7] == "/api/v1/show/psk_...?token=psk_..."


def test_nobody_can_fill_the_log(tmp_path):
    with serving(tmp_path / "s.db", failures_per_minute=2) as served:
        for _ in range(5):
            served.bearing(None).get("/no/such/path")
            served.bearing(None).get("/healthz")
            served.bearing("psk_wrong").get("/api/v1/find")
        rows = served.admin.get("/api/v1/access").json()["rows"]
        assert [row[-2] for row in rows] == [401, 401]
        figures = served.bearing(None).request("BREW", "/no/such/path")
        assert figures.status_code in (404, 405)


def test_an_auditor_of_some_spaces_sees_the_requests_of_those_who_see_no_others(served):
    names = {"a": "in-a", "b": "in-b", "ab": "in-both"}
    for spaces, name in names.items():
        served.as_role("reader", *spaces, name=name).get("/api/v1/documents/urn:x")
    table = served.as_role("auditor", "a", name="auditor-of-a").get("/api/v1/access").json()
    seen = {row[2] for row in table["rows"]}
    assert "in-a" in seen
    assert not seen & {"in-b", "in-both", "admin", None}


def test_what_cannot_be_noted_is_not_answered(tmp_path):
    with serving(tmp_path / "s.db") as served:
        assert served.admin.get("/api/v1/tokens").status_code == 200
        with sqlite3.connect(served.service.tokens._path) as other:
            other.execute("CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        answer = served.admin.get("/api/v1/tokens")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert "psk" not in answer.text
        assert "admin" not in answer.text


def test_too_many_requests_of_a_token_are_put_off_and_others_are_not(tmp_path):
    with serving(tmp_path / "s.db", requests_per_minute=3) as served:
        answers = [served.admin.get("/api/v1/access") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[3].json()["error"]["code"] == "unavailable"
        assert 1 <= int(answers[3].headers["retry-after"]) <= 61
        assert served.as_role("admin").get("/api/v1/access").status_code == 200
        assert served.bearing(None).get("/healthz").status_code == 200


def test_guessing_tokens_is_slowed_down_by_address(tmp_path):
    with serving(tmp_path / "s.db", failures_per_minute=2) as served:
        guesses = [served.bearing(f"psk_{number}").get("/api/v1/access").status_code for number in range(3)]
        assert guesses == [401, 401, 429]
        assert served.admin.get("/api/v1/access").status_code == 200
