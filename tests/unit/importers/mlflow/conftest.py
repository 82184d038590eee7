from __future__ import annotations

import shutil
from functools import cache

import pytest

from tests.support.mlflow_stores import NAMES, NEWEST_DATABASE, NEWEST_FILES, STORES, Imported, imported, told


@cache
def _import(name: str) -> Imported:
    return imported(STORES / name)


@pytest.fixture(params=NAMES)
def store(request):
    """(name, what we imported, what MLflow itself says) of every fixture."""
    return request.param, _import(request.param), told(request.param)


@pytest.fixture
def database(tmp_path):
    """A copy of the newest SQLite store that a test may spoil."""
    shutil.copytree(NEWEST_DATABASE, tmp_path / "store")
    return tmp_path / "store" / "mlflow.db"


@pytest.fixture
def files(tmp_path):
    """A copy of the newest file store that a test may spoil."""
    shutil.copytree(NEWEST_FILES, tmp_path / "store")
    return tmp_path / "store"
