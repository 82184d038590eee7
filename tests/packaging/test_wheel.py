"""A wheel built from the tree works without the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The bin directory of a clean virtual environment that holds the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return home / "bin"


def run(installed, folder, *words):
    return subprocess.run([installed / "provstore", *words], cwd=folder, capture_output=True, text=True, check=False)


def test_the_wheel_carries_every_query_and_migration(wheel):
    carried = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("queries", "schema"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"provstore/_resources/{path.relative_to(ROOT)}" in carried


def test_the_wheel_carries_no_tests(wheel):
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("tests")]


def test_the_demo_runs_from_the_installed_wheel(installed, tmp_path):
    done = run(installed, tmp_path, "demo")
    assert done.returncode == 0, done.stderr
    assert "churn" in done.stdout
    assert (tmp_path / "demo.html").stat().st_size > 1000


def test_a_question_is_answered_from_the_installed_wheel(installed, tmp_path):
    assert run(installed, tmp_path, "--store", "demo.db", "demo", "--quiet").returncode == 0
    done = run(installed, tmp_path, "--store", "demo.db", "upstream", "mlflow:model/churn/3", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["nodes"] > 5
