"""Searches: records come in, those that match come out in order, page by page."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeVar

from provstore.errors import BadInput
from provstore.importers.mlflow.records import DatasetInput, LoggedModel, ModelVersion, RegisteredModel, Run
from provstore.server.mlflow.filters import Value, Vocabulary, parse, parse_order, rank
from provstore.server.mlflow.requests import Arguments

Record = TypeVar("Record")
_STAGES: Final = {"ACTIVE_ONLY": ("active",), "DELETED_ONLY": ("deleted",), "ALL": ("active", "deleted")}
_BINDING_DIGITS: Final = 16
IS_PROMPT: Final = "mlflow.prompt.is_prompt"


def of_view(records: Iterable[Record], view: str | None) -> list[Record]:
    """The records of a life-cycle stage: `ACTIVE_ONLY` (the default), `DELETED_ONLY`, `ALL`. Raises: BadInput."""
    stages = _STAGES.get(view or "ACTIVE_ONLY")
    if stages is None:
        raise BadInput(f"Invalid view type '{view}': one of {', '.join(_STAGES)} is expected", where="view_type")
    return [one for one in records if getattr(one, "lifecycle_stage", "active") in stages]


def page(
    records: Iterable[Record], given: Arguments, vocabulary: Vocabulary, *, filter_name: str = "filter"
) -> tuple[list[Record], dict[str, str]]:
    """The page of the records that match the call's filter, in its order, and the token of the next page, if any."""
    comparisons = parse(given.text(filter_name), vocabulary)
    look = vocabulary.look
    found = [one for one in records if all(test.holds(look(one, test.of.entity, test.of.key)) for test in comparisons)]
    # Sorting is stable, so the last criterion is sorted by first.
    for text in reversed([*given.texts("order_by"), *vocabulary.default_order]):
        _sort(found, text, vocabulary)
    start, end, token = slice_of(len(found), given, 1_000)
    return found[start:end], token


def shown(given: Arguments, vocabulary: Vocabulary) -> Callable[[Mapping[str, str]], bool]:
    """Whether what has these tags is listed: a prompt is only when the call's filter asks for prompts."""
    about = (one for one in parse(given.text("filter"), vocabulary) if one.of == ("tag", IS_PROMPT) and one.values)
    prompts = any((one.sign, str(one.values[0]).lower()) in (("=", "true"), ("!=", "false")) for one in about)
    return lambda tags: prompts or tags.get(IS_PROMPT) != "true"


def slice_of(length: int, given: Arguments, most: int) -> tuple[int, int, dict[str, str]]:
    """The first and the last but one index of the page that a call asks for, and the token of the page after it."""
    binding = _binding(given)
    start = _read(given.text("page_token"), binding)
    end = start + given.page(most)
    return start, min(end, length), {"next_page_token": _write(end, binding)} if end < length else {}


def _sort(found: list[Record], text: str, vocabulary: Vocabulary) -> None:
    of, descending = parse_order(text, vocabulary)
    ranked = [(rank(vocabulary.look(one, of.entity, of.key)), one) for one in found]
    there = [pair for pair in ranked if pair[0][0] == 0]
    there.sort(key=lambda pair: pair[0][1], reverse=descending)
    rest = sorted((pair for pair in ranked if pair[0][0]), key=lambda pair: pair[0][0])
    found[:] = [one for _, one in (*there, *rest)]


def _binding(given: Arguments) -> str:
    asked = {name: given.raw(name) for name in ("filter", "order_by", "experiment_ids", "run_id", "metric_key")}
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:_BINDING_DIGITS]


def _write(start: int, binding: str) -> str:
    return urlsafe_b64encode(json.dumps([binding, start]).encode()).decode()


def _read(token: str | None, binding: str) -> int:
    if token is None:
        return 0
    try:
        bound, start = json.loads(urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError, RecursionError):
        bound, start = None, None
    if bound != binding or not isinstance(start, int) or start < 0:
        raise BadInput("Invalid page token: it is of another search", where="page_token")
    return start


def _of_tags(one: Any, entity: str, key: str) -> Sequence[Value]:
    return [one.tags.get(key) if entity == "tag" else getattr(one, key)]


