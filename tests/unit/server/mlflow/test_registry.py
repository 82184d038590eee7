"""Prompts among registered models, and versions that are made of other versions."""

from __future__ import annotations

import pytest

from tests.support.mlflow_calls import Client
from tests.support.service import serving

PROMPT = {"key": "mlflow.prompt.is_prompt", "value": "true"}


@pytest.fixture
def client(tmp_path):
    with serving(tmp_path / "s.db") as one:
        yield Client(one.admin)


def names(client, what, **given):
    return [one["name"] for one in client.asked("GET", f"{what}/search", **given).get(what.replace("-", "_"), [])]


def test_a_prompt_is_listed_only_when_prompts_are_asked_for(client):
    for name, tags in (("model", []), ("prompt", [PROMPT])):
        client.asked("POST", "registered-models/create", name=name, tags=tags)
        client.asked("POST", "model-versions/create", name=name, source="s3://b/x", tags=tags)
    for what in ("registered-models", "model-versions"):
        assert names(client, what) == ["model"]
        assert names(client, what, filter="tags.`mlflow.prompt.is_prompt` != 'true'") == ["model"]
        assert names(client, what, filter="tags.`mlflow.prompt.is_prompt` = 'true'") == ["prompt"]
        assert names(client, what, filter="name = 'prompt'") == []


@pytest.mark.parametrize("version", ["9" * 5_000, "0" * 5_000 + "7"])
def test_a_version_of_any_length_is_a_version_that_is_there_or_not(client, version):
    client.asked("POST", "registered-models/create", name="credit")
    gone = {"name": "credit", "version": version}
    assert client.refused("POST", "registered-models/alias", alias="best", **gone)[0] == 404
    for verb, call in (("PATCH", "update"), ("POST", "transition-stage"), ("POST", "set-tag"), ("DELETE", "delete")):
        more = {"stage": "Production", "key": "k", "value": "v", "description": "d"}
        assert client.refused(verb, f"model-versions/{call}", **gone, **more) == (404, "RESOURCE_DOES_NOT_EXIST"), call


def test_a_version_may_be_made_of_another_one(client):
    """As `MlflowClient.copy_model_version` does."""
    run = client.run()
    for name in ("staging", "live"):
        client.asked("POST", "registered-models/create", name=name)
    client.asked("POST", "model-versions/create", name="staging", source="s3://b/x", run_id=run)
    client.asked("POST", "registered-models/alias", name="staging", alias="best", version="1")
    for source in ("models:/staging/1", "models:/staging@best"):
        made = client.asked("POST", "model-versions/create", name="live", source=source)["model_version"]
        assert (made["source"], made["run_id"]) == ("models:/staging/1", run)
    where = client.asked("GET", "model-versions/get-download-uri", name="live", version="2")
    assert where == {"artifact_uri": "s3://b/x"}
    wrong = {"name": "live", "source": "models:/staging/1", "run_id": client.run()}
    assert client.refused("POST", "model-versions/create", **wrong) == (400, "INVALID_PARAMETER_VALUE")
    unnamed = {"name": "live", "source": "models:/staging@worst"}
    assert client.refused("POST", "model-versions/create", **unnamed) == (400, "INVALID_PARAMETER_VALUE")
    gone = {"name": "live", "source": "models:/staging/9"}
    assert client.refused("POST", "model-versions/create", **gone) == (404, "RESOURCE_DOES_NOT_EXIST")
