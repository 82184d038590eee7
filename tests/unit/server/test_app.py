from __future__ import annotations

import asyncio
import gzip
import http.client
import logging
import ssl
import subprocess
import time
from urllib.parse import urlsplit

import httpx2
import pyarrow
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount

from provstore.cli.main import run
from provstore.server.middleware import BodyLimit
from tests.support.service import serving

DOCUMENT = b'{"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}'
JSON = {"Content-Type": "application/json"}
CAP = 4_096
PACK = {"zstd": lambda content: pyarrow.compress(content, codec="zstd", asbytes=True), "gzip": gzip.compress}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("app") / "s.db", max_body_bytes=CAP) as one:
        yield one


def error_of(answer):
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "where", "next_step"}
    return error


def padded(size: int) -> bytes:
    return DOCUMENT[:-1] + b" " * (size - len(DOCUMENT)) + b"}"


def test_it_says_where_it_listens_and_shows_the_first_token_once(served):
    address, first = served.told
    assert served.url in address
    assert first.rpartition(" ")[2].startswith("psk_")
    assert served.service.first_token() is None


def test_health_and_readiness_need_no_token(served):
    nobody = served.bearing(None)
    assert nobody.get("/healthz").json() == {"status": "ok"}
    assert nobody.get("/readyz").json() == {"ledger": "ok", "projection": "ok"}
    assert nobody.get("/readyz?only=ledger").json() == {"ledger": "ok"}


def test_readiness_tells_a_graph_server_that_is_away_apart_from_the_ledger(tmp_path):
    with serving(tmp_path / "s.db", graph="bolt://127.0.0.1:1") as served:
        nobody = served.bearing(None)
        answer = nobody.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ledger": "ok", "projection": "unavailable"})
        assert nobody.get("/readyz?only=ledger").status_code == 200


def test_the_figures_count_what_was_done(tmp_path):
    with serving(tmp_path / "s.db") as served:
        for _ in range(2):
            served.admin.post("/api/v1/documents", content=DOCUMENT, headers=JSON)
        figures = served.admin.get("/metrics").text
    for line in (
        'provstore_requests_total{method="POST",route="/api/v1/documents",status="201"} 1.0',
        'provstore_requests_total{method="POST",route="/api/v1/documents",status="200"} 1.0',
        'provstore_statements_total{kind="new"} 1.0',
        'provstore_statements_total{kind="duplicate"} 1.0',
        "provstore_projection_lag 0.0",
        "provstore_ledger_entries 1.0",
        "provstore_writes_waiting 0.0",
    ):
        assert line in figures.splitlines()


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/tokens", "/nothing"])
def test_every_answer_has_the_headers_of_safety(served, path):
    headers = served.admin.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_a_web_page_of_another_origin_is_told_nothing_unless_it_is_configured(tmp_path, served):
    asking = {"Origin": "https://web.example"}
    assert "access-control-allow-origin" not in served.bearing(None).get("/healthz", headers=asking).headers
    with serving(tmp_path / "s.db", cors_origins=("https://web.example",)) as open_to:
        nobody = open_to.bearing(None)
        assert nobody.get("/healthz", headers=asking).headers["access-control-allow-origin"] == asking["Origin"]
        other = nobody.get("/healthz", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:80", 200), ("127.0.0.1", 200), ("[::1]:8000", 200), ("evil.example", 400), ("evil.example:8000", 400)],
)
def test_a_request_to_a_name_that_the_service_does_not_have_is_refused(served, host, status):
    assert served.bearing(None).get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/api/v1/documents/", 404, "not-found"),
        ("PUT", "/api/v1/tokens", 405, "usage"),
        ("GET", "/api/v1/access?limit=0", 400, "usage"),
        ("GET", "/api/v1/access?limit=many", 400, "usage"),
        ("DELETE", "/api/v1/tokens/nobody", 404, "not-found"),
        ("GET", "/readyz?only=both", 400, "usage"),
        ("GET", "/api/v1/find?expresion=kind+%3D+agent", 400, "usage"),
        ("GET", "/api/v1/upstream/a/b?dept=2", 400, "usage"),
        ("GET", "/api/v1/ask/types?kind=agent", 400, "usage"),
        ("GET", "/api/v1/tokens?role=admin", 400, "usage"),
    ],
)
def test_an_error_is_one_object_with_the_code_of_the_command_line(served, method, path, status, code):
    answer = served.admin.request(method, path)
    assert (answer.status_code, error_of(answer)["code"]) == (status, code)


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/api/v1/lineages"), ("PUT", "/api/v1/find")])
def test_who_asks_for_no_route_is_told_where_they_are(served, method, path):
    assert "GET /api/v1/openapi.json" in error_of(served.admin.request(method, path))["next_step"]


