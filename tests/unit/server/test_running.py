"""Where the service listens, and how it stops: a host that is none is named, `--json` tells the address as one value,
and who waits is told."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from provstore.cli.main import run
from tests.support.service import serving

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("nosuch.invalid", "no host of this name is known"),
        ("no..such", "no host of this name is known"),
        ("203.0.113.7", "this address is none of this machine's"),  # RFC 5737: nobody has it
    ],
)
def test_a_host_that_is_none_is_named_before_anything_is_made(host, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["serve", "--host", host, "--port", "0", "--insecure", "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["where"], error["message"]) == (host, said)
    assert "--host" in error["next_step"]
    assert list(tmp_path.iterdir()) == []


def test_json_tells_the_address_and_the_first_token_as_one_value(tmp_path):
    command = [sys.executable, "-m", "provstore", "serve", "--host", "localhost", "--port", "0", "--json"]
    for times in range(2):
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
        ) as service:
            told = json.loads(service.stdout.readline())
            service.send_signal(signal.SIGTERM)
            rest = service.stdout.read()
        assert (told["store"], rest) == ("provstore.db", "")
        assert told["url"].startswith("http://localhost:")
        assert (told["token"] is None) == bool(times)


def test_a_request_that_does_not_end_before_the_service_does_is_told_to_come_again(tmp_path, caplog):
    with serving(tmp_path / "s.db", stop_timeout_s=1) as served:
        connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
        connection.putrequest("POST", "/api/v1/documents")
        for name, value in (("Content-Type", "application/json"), ("Content-Length", "100")):
            connection.putheader(name, value)
        connection.putheader("Authorization", served.admin.headers["Authorization"])
        connection.endheaders(b"{")
        # Answered on another connection after it came, so that it is being answered, too.
        assert served.admin.get("/healthz").status_code == 200
    answer = connection.getresponse()
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert json.loads(answer.read())["error"]["code"] == "unavailable"
    connection.close()
    assert [one for one in caplog.records if one.exc_info] == []
