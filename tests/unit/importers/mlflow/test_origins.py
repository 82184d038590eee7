from __future__ import annotations

import json

import pytest

from provstore.importers.mlflow.origins import directory_of, legacy_models, logged_model_of

RUN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("source", "model"),
    [
        (f"models:/m-{RUN}", f"m-{RUN}"),
        (f"models:/m-{RUN}/", f"m-{RUN}"),
        ("models:/churn/3", None),
        ("s3://bucket/model", None),
        (None, None),
    ],
)
def test_a_source_names_a_logged_model_by_its_id_only(source, model):
    assert logged_model_of(source) == model


@pytest.mark.parametrize(
    ("source", "directory"),
    [
        (f"runs:/{RUN}/model", (RUN, "model")),
        (f"runs:/{RUN}/deep/model/", (RUN, "deep/model")),
        (f"s3://bucket/1/{RUN}/artifacts/model", (RUN, "model")),
        (f"file:///C:/x/{RUN}/artifacts/my%20model", (RUN, "my model")),
        (f"/x/{RUN}/artifacts/my%20model", (RUN, "my%20model")),
        (f"mlflow-artifacts:/1/{RUN}/artifacts/model?version=1", None),
        (f"/x/{RUN}/artifacts", None),
        ("runs:/short/model", None),
        (None, None),
    ],
)
def test_a_source_names_a_directory_of_a_run(source, directory):
    assert directory_of(source) == directory


@pytest.mark.parametrize(
    ("history", "models"),
    [
        (json.dumps([{"artifact_path": "model", "flavors": {"sklearn": {}, "python_function": {}}}]),
         [("model", ["python_function", "sklearn"])]),
        (json.dumps([{"artifact_path": "model"}, {"artifact_path": "model"}]), [("model", [])]),
        (json.dumps([{"artifact_path": ""}, {"artifact_path": 3}, "x", None]), []),
        ("no json", []),
        ("[" * 100_000, []),
        ("{}", []),
    ],
)  # fmt: skip
def test_the_history_tag_of_mlflow_1_and_2_tells_of_models(history, models):
    assert legacy_models({"mlflow.log-model.history": history}) == models
