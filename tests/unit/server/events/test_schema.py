from __future__ import annotations

import importlib.util
import json

import pytest
from jsonschema import Draft202012Validator

from provstore.errors import BadInput
from provstore.server.events.reading import batch
from provstore.server.intake import Origin
from tests.docs.blocks import ROOT

EVENTS = ROOT / "schema" / "events"
VALID = sorted((EVENTS / "samples" / "valid").glob("*.json"))
INVALID = sorted((EVENTS / "samples" / "invalid").glob("*.json"))
ORIGIN = Origin(space="default", actor="ann")
# What JSON Schema cannot say in the form that the classes give it: that one of three names is there.
BY_THE_SERVICE_ALONE = {"input-without-name"}


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((EVENTS / "batch-1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_is_what_the_classes_say_now():
    spec = importlib.util.spec_from_file_location("events_schema", ROOT / "docs" / "events_schema.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (EVENTS / "batch-1.json").read_text(encoding="utf-8") == module.text(), "run: python docs/events_schema.py"


def test_the_schema_has_a_versioned_name(validator):
    assert validator.schema["$id"].endswith(":1")


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_sample_is_valid_by_the_schema_and_by_the_service(path, validator):
    raw = path.read_bytes()
    assert list(validator.iter_errors(json.loads(raw))) == []
    documents, _ = batch(raw, ORIGIN)
    assert len(documents) == len(json.loads(raw)["events"])


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_sample_is_refused_by_both_and_the_place_is_named(path, validator):
    raw = path.read_bytes()
    assert list(validator.iter_errors(json.loads(raw))) or path.stem in BY_THE_SERVICE_ALONE
    with pytest.raises(BadInput) as refused:
        batch(raw, ORIGIN)
    assert refused.value.where.startswith(("/events", "body"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        '{"events": [}',
        '{"a": 1, "a": 2}',
        '{"events": NaN}',
        "[" * 70 + "]" * 70,
        '{"events": ["\\ud800"]}',
        "\xff",
    ],
)
def test_what_is_no_strict_json_is_refused_with_its_place(text):
    with pytest.raises(BadInput, match="body"):
        batch(text.encode("latin-1"), ORIGIN)
