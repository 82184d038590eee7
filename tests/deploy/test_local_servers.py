"""Servers of deploy/local start, answer, come back after kill -9, and never outlive who started them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from provstore_local import KINDS, LocalServerError, Running
from provstore_local.jars import POMS
from provstore_local.running import CONF, start
from psycopg.conninfo import make_conninfo

from tests.support.servers import ROOT, own_server, require

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_names_a_pom_with_pinned_versions_and_its_configuration(name):
    kind = KINDS[name]
    pom = (POMS / f"{kind.pom}.xml").read_text()
    assert "<version>" in pom
    assert "[" not in pom, "a version range makes Maven read every version there is"
    assert (CONF / kind.conf).is_dir()


def test_a_server_answers_its_probe_and_again_after_kill_9(tmp_path):
    with own_server("gremlin", tmp_path) as running:
        KINDS["gremlin"].probe(running.settings)
        before = running.url
        running.kill()
        with pytest.raises(OSError, match="refused"):
            KINDS["gremlin"].probe(running.settings)
        running.start()
        KINDS["gremlin"].probe(running.settings)
        assert running.url == before


def test_a_server_that_ends_at_once_is_reported_with_its_log(tmp_path):
    require("gremlin")
    (tmp_path / "conf").mkdir()
    running = Running(KINDS["gremlin"], tmp_path, {})
    (tmp_path / "conf" / "server.yaml").write_text("host: [")
    with pytest.raises(LocalServerError, match=r"server\.log"):
        running.start()
    assert running.pid is None


def test_a_server_that_stays_silent_is_killed_and_reported(tmp_path):
    require("gremlin")
    running = Running(KINDS["gremlin"], tmp_path, {})
    running.settings["port"] = "1"  # the probe asks where nobody listens
    with pytest.raises(LocalServerError, match="does not answer after"):
        running.start(timeout_s=3)
    assert running.pid is None


@pytest.mark.parametrize("name", ["gremlin", "postgres"])
def test_a_server_dies_with_the_process_that_started_it(name):
    require(name)
    script = (
        "import sys, time\n"
        "from provstore_local import start\n"
        "with start(sys.argv[1]) as running:\n"
        "    print(running.pid, running.folder, flush=True)\n"
        "    time.sleep(600)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "deploy" / "local")}
    owner = subprocess.Popen([sys.executable, "-c", script, name], env=environment, stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        pid, folder = owner.stdout.readline().split()
        os.kill(owner.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _runs(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    shutil.rmtree(folder)
    assert not _runs(int(pid))


def test_whoever_tries_servers_out_is_told_when_one_ends(tmp_path):
    require("gremlin")
    words = [sys.executable, "-m", "provstore_local", "gremlin", "--folder", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "deploy" / "local")}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as owner:
        try:
            assert any("ctrl-C" in line for line in owner.stdout)
            (server,) = _children(owner.pid)
            os.kill(server, signal.SIGKILL)
            assert "ended with exit code -9" in owner.stderr.readline()
            assert owner.poll() is None
        finally:
            owner.terminate()
    assert owner.returncode == 0


def test_postgresql_is_not_run_by_root_and_asks_for_its_password():
    with own_server("postgres", None) as running:
        assert Path(f"/proc/{running.pid}").stat().st_uid != 0
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(make_conninfo(running.url, password="another"))
        with psycopg.connect(make_conninfo(running.url, password=running.password)) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_data_that_is_kept_is_there_again(tmp_path):
    require("neo4j")
    with start("neo4j", tmp_path) as running:
        first = running.password
    with start("neo4j", tmp_path) as running:  # with another password the probe would be refused
        assert running.password == first


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text() != ""
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    """The processes that `pid` started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
