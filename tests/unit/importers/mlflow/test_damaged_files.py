"""A file store with a damaged file: what is refused names the file under the root that the user named, and the line."""

from __future__ import annotations

import json
import os

import pytest

from tests.support.mlflow_stores import imported, run_directory


def refused(files) -> str:
    (told,) = imported(files).findings.refused
    return told


@pytest.mark.parametrize("line", ["1700000000000", "soon 1 1", "1 much 1", "1 1 x", "1" * 5_000 + " 1 1"])
def test_a_metric_line_that_is_none_is_named_with_its_file_and_line(files, line):
    metric = run_directory(files) / "metrics" / "accuracy"
    good = metric.read_text().splitlines()[0]
    metric.write_text(f"{good}\n\n{line}\n{good}\n")
    assert refused(files).startswith(f"{metric}:3: a metric line has time, value and step")


def test_a_step_that_is_out_of_range_is_named_with_its_file(files):
    metric = run_directory(files) / "metrics" / "accuracy"
    metric.write_text(f"1 1.0 {2**70}\n")
    assert refused(files).startswith(f"{metric}: a step or time of the metric 'accuracy' is out of range")


def test_a_metric_line_of_a_logged_model_is_named_with_its_file_and_line(files):
    metric = next((files / "mlruns").glob("*/models/*/metrics/*"))
    metric.write_text(f"{metric.read_text().splitlines()[0]}\nsoon\n")
    assert refused(files).startswith(f"{metric}:2: a metric line has time, value and step")


@pytest.mark.parametrize("content", [None, b"a: [", b"x" * 5_000_000], ids=["missing", "no YAML", "too large"])
def test_a_directory_whose_name_is_no_utf8_is_told_as_text(files, content):
    run = run_directory(files)
    odd = os.fsencode(run.parent) + b"/\xff\xfe"
    os.mkdir(odd)
    if content is not None:
        with open(odd + b"/meta.yaml", "wb") as stream:
            stream.write(content)
    told = refused(files)
    assert told.startswith(f"{run.parent}/\\udcff\\udcfe")
    json.dumps(told, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("appended", "said"),
    [
        ("run_id: other", "the key 'run_id' is given twice"),
        ("extra: !!timestamp x", "this is no timestamp"),
        ("extra: " + "[" * 25_000 + "]" * 25_000, "nested deeper than 64 levels"),
        ("deleted_time: 0x" + "f" * 5_000, "a number of more than 1000 digits"),
    ],
)
def test_a_meta_yaml_that_could_be_understood_differently_refuses_that_run(files, appended, said):
    before = imported(files).documents
    meta = run_directory(files) / "meta.yaml"
    meta.write_text(f"{meta.read_text()}{appended}\n")
    line = meta.read_text().count("\n")
    found = imported(files)
    assert before.keys() - found.documents.keys() == {f"mlflow:run/{meta.parent.name}"}
    (told,) = found.findings.refused
    assert told.startswith(f"{meta}:{line}")
    assert said in told
