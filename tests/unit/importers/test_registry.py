"""Importers are found by their kind or by the path; outsiders join by an entry point and shadow none of ours."""

from importlib import metadata
from importlib.metadata import EntryPoint

import pytest

from provstore.errors import BadInput, UsageError
from provstore.importers import registry
from provstore.importers.contract import Findings


class Everything:
    """An outsider's importer that recognizes all paths."""

    kind = "everything"

    def recognizes(self, path):
        return True


@pytest.fixture
def outsiders(monkeypatch):
    """Entry points of other packages: one of a new kind, one that takes the name of ours."""
    points = [
        EntryPoint(kind, f"{__name__}:Everything", "provstore.importers") for kind in ("everything", "openlineage")
    ]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points if group == "provstore.importers" else [])
    monkeypatch.setitem(__import__("sys").modules, __name__, __import__("types").SimpleNamespace(Everything=Everything))


def test_an_outsider_joins_and_shadows_none_of_ours(outsiders):
    assert registry.load("everything").kind == "everything"
    assert registry.load("openlineage").version
    assert list(registry.kinds())[:3] == ["mlflow", "neo4j", "openlineage"]


def test_an_unknown_kind_is_told_with_the_known_ones():
    with pytest.raises(UsageError, match="no importer 'nothing'") as refused:
        registry.load("nothing")
    assert "openlineage" in refused.value.next_step


def test_a_path_that_nobody_recognizes_is_bad_input(tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(BadInput, match="no importer recognizes") as refused:
        registry.find_out(str(tmp_path / "x"))
    assert refused.value.where == str(tmp_path / "x")


def test_a_path_that_several_recognize_needs_a_kind(outsiders, tmp_path):
    (tmp_path / "x").write_text('{"eventTime": "", "run": {}}')
    with pytest.raises(BadInput, match="several importers recognize"):
        registry.find_out(str(tmp_path / "x"))


def test_unmapped_fields_keep_their_first_example_without_secrets():
    findings = Findings()
    findings.skip("field", "x" * 100 + " --password hunter2-and-more-text")
    findings.skip("field", "second")
    findings.skip("api_token", "hunter2")
    assert findings.unmapped["field"].count == 2
    assert findings.unmapped["field"].example.startswith("x" * 100)
    assert "hunter2" not in str(findings)
