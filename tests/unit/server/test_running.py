"""Where the service listens: a host that is none is named, and `--json` tells the address as one value."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from provstore.cli.main import run

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
