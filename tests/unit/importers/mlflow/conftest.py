from __future__ import annotations

from functools import cache

import pytest

from tests.support.mlflow_stores import NAMES, STORES, Imported, imported, told


@cache
def _import(name: str) -> Imported:
    return imported(STORES / name)


@pytest.fixture(params=NAMES)
def store(request):
    """(name, what we imported, what MLflow itself says) of every fixture."""
    return request.param, _import(request.param), told(request.param)