@pytest.mark.parametrize(
    ("path", "named", "next_step"),
    [
        ("find?sort=agent", "sort", None),
        ("find?cursor=x", "cursor", "Give `next` of the page before."),
        ("summarize", None, "Name them by segment or runs."),
        ("upstream/ex:a?as_of=never", None, "Write as_of 17 or as_of 2026-11-21T10:00:00Z."),
    ],
)
def test_an_error_names_the_parameter_and_not_the_flag_of_the_command_line(path, named, next_step, served):
    told = served.admin.get(f"/api/v1/{path}")
    error = told.json()["error"]
    assert (told.status_code, error["where"], error["next_step"]) == (400, named, next_step)


def test_a_parameter_that_the_route_does_not_have_is_named_with_the_nearest_one(served):
    error = error_of(served.admin.get("/api/v1/find", params={"limit": 1, "expresion": "kind = agent"}))
    assert (error["where"], error["next_step"]) == ("expresion", "Nearest: expression.")
    assert served.bearing(None).get("/api/v1/find?expresion=x").status_code == 401


def test_a_bug_is_told_by_an_id_and_its_traceback_stays_in_the_log(served, monkeypatch, caplog):
    def broken():
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(served.service.tokens, "all", broken)
    with caplog.at_level(logging.ERROR, "provstore.server"):
        answer = served.admin.get("/api/v1/tokens")
    error = error_of(answer)
    number = error["message"].split()[1].rstrip(":")
    assert (answer.status_code, error["code"]) == (500, "bug")
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert number in caplog.text
    assert "secret detail" in caplog.text


def test_a_body_may_be_as_large_as_the_cap_and_not_one_byte_larger(served):
    at_limit = served.admin.post("/api/v1/documents", content=padded(CAP), headers=JSON)
    assert at_limit.status_code == 201
    beyond = served.admin.post("/api/v1/documents", content=padded(CAP + 1), headers=JSON)
    assert (beyond.status_code, error_of(beyond)["code"]) == (413, "usage")


def test_a_body_of_untold_length_is_cut_off_at_the_cap(served):
    def parts(size):
        yield padded(size)[:100]
        yield padded(size)[100:]

    assert served.admin.post("/api/v1/documents", content=parts(CAP), headers=JSON).status_code in (200, 201)
    beyond = served.admin.post("/api/v1/documents", content=parts(CAP + 1), headers=JSON)
    assert (beyond.status_code, error_of(beyond)["next_step"][:17]) == (413, "Send it in parts,")


