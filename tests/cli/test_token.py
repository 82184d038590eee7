from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from provstore.cli.main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys, *words, code=0):
    capsys.readouterr()
    assert run([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out or "null")


def test_a_token_is_made_listed_and_revoked(capsys, folder):
    made = told(capsys, "token", "create", "ann", "--role", "writer", "--space", "a", "--expires", "2030-01-01")
    assert made["token"].startswith("psk_")
    assert {k: v for k, v in made.items() if k != "token"} == {
        "name": "ann", "role": "writer", "spaces": ["a"], "expires": "2030-01-01T00:00:00.000000Z",
    }  # fmt: skip
    [listed] = told(capsys, "token", "list")["tokens"]
    assert (listed["name"], listed["revoked"], "token" in listed) == ("ann", None, False)
    told(capsys, "token", "revoke", "ann")
    [listed] = told(capsys, "token", "list")["tokens"]
    assert listed["revoked"] is not None
    assert [file.name for file in folder.iterdir() if file.suffix == ".db"] == ["provstore.service.db"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["token", "create", "ann"], 2),
        (["token", "create", "--role", "reader"], 2),
        (["token", "list", "ann"], 2),
        (["token", "revoke"], 2),
        (["token", "revoke", "nobody"], 3),
        (["token", "create", "ann", "--role", "king"], 2),
        (["token", "create", "a b", "--role", "reader"], 2),
        (["token", "create", "ann", "--role", "reader", "--expires", "soon"], 2),
        (["token", "create", "ann", "--role", "reader", "--expires", "2020-01-01"], 2),
    ],
)
def test_a_call_that_is_wrong_says_so(words, code, capsys):
    assert run(words) == code
    assert "provstore:" in capsys.readouterr().err


def test_a_name_is_given_once_until_it_is_revoked(capsys):
    words = ["token", "create", "ann", "--role", "reader"]
    assert [run(words), run(words), run(["token", "revoke", "ann"]), run(words)] == [0, 6, 0, 0]


def test_asking_for_tokens_where_there_are_none_makes_no_file(folder, capsys):
    assert told(capsys, "token", "list") == {"tokens": []}
    assert (run(["token", "list"]), capsys.readouterr().err) == (0, "no tokens in provstore.service.db\n")
    assert run(["token", "revoke", "ann"]) == 3
    assert list(folder.iterdir()) == []


def test_a_file_that_is_no_database_is_left_as_it_is(folder, capsys):
    (folder / "provstore.service.db").write_text("something else")
    assert run(["token", "list"]) == 4
    assert (folder / "provstore.service.db").read_text() == "something else"


def test_tokens_need_no_web_framework_and_serve_names_the_extra(folder):
    """As in an installation without the extra: the packages cannot be imported."""
    blocked = (
        "import sys; sys.modules.update(dict.fromkeys(['fastapi', 'starlette', 'uvicorn', 'pydantic', 'limits']))\n"
    )
    script = blocked + "from provstore.cli.main import run; sys.exit(run(sys.argv[1:]))"

    def call(*words):
        return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, env=os.environ)

    assert call("token", "create", "ann", "--role", "admin").returncode == 0
    served = call("serve")
    assert served.returncode == 2
    assert "pip install 'provstore[server]'" in served.stderr
