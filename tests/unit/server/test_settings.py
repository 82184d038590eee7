from __future__ import annotations

import json
from dataclasses import fields

import pytest

import provstore
from provstore.cli.main import run
from provstore.errors import BadInput, UsageError
from provstore.server import settings
from provstore.server.settings import ServerSettings
from provstore.settings import load


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_flag_beats_the_environment_that_beats_the_file_that_beats_the_default(folder):
    (folder / "provstore.toml").write_text('store = "x.db"\n[server]\nport = 1\nhost = "::1"\nmax_records = 7\n')
    environment = {"PROVSTORE_SERVER_PORT": "2", "PROVSTORE_SERVER_MAX_RECORDS": "8"}
    found = settings.load({"port": 3, "host": None}, environment)
    assert (found.port, found.max_records, found.host, found.max_page) == (3, 8, "::1", 1_000)
    assert load().store == "x.db"


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("insecure", "true", True),
        ("insecure", "0", False),
        ("query_timeout_s", "2.5", 2.5),
        ("allowed_hosts", "a.example, b.example,", ("a.example", "b.example")),
        ("cors_origins", "", ()),
    ],
)
def test_words_of_the_environment_become_values_of_their_kind(name, written, value):
    assert getattr(settings.load({}, {f"PROVSTORE_SERVER_{name.upper()}": written}), name) == value


@pytest.mark.parametrize(
    "line",
    [
        "port = 'many'",
        "port = 1.5",
        "insecure = 'perhaps'",
        "allowed_hosts = 3",
        "allowed_hosts = [1]",
        "colour = 'red'",
        "host = 1",
    ],
)
def test_a_value_of_another_kind_and_an_unknown_name_are_told(line, folder):
    (folder / "provstore.toml").write_text(f"[server]\n{line}\n")
    with pytest.raises(BadInput, match=r"provstore\.toml"):
        settings.load({}, {})


@pytest.mark.parametrize(
    "opens", [lambda flags: settings.load(flags, {}), lambda flags: provstore.open("x.db", **flags)]
)
def test_a_flag_that_is_no_setting_is_told_and_nothing_is_made(opens, folder):
    with pytest.raises(UsageError, match="'grahp'"):
        opens({"grahp": "other.db"})
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "others", "safe"),
    [
        ("127.0.0.1", {}, True),
        ("127.5.5.5", {}, True),
        ("::1", {}, True),
        ("localhost", {}, True),
        ("0.0.0.0", {}, False),
        ("::", {}, False),
        ("192.0.2.1", {}, False),
        ("localhost.example.org", {}, False),
        ("0.0.0.0", {"insecure": True}, True),
        ("0.0.0.0", {"tls_certificate": "c", "tls_key": "k"}, True),
        ("0.0.0.0", {"tls_certificate": "c"}, False),
        ("127.0.0.1", {"tls_key": "k"}, False),
    ],
)
def test_only_this_machine_is_served_in_the_clear(host, others, safe):
    given = ServerSettings(host=host, **others)
    if safe:
        given.require_safe()
    else:
        with pytest.raises(UsageError):
            given.require_safe()


def test_config_shows_the_settings_of_the_service_too(capsys, monkeypatch):
    monkeypatch.setenv("PROVSTORE_SERVER_PORT", "9")
    assert run(["config", "show", "--origin", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["server.port"] == {"value": 9, "origin": "environment PROVSTORE_SERVER_PORT"}
    assert {f"server.{one.name}" for one in fields(ServerSettings)} <= set(shown)