def test_the_cap_holds_for_whoever_reads_the_body():
    """Also for routes that read it in another way than `bodies.body`."""

    async def reader(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await Response("read")(scope, receive, send)

    async def parts(size):
        yield b"x" * (size - 1)
        yield b"x"

    async def statuses():
        limited = Starlette(
            routes=[Mount("/", app=reader)],
            middleware=[Middleware(BodyLimit, max_bytes=10, streamed=(), max_stream_bytes=100)],
        )
        transport = httpx2.ASGITransport(limited)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [(await client.post("/", content=parts(size))).status_code for size in (10, 11)]

    assert asyncio.run(statuses()) == [200, 413]


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_a_packed_body_counts_as_what_it_unpacks_to(served, coding):
    packed = JSON | {"Content-Encoding": coding}
    good = served.admin.post("/api/v1/documents", content=PACK[coding](padded(CAP)), headers=packed)
    assert good.status_code in (200, 201)
    bomb = served.admin.post("/api/v1/documents", content=PACK[coding](bytes(3_000_000)), headers=packed)
    assert bomb.status_code == 413
    broken = served.admin.post("/api/v1/documents", content=PACK[coding](DOCUMENT)[:-9], headers=packed)
    assert (broken.status_code, error_of(broken)["code"]) == (422, "bad-input")


@pytest.mark.parametrize("coding", ["br", "gzip, zstd"])
@pytest.mark.parametrize("path", ["/api/v1/documents", "/mlflow/api/2.0/mlflow/experiments/create"])
def test_a_coding_that_is_not_read_is_told_apart_from_a_media_type_that_is_not(served, path, coding):
    """RFC 9110, sections 12.5.3 and 15.5.16."""
    other = served.admin.post(path, content=DOCUMENT, headers=JSON | {"Content-Encoding": coding})
    assert (other.status_code, other.headers["accept-encoding"]) == (415, "zstd, gzip")
    media = served.admin.post("/api/v1/documents", content=DOCUMENT, headers={"Content-Type": "image/png"})
    assert (media.status_code, media.headers.get("accept-encoding")) == (415, None)


def test_a_coding_that_is_named_in_two_headers_was_applied_twice(served):
    twice = [*JSON.items(), ("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")]
    assert served.admin.post("/api/v1/documents", content=gzip.compress(DOCUMENT), headers=twice).status_code == 415


def test_a_gzip_of_several_members_is_one_body_and_nothing_may_follow_it(served):
    packed = JSON | {"Content-Encoding": "x-gzip"}
    halves = gzip.compress(DOCUMENT[:9]) + gzip.compress(DOCUMENT[9:])
    assert served.admin.post("/api/v1/documents", content=halves, headers=packed).status_code in (200, 201)
    for bad in (gzip.compress(DOCUMENT) + b"{}", gzip.compress(DOCUMENT)[:5]):
        refused = served.admin.post("/api/v1/documents", content=bad, headers=packed)
        assert (refused.status_code, error_of(refused)["code"]) == (422, "bad-input")


def test_head_is_answered_as_get_without_a_body(served):
    nobody = served.bearing(None)
    for client, path in ((nobody, "/healthz"), (served.admin, "/api/v1/find"), (nobody, "/api/v1/find")):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["content-type"] == get.headers["content-type"]
    assert served.admin.head("/api/v1/tokens/none").status_code == 405


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("PUT", "/api/v1/documents", "GET, HEAD, POST"), ("DELETE", "/api/v1/find", "GET, HEAD"),
        ("OPTIONS", "/api/v1/tokens", "GET, HEAD, POST"), ("HEAD", "/api/v1/events", "POST"),
        ("GET", "/api/v1/tokens/none", "DELETE"),
    ],
)  # fmt: skip
def test_a_method_that_is_none_is_told_all_those_that_are(method, path, methods, served):
    answer = served.admin.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_a_client_that_goes_away_while_it_sends_is_no_bug_of_ours(served, caplog):
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=10)
    connection.putrequest("POST", "/api/v1/documents?unit=goes-away")
    for name, value in (*JSON.items(), ("Authorization", served.admin.headers["Authorization"]), ("Content-Length", 9)):
        connection.putheader(name, str(value))
    connection.endheaders(b"{")
    connection.close()

    def statuses():
        rows = served.admin.get("/api/v1/access", params={"action": "write"}).json()["rows"]
        return [row[8] for row in rows if "goes-away" in row[7]]

    deadline = time.monotonic() + 10
    while not statuses() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert statuses() == [422]
    assert "bug" not in caplog.text


def test_what_is_not_let_in_is_not_read(served):
    """The refusal comes while most of the body has not been sent."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=10)
    connection.putrequest("POST", "/api/v1/documents")
    connection.putheader("Content-Length", str(CAP))
    connection.putheader("Content-Type", "application/json")
    connection.endheaders(b"{")
    assert connection.getresponse().status == 401
    connection.close()


def test_with_a_certificate_it_speaks_tls_alone_and_says_so(tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with serving(tmp_path / "s.db", tls_certificate=str(certificate), tls_key=str(key)) as served:
        assert served.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(certificate))
        with httpx2.Client(base_url=served.url, verify=trusting, trust_env=False) as client:
            answer = client.get("/healthz")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["strict-transport-security"]
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(served.url.replace("https", "http") + "/healthz", trust_env=False)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_cannot_be_used_is_said(content, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("cert.pem", "key.pem"):
        if content is not None:
            (tmp_path / name).write_text(content)
    assert run(["serve", "--port", "0", "--tls-certificate", "cert.pem", "--tls-key", "key.pem"]) == 2
    assert "cert.pem, key.pem: TLS cannot use" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "db.example.org"])
def test_another_address_than_this_machines_needs_tls_or_a_word(host, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["serve", "--host", host]) == 2
    assert "--insecure" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_said(served, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    port = urlsplit(served.url).port
    assert run(["serve", "--port", str(port)]) == 5
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
