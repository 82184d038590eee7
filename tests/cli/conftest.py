"""Runs the command line in this process: `provstore(words...)` gives exit code, stdout and stderr."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from provstore.cli.main import run


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> Any:
        return json.loads(self.err.splitlines()[-1])["error"]


@pytest.fixture
def provstore(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(*words: object) -> Done:
        capsys.readouterr()
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


STORY = {
    "prefix": {"ex": "http://example.org/", "ps": "urn:provstore:terms#"},
    "entity": {
        "ex:raw": {"prov:label": "raw"},
        "ex:clean": {"prov:label": "clean"},
        "ex:model": {"prov:label": "model", "prov:type": {"$": "ps:Model", "type": "prov:QUALIFIED_NAME"}},
        "ex:report": {"prov:label": "report"},
        "ex:twin1": {"prov:label": "twin"},
        "ex:twin2": {"prov:label": "twin"},
    },
    "activity": {
        "ex:cleaning": {"prov:label": "cleaning"},
        "ex:training": {
            "prov:label": "training",
            "ps:metric.accuracy": 0.93,
            "ps:status": "finished",
            "prov:startTime": "2026-01-02T00:00:00Z",
        },
    },
    "agent": {"ex:ada": {"prov:label": "Ada"}},
    "used": {
        "_:1": {"prov:activity": "ex:cleaning", "prov:entity": "ex:raw"},
        "_:2": {"prov:activity": "ex:training", "prov:entity": "ex:clean", "prov:role": "training"},
    },
    "wasGeneratedBy": {
        "_:3": {"prov:entity": "ex:clean", "prov:activity": "ex:cleaning"},
        "_:4": {"prov:entity": "ex:model", "prov:activity": "ex:training"},
    },
    "wasDerivedFrom": {"_:5": {"prov:generatedEntity": "ex:report", "prov:usedEntity": "ex:model"}},
    "wasAssociatedWith": {"_:6": {"prov:activity": "ex:training", "prov:agent": "ex:ada"}},
}
STATEMENTS = 15


@pytest.fixture
def story(tmp_path):
    """raw -> cleaning -> clean -> training -> model -> report, as a PROV-JSON file."""
    path = tmp_path / "story.json"
    path.write_text(json.dumps(STORY))
    return path


@pytest.fixture
def stored(provstore, story):
    """The same command line with the story in `./provstore.db`."""
    assert provstore("ingest", story).code == 0
    return provstore
