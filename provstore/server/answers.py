"""Answers over HTTP: the same JSON as the command line writes."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


def json_bytes(value: Any) -> bytes:
    """One JSON value as `--json` prints it, UTF-8."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


class JsonAnswer(Response):
    """An answer in JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The body."""
        return json_bytes(content)
