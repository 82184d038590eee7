"""Answers packed for those who take them so, over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import io
import json
import os
import socket
import threading
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pyarrow
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from provstore.server.codings import unpacker
from provstore.server.packing import Packing
from tests.support.mlflow_calls import FILES, Client
from tests.support.service import PATIENCE_S, serving

LONG = "/api/v1/openapi.json"
QUESTION = "/api/v1/find"
SHORT = "/healthz"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packing")
    with serving(folder / "s.db", mlflow_artifacts=str(folder / "kept")) as one:
        many = {f"ex:{'entity' * 5}{number}": {} for number in range(100)}
        one.admin.post("/api/v1/documents", json={"prefix": {"ex": "http://example.org/"}, "entity": many})
        yield one


def asked(served, path, *accept_encoding, method="GET", **headers):
    """(status, headers, bytes as they came)."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=PATIENCE_S)
    connection.putrequest(method, path, skip_accept_encoding=True)
    sent = [("Authorization", served.admin.headers["Authorization"])] + [
        (n.replace("_", "-"), v) for n, v in headers.items()
    ]
    for name, value in sent + [("Accept-Encoding", one) for one in accept_encoding]:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def plain(headers, content):
    """The content, unpacked by software that provstore does not use for it."""
    coding = headers["content-encoding"]
    if coding == "zstd":
        return pyarrow.CompressedInputStream(io.BytesIO(content), "zstd").read()
    return gzip.decompress(content) if coding == "gzip" else content


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ((), None),
        (("identity",), None),
        (("br",), None),
        (("gzip, deflate, br, zstd",), "zstd"),
        (("gzip, deflate",), "gzip"),
        (("gzip", "zstd;q=0.5"), "gzip"),
        (("zstd;q=0, gzip;q=0, *",), None),
        (("*",), "zstd"),
    ],
)
def test_an_answer_is_packed_as_its_request_prefers_and_says_so(served, accepted, coding):
    expected = asked(served, LONG)[2]
    status, headers, content = asked(served, LONG, *accepted)
    assert (status, headers["content-encoding"]) == (200, coding)
    assert plain(headers, content) == expected
    assert int(headers["content-length"]) == len(content)
    assert coding is None or len(content) < len(expected) / 4
    assert "accept-encoding" in headers["vary"].lower()


def test_a_client_that_knows_zstd_gets_it_unasked(served):
    answer = served.admin.get(QUESTION)
    assert answer.headers["content-encoding"] == "zstd"
    assert answer.json()["total"] == 100


def test_a_short_answer_is_left_as_it_is_unless_that_is_refused(served):
    status, headers, content = asked(served, SHORT, "zstd, gzip")
    assert (status, headers["content-encoding"], json.loads(content)) == (200, None, {"status": "ok"})
    assert headers["vary"].lower() == "accept-encoding"
    for coding in ("zstd", "gzip"):
        status, headers, content = asked(served, SHORT, f"{coding}, identity;q=0")
        assert (status, headers["content-encoding"]) == (200, coding)
        assert json.loads(plain(headers, content)) == {"status": "ok"}


def test_who_refuses_every_answer_gets_none_and_nothing_is_written(served):
    before = served.service.state()
    status, headers, content = asked(served, "/api/v1/tokens", "br, identity;q=0", method="POST", Content_Length="0")
    assert (status, json.loads(content)["error"]["where"]) == (406, "Accept-Encoding")
    assert headers["x-content-type-options"] == "nosniff"
    assert served.service.state() == before


def test_errors_are_packed_as_answers_are(served):
    status, headers, content = asked(served, "/api/v1/nothing", "zstd, *;q=0")
    assert (status, headers["content-encoding"]) == (404, "zstd")
    assert json.loads(plain(headers, content))["error"]["code"] == "not-found"


@pytest.mark.parametrize("coding", ["zstd", "gzip", "identity"])
def test_head_has_the_headers_of_get(served, coding):
    status, headers, content = asked(served, QUESTION, coding, method="HEAD")
    _, of_get, _ = asked(served, QUESTION, coding)
    assert (status, content) == (200, b"")
    for name in ("content-encoding", "content-length", "content-type", "etag", "vary"):
        assert headers[name] == of_get[name]


