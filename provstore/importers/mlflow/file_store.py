"""MLflow's file store, `mlruns/`, of MLflow 1.x to 3.x: a directory per run, a file per parameter, tag and metric.

In: the directory itself or the one that holds it. Out: records. A directory without its `meta.yaml` is refused by name
and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from provstore.errors import BadInput, printable
from provstore.importers import strict_yaml
from provstore.importers.contract import Findings
from provstore.importers.mlflow.artifacts import Artifacts
from provstore.importers.mlflow.building import FILE_STORE, Builder
from provstore.importers.mlflow.facts import digests
from provstore.importers.mlflow.fields import Fields
from provstore.importers.mlflow.origins import legacy_models
from provstore.importers.mlflow.points import ordered
from provstore.importers.mlflow.records import (
    MODEL_STATUSES,
    RUN_STATUSES,
    DatasetInput,
    Experiment,
    LoggedModel,
    ModelMetric,
    ModelOutput,
    ModelVersion,
    RegisteredModel,
    Run,
    Series,
)
from provstore.importers.paths import Tree

_ROOT: Final = "mlruns"
_META: Final = "meta.yaml"
_TRASH: Final = ".trash"
_MODELS: Final = "models"
# Directories of an experiment that are no runs.
_NO_RUNS: Final = frozenset({"tags", "datasets", _MODELS, "traces"})
_MAX_META_BYTES: Final = 4 * 1024 * 1024
_VERSION: Final = "version-"

_Record = TypeVar("_Record")


def is_store(path: str | Path) -> bool:
    """True when the directory, or `mlruns` in it, holds an experiment; never raises."""
    return _root(Tree(path)) is not None


class FileStore:
    """The records of one file store; a `Source`.

    Raises: BadInput: from the constructor, when there is no experiment in it.
    """

    def __init__(self, path: str, findings: Findings) -> None:
        self._tree, self._findings = Tree(path, findings), findings
        root = _root(self._tree)
        if root is None:
            raise BadInput(
                "this directory is no MLflow store: there is neither mlflow.db nor an experiment with meta.yaml",
                where=path,
                next_step="Name the database file, or the directory that MLflow calls mlruns.",
            )
        self._root = root
        self._artifacts = Artifacts(self._tree, findings)
        self._builder = Builder(FILE_STORE, findings)

    def count(self) -> int | None:
        """Unknown before the end."""
        return None

    def experiments(self) -> Iterator[Experiment | BadInput]:
        """All experiments, those in the trash included."""
        for directory in self._experiments():
            yield from self._attempt(self._experiment, directory)

    def runs(self) -> Iterator[Run | BadInput]:
        """All runs of all experiments."""
        for experiment in self._experiments():
            for name in self._directories(experiment):
                if name not in _NO_RUNS:
                    yield from self._attempt(self._run, f"{experiment}/{name}")

    def logged_models(self) -> Iterator[LoggedModel | BadInput]:
        """All logged models of all experiments."""
        for experiment in self._experiments():
            for name in self._directories(f"{experiment}/{_MODELS}"):
                yield from self._attempt(self._logged_model, f"{experiment}/{_MODELS}/{name}")

    def registered_models(self) -> Iterator[RegisteredModel | BadInput]:
        """All registered models."""
        models = _join(self._root, _MODELS)
        for name in self._directories(models):
            yield from self._attempt(self._registered_model, f"{models}/{name}")

    def _attempt(self, read: Callable[[str], _Record], directory: str) -> Iterator[_Record | BadInput]:
        try:
            yield read(directory)
        except BadInput as error:
            # The name of a directory may be no UTF-8.
            error.where = error.where and printable(error.where)
            yield error

    def _experiments(self) -> Iterator[str]:
        for parent in (self._root, _join(self._root, _TRASH)):
            for name in self._directories(parent):
                if name not in (_TRASH, _MODELS):
                    yield _join(parent, name)

    def _experiment(self, directory: str) -> Experiment:
        fields = self._meta("experiment", directory)
        return self._builder.experiment(fields, fields.required("experiment_id"), self._texts(f"{directory}/tags"))

    def _run(self, directory: str) -> Run:
        fields = self._meta("run", directory)
        status, ended_ms = fields.integer("status"), fields.integer("end_time")
        artifact_uri, tags = fields.text("artifact_uri"), self._texts(f"{directory}/tags")
        fields.drop("source_type", "tags")
        inputs = [self._meta("input", f"{directory}/inputs/{one}") for one in self._directories(f"{directory}/inputs")]
        outputs = [self._meta("output", f"{directory}/outputs/{o}") for o in self._directories(f"{directory}/outputs")]
        links = [(one.text("source_type"), one.required("source_id"), one.inner("tags")) for one in inputs]
        experiment = directory.rpartition("/")[0]
        datasets = (
            self._dataset(experiment, identifier, tags, ended_ms)
            for kind, identifier, tags in links
            if kind == "DATASET"
        )
        made = Run(
            id=fields.required("run_id", "run_uuid"),
            experiment_id=fields.required("experiment_id"),
            name=fields.text("run_name", "name"),
            status="UNKNOWN" if status is None else RUN_STATUSES.get(status, str(status)),
            lifecycle_stage=fields.text("lifecycle_stage") or "active",
            started_ms=fields.integer("start_time"),
            ended_ms=ended_ms,
            deleted_ms=fields.integer("deleted_time"),
            artifact_uri=artifact_uri,
            user=fields.text("user_id"),
            source_name=fields.text("source_name"),
            entry_point=fields.text("entry_point_name"),
            commit=fields.text("source_version"),
            params=self._texts(f"{directory}/params"),
            tags=tags,
            series=tuple(self._series(f"{directory}/metrics")),
            datasets=tuple(sorted(datasets, key=lambda one: (one.name, one.digest, sorted(one.tags.items())))),
            model_inputs=tuple(identifier for kind, identifier, _ in links if kind in ("MODEL", "MODEL_INPUT")),
            model_outputs=tuple(ModelOutput(o.required("destination_id"), o.integer("step") or 0) for o in outputs),
            artifacts=self._artifacts.in_tree(f"{directory}/artifacts")
            or self._artifacts.below(artifact_uri, expected=bool(legacy_models(tags))),
        )
        fields.count_rest(self._findings)
        return made

    def _dataset(self, experiment: str, identifier: str, tags: object, ended_ms: int | None) -> DatasetInput:
        fields = self._meta("data set", f"{experiment}/datasets/{identifier}")
        said = {str(name): str(value) for name, value in tags.items()} if isinstance(tags, dict) else {}
        return self._builder.dataset(
            fields, said, lambda source: None if digests(said) else self._artifacts.source_digest(source, ended_ms)
        )

    def _series(self, directory: str) -> Iterator[Series]:
        for path, lines in self._contents(directory):
            where = str(self._tree.root / path)
            points = [_point(line, place) for line, place in _placed(lines, where)]
            if points:
                yield ordered(path[len(directory) + 1 :], points, where=where)

    def _logged_model(self, directory: str) -> LoggedModel:
        fields = self._meta("logged model", directory)
        fields.drop("workspace")
        identifier, status = fields.required("model_id"), fields.integer("status")
        return self._builder.logged_model(
            fields,
            identifier,
            status=MODEL_STATUSES.get(status or 0, str(status)),
            location=fields.text("artifact_location"),
            params=self._texts(f"{directory}/params"),
            tags=self._texts(f"{directory}/tags"),
            metrics=tuple(self._model_metrics(f"{directory}/metrics")),
            artifacts=self._artifacts.in_tree(f"{directory}/artifacts", expected=status == 2),
        )

    def _model_metrics(self, directory: str) -> Iterator[ModelMetric]:
        for path, lines in self._contents(directory):
            found = []
            for line, place in _placed(lines, str(self._tree.root / path)):
                step, time, value = _point(line, place)
                # Then follow the run, and the data set's name, which may hold blanks, and digest.
                words = line.split()[3:]
                run, dataset = words[0] if words else None, " ".join(words[1:-1]) or None
                found.append(ModelMetric(path[len(directory) + 1 :], step, time, value, run, dataset))
            yield from sorted(found, key=lambda one: (one.dataset or "", one.step, one.time_ms, one.value))

    def _registered_model(self, directory: str) -> RegisteredModel:
        fields = self._meta("registered model", directory)
        fields.drop("latest_versions", "tags", "aliases", "workspace")
        return self._builder.registered_model(
            fields,
            tags=self._texts(f"{directory}/tags"),
            aliases={alias: value.strip() for alias, value in self._texts(f"{directory}/aliases").items()},
            versions=tuple(self._versions(directory)),
        )

    def _versions(self, directory: str) -> Iterator[ModelVersion]:
        names = [name for name in self._directories(directory) if name.startswith(_VERSION)]
        for name in sorted(names, key=_by_number):
            for version in self._attempt(self._version, f"{directory}/{name}"):
                if isinstance(version, BadInput):
                    self._findings.refused.append(str(version))
                else:
                    yield version

    def _version(self, directory: str) -> ModelVersion:
        fields = self._meta("model version", directory)
        fields.drop("storage_location", "tags", "aliases")
        return self._builder.version(fields, self._texts(f"{directory}/tags"))

    def _meta(self, what: str, directory: str) -> Fields:
        path = f"{directory}/{_META}"
        where = str(self._tree.root / path)
        if not self._tree.has(path):
            raise BadInput(
                f"the {what} has no {_META}",
                where=str(self._tree.root / directory),
                next_step="MLflow itself shows nothing of it; restore the file or remove the directory.",
            )
        return Fields(
            what, strict_yaml.loads(self._tree.read(path, max_bytes=_MAX_META_BYTES), where=where), where=where
        )

    def _texts(self, directory: str) -> dict[str, str]:
        """One text per file; a name with `/` is a path."""
        return {path[len(directory) + 1 :]: text for path, text in self._contents(directory)}

    def _contents(self, directory: str) -> Iterator[tuple[str, str]]:
        if not _is_directory(self._tree, directory):
            return
        for found in self._tree.files(directory):
            try:
                yield found.path, self._tree.read(found.path).decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadInput("the file holds no UTF-8 text", where=str(self._tree.root / found.path)) from error

    def _directories(self, directory: str) -> list[str]:
        return self._tree.listing(directory).directories if _is_directory(self._tree, directory) else []


def _root(tree: Tree) -> str | None:
    """Where in the tree the experiments are: "" or `mlruns`, or None."""
    for root in ("", _ROOT):
        if _is_directory(tree, root):
            names = tree.uncounted().listing(root).directories
            if any(tree.has(_join(root, f"{name}/{_META}")) for name in names if name != _MODELS):
                return root
    return None


def _is_directory(tree: Tree, path: str) -> bool:
    try:
        tree.uncounted().listing(path)
    except BadInput:
        return False
    return True


def _placed(lines: str, where: str) -> Iterator[tuple[str, str]]:
    """The lines that are not empty, each with its place, `file:line`."""
    return ((line, f"{where}:{number}") for number, line in enumerate(lines.splitlines(), start=1) if line.strip())


def _point(line: str, where: str) -> tuple[int, int, float]:
    """Step, time in ms, value of a line `time value [step ...]`; MLflow before 1.0 wrote no step."""
    words = line.split()
    try:
        return int(words[2]) if len(words) > 2 else 0, int(words[0]), float(words[1])
    except (ValueError, IndexError) as error:
        raise BadInput(
            f"a metric line has time, value and step, not {line[:60]!r}",
            where=where,
            next_step="Was the file cut off while MLflow wrote it?",
        ) from error


def _join(parent: str, name: str) -> str:
    return f"{parent}/{name}" if parent else name


def _by_number(name: str) -> tuple[int, str]:
    number = name.removeprefix(_VERSION)
    return (int(number) if number.isdecimal() else 0, name)
