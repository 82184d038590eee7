"""A store, and a tracker of which it takes the records."""

from __future__ import annotations

import shutil

import pytest

import provstore
from tests.support.mlflow_stores import NEWEST_DATABASE


@pytest.fixture
def store(tmp_path):
    """A store of its own, empty."""
    with provstore.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def tracker(tmp_path):
    """The folder of an MLflow store with a database, which may be changed."""
    return shutil.copytree(NEWEST_DATABASE, tmp_path / "tracker")
