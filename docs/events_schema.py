"""Writes schema/events/batch-1.json from the classes of the events: python docs/events_schema.py"""

from __future__ import annotations

import json
from pathlib import Path

from provstore.server.events.models import json_schema

TARGET = Path(__file__).resolve().parents[1] / "schema" / "events" / "batch-1.json"


def text() -> str:
    """The schema as it is kept."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
