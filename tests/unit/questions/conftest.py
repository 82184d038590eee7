from __future__ import annotations

import pytest

from tests.support.stories import READERS, World


@pytest.fixture(params=READERS)
def world(request, tmp_path):
    told = World(tmp_path, request.param)
    yield told
    told.close()