def _of_data(one: Any, entity: str, key: str) -> Sequence[Value]:
    return [one.params.get(key)] if entity == "param" else _of_tags(one, entity, key)


def _of_run(one: Run, entity: str, key: str) -> Sequence[Value]:
    if entity == "metric":
        return [series.values[-1] for series in one.series if series.name == key]
    if entity == "dataset":
        return [_of_dataset(dataset, key) for dataset in one.datasets]
    return _of_data(one, entity, key)


def _of_dataset(dataset: DatasetInput, key: str) -> Value:
    if key not in ("name", "digest", "context"):
        raise BadInput(f"Invalid dataset key '{key}'. Valid keys are name, digest, context", where="filter")
    return dataset.tags.get("mlflow.data.context") if key == "context" else str(getattr(dataset, key))


def _of_logged_model(one: LoggedModel, entity: str, key: str) -> Sequence[Value]:
    if entity == "metric":
        return [metric.value for metric in one.metrics if metric.name == key]
    return _of_data(one, entity, key)


def _of_registered_model(one: RegisteredModel, entity: str, key: str) -> Sequence[Value]:
    return [_registry_tag(one.tags, key)] if entity == "tag" else [getattr(one, key)]


def _of_version(pair: tuple[RegisteredModel, ModelVersion], entity: str, key: str) -> Sequence[Value]:
    model, one = pair
    if entity == "tag":
        return [_registry_tag(one.tags, key)]
    return [model.name if key == "name" else int(one.version) if key == "version" else getattr(one, key)]


def _registry_tag(tags: Mapping[str, str], key: str) -> str | None:
    """Every search of the client asks that a model is no prompt, also of models without that tag."""
    return tags.get(key, "false" if key == IS_PROMPT else None)


# Names of attributes as MLflow spells them, and the record's field that each means.
EXPERIMENTS: Final = Vocabulary(
    entities=frozenset({"tag"}),
    numbers={"creation_time": "created_ms", "last_update_time": "updated_ms"},
    texts={"name": "name", "experiment_id": "id"},
    look=_of_tags,
    default_order=("creation_time DESC", "experiment_id ASC"),
)
RUNS: Final = Vocabulary(
    entities=frozenset({"metric", "param", "tag", "dataset"}),
    numbers={**dict.fromkeys(("start_time", "created", "Created"), "started_ms"), "end_time": "ended_ms"},
    texts={
        "run_id": "id", "status": "status", "artifact_uri": "artifact_uri",
        **dict.fromkeys(("run_name", "Run Name", "Run name", "run name"), "name"),
        **dict.fromkeys(("user_id", "User", "user"), "user"),
    },
    look=_of_run,
    default_order=("start_time DESC", "run_id ASC"),
)  # fmt: skip
LOGGED_MODELS: Final = Vocabulary(
    entities=frozenset({"metric", "param", "tag"}),
    numbers={
        **dict.fromkeys(("creation_timestamp", "creation_time", "creation_timestamp_ms"), "created_ms"),
        **dict.fromkeys(("last_updated_timestamp", "last_updated_timestamp_ms"), "updated_ms"),
    },
    texts={
        "name": "name", "model_id": "id", "model_type": "model_type", "status": "status",
        "source_run_id": "source_run_id",
    },
    look=_of_logged_model,
    default_order=("creation_timestamp DESC", "model_id ASC"),
)  # fmt: skip
_REGISTRY_TIMES: Final = {
    **dict.fromkeys(("timestamp", "last_updated_timestamp"), "updated_ms"), "creation_timestamp": "created_ms",
}  # fmt: skip
REGISTERED_MODELS: Final = Vocabulary(
    entities=frozenset({"tag"}),
    numbers=_REGISTRY_TIMES,
    texts={"name": "name"},
    look=_of_registered_model,
    default_order=("name ASC",),
)
MODEL_VERSIONS: Final = Vocabulary(
    entities=frozenset({"tag"}),
    numbers={**_REGISTRY_TIMES, "version": "version", "version_number": "version"},
    texts={"name": "name", "run_id": "run_id", "source": "source", "source_path": "source"},
    look=_of_version,
    default_order=("timestamp DESC", "name ASC", "version DESC"),
)