def test_one_weak_tag_holds_for_every_coding_and_a_304_varies_as_its_200(served):
    answers = [asked(served, QUESTION, coding)[1] for coding in ("zstd", "gzip", "identity")]
    (tag,) = {headers["etag"] for headers in answers}
    assert tag.startswith("W/")
    for coding in ("zstd", "gzip", "identity"):
        status, headers, content = asked(served, QUESTION, coding, If_None_Match=tag)
        assert (status, content, headers["content-encoding"]) == (304, b"", None)
        assert headers["vary"] == answers[0]["vary"] == "Authorization, Accept, Accept-Encoding"


def artifact(served, name, content):
    client = Client(served.admin)
    place = FILES + client.read(client.run())["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")
    assert served.admin.put(f"{place}/{name}", content=content).status_code == 200
    return f"{place}/{name}"


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_a_file_is_packed_where_that_makes_it_shorter_under_a_weak_tag(served, coding):
    text = b"epoch loss\n" * 50_000
    path = artifact(served, "log.txt", text)
    strong = asked(served, path, "identity")[1]["etag"]
    assert not strong.startswith("W/")
    _, headers, content = asked(served, path, coding)
    assert (headers["content-encoding"], headers["etag"]) == (coding, f"W/{strong}")
    assert headers["content-length"] is None
    assert plain(headers, content) == text


@pytest.mark.parametrize("size", [5_000, 300_000])
@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_what_is_packed_already_is_sent_as_it_is(served, coding, size):
    content = gzip.compress(os.urandom(size))
    path = artifact(served, "model.tar.gz", content)
    _, headers, sent = asked(served, path, coding)
    assert (headers["content-encoding"], sent) == (None, content)
    assert int(headers["content-length"]) == len(content)
    _, headers, sent = asked(served, path, f"{coding}, *;q=0")
    assert (headers["content-encoding"], plain(headers, sent)) == (coding, content)


@contextmanager
def listening(application):
    """Where a uvicorn of its own answers for the application, surrounded as the service is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with closing(http.client.HTTPConnection(*listener.getsockname(), timeout=PATIENCE_S)) as connection:
                yield connection
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_each_line_of_a_stream_arrives_before_the_next_is_made(coding):
    lines = [b'{"line": %d}\n' % number + b" " * 200_000 * (number == 1) for number in range(4)]
    wanted = threading.Semaphore(1)

    async def made():
        for line in lines:
            while not wanted.acquire(blocking=False):
                await asyncio.sleep(0.005)
            yield line

    async def stream(request):
        return StreamingResponse(made(), media_type="application/x-ndjson")

    with listening(Starlette(routes=[Route("/", stream)], middleware=[Middleware(Packing)])) as connection:
        connection.request("GET", "/", headers={"Accept-Encoding": coding})
        answer = connection.getresponse()
        assert answer.headers["content-encoding"] == coding
        back = unpacker(coding)
        for line in lines:
            read = b""
            while len(read) < len(line):
                read += b"".join(back.unpack(answer.read1()))
            assert read == line
            wanted.release()
        assert b"".join(back.unpack(answer.read())) == b""
        back.end()


@pytest.mark.parametrize(
    ("status", "headers"), [(200, {"Content-Encoding": "gzip"}), (206, {"Content-Range": "bytes 0-4999/9000"})]
)
def test_what_is_packed_already_or_a_part_of_something_is_left_as_it_is(status, headers):
    """A part is one of the bytes that the answer to a request without Range has (RFC 9110, section 14)."""
    content = gzip.compress(bytes(5_000)) if status == 200 else bytes(5_000)

    async def route(request):
        return Response(content, status, headers)

    with listening(Starlette(routes=[Route("/", route)], middleware=[Middleware(Packing)])) as connection:
        connection.request("GET", "/", headers={"Accept-Encoding": "zstd"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["content-encoding"]) == (status, headers.get("Content-Encoding"))
        assert answer.read() == content
