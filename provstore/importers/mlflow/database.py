"""MLflow's SQL store as a SQLite file: schemas of MLflow 1.x to 3.x, read only and in one pass.

In: a connection that can only read (`foreign_sqlite`). Out: records, run by run. Every table is read once in the order
of its owner; so 2,000,000 metric points need no index and little memory.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from provstore.batches import in_batches
from provstore.errors import BadInput, printable
from provstore.importers import foreign_sqlite
from provstore.importers.contract import Findings
from provstore.importers.mlflow.artifacts import Artifacts
from provstore.importers.mlflow.building import DATABASE, DEFAULT_WORKSPACE, Builder
from provstore.importers.mlflow.facts import digests
from provstore.importers.mlflow.fields import Fields, decoded
from provstore.importers.mlflow.origins import legacy_models
from provstore.importers.mlflow.records import (
    MODEL_STATUSES,
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
from provstore.importers.mlflow.tables import REQUIRED, Grouped, Row, Tables, note_unasked, pairs, pairs_by_owner, query

_POINTS_AT_ONCE: Final = 10_000


def is_store(path: str | Path) -> bool:
    """True when the file is a SQLite database with MLflow's tables, or a damaged one: reading it tells what is wrong.

    Never raises.
    """
    if not foreign_sqlite.is_sqlite(path):
        return False
    try:
        # Immutable: neither locks nor a WAL are looked at; its tables are older than what a WAL adds.
        uri = f"file:{quote(str(Path(path).resolve()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            if Tables(connection).names >= REQUIRED:
                return True
        if not Path(f"{path}-wal").exists():
            return False
        with foreign_sqlite.reading(path) as connection:
            return Tables(connection).names >= REQUIRED
    except (sqlite3.Error, BadInput, OSError):
        return True


class Database:
    """The records of one database; a `Source`.

    Args: connection: read only. where: the file, for messages. artifacts: the files beside it.
    Raises: BadInput: from the constructor, when MLflow's tables are not there.
    """

    def __init__(self, connection: sqlite3.Connection, where: str, artifacts: Artifacts, findings: Findings) -> None:
        self._connection, self._where = connection, where
        self._artifacts, self._findings = artifacts, findings
        self.builder = Builder(DATABASE, findings)
        self.tables = Tables(connection)
        if missing := REQUIRED - self.tables.names:
            raise BadInput(
                f"this database is no MLflow store: it has no table {min(missing)}",
                where=where,
                next_step="Name the file that MLflow's --backend-store-uri names, often mlflow.db.",
            )
        self.tables.note_revision(findings)
        self.tables.note_unmapped(findings)

    def count(self) -> int | None:
        """The number of runs."""
        return int(self._connection.execute(query("count_runs")).fetchone()[0])

    def experiments(self) -> Iterator[Experiment | BadInput]:
        """All experiments, deleted ones included."""
        tags = pairs_by_owner(self.tables.rows("experiment_tags", "experiment_tags"))
        self.tables.note_lost("experiment_tags", findings=self._findings)
        for fields in self._records("experiment", "experiments", "experiment_id"):
            try:
                yield self._experiment(fields, tags)
            except BadInput as error:
                yield error

    def runs(self) -> Iterator[Run | BadInput]:
        """All runs, deleted ones included, by id."""
        parts = _RunParts(self, self._findings)
        for fields in self._records("run", "runs", "run_uuid"):
            try:
                yield self._run(fields, parts)
            except BadInput as error:
                yield error
        parts.end()

    def logged_models(self) -> Iterator[LoggedModel | BadInput]:
        """All logged models, deleted ones included, by id."""
        if "logged_models" not in self.tables.names:
            return
        parts = [
            Grouped(self.tables.rows(table, table), table, self._findings)
            for table in ("logged_model_params", "logged_model_tags", "logged_model_metrics")
        ]
        for fields in self._records("logged model", "logged_models", "model_id"):
            try:
                yield self._logged_model(fields, *parts)
            except BadInput as error:
                yield error
        for part in parts:
            part.end()

    def registered_models(self) -> Iterator[RegisteredModel | BadInput]:
        """All registered models with their versions, by name."""
        if "registered_models" not in self.tables.names:
            return
        aliases: dict[Row, dict[str, str]] = defaultdict(dict)
        for row in self.tables.mappings("registered_model_aliases"):
            if isinstance(row["alias"], str):
                aliases[_key(row)][row["alias"]] = str(row["version"])
            else:
                self._findings.skip("row of registered_model_aliases whose alias is no text", row["alias"])
        tags = pairs_by_owner(
            (_key(row), row["key"], row["value"]) for row in self.tables.mappings("registered_model_tags")
        )
        versions, known = self._versions(), set()
        for values in self.tables.mappings("registered_models"):
            key = _key(values)
            known.add(key)
            where = self._place("registered model", values["name"])
            fields = Fields("registered model", values, where=where)
            try:
                made = self.builder.registered_model(
                    fields, tags=tags[key], aliases=aliases[key], versions=tuple(versions[key])
                )
                yield decoded(made, where)
            except BadInput as error:
                went = f"; with it went versions: {len(versions[key])}, aliases: {len(aliases[key])}"
                yield BadInput(error.message + went, where=error.where, next_step=error.next_step)
        note_unasked("registered_model_aliases", aliases, known, self._findings)
        note_unasked("registered_model_tags", tags, known, self._findings)
        note_unasked("model_versions", versions, known, self._findings)

    def _experiment(self, fields: Fields, tags: Mapping[object, dict[str, str]]) -> Experiment:
        identifier = fields.required("experiment_id")
        of_this = tags.get(int(identifier), {}) if identifier.isdecimal() else {}
        return decoded(self.builder.experiment(fields, identifier, of_this), self._place("experiment", identifier))

    def _run(self, fields: Fields, parts: _RunParts) -> Run:
        identifier = fields.required("run_uuid")
        parts.reach(identifier)
        where, tags = self._place("run", identifier), pairs(parts.tags.of(identifier))
        ended_ms, artifact_uri = fields.integer("end_time"), fields.text("artifact_uri")
        fields.drop("source_type")  # Since 1.0 a tag; the column says UNKNOWN.
        inputs, outputs = parts.model_links(identifier, where)
        made = Run(
            id=identifier,
            experiment_id=fields.required("experiment_id"),
            name=fields.text("name"),
            status=fields.text("status") or "UNKNOWN",
            lifecycle_stage=fields.text("lifecycle_stage") or "active",
            started_ms=fields.integer("start_time"),
            ended_ms=ended_ms,
            deleted_ms=fields.integer("deleted_time"),
            artifact_uri=artifact_uri,
            user=fields.text("user_id"),
            source_name=fields.text("source_name"),
            entry_point=fields.text("entry_point_name"),
            commit=fields.text("source_version"),
            params=pairs(parts.params.of(identifier)),
            tags=tags,
            series=_series(parts.metrics.of(identifier), where),
            datasets=parts.datasets(identifier, ended_ms, where),
            model_inputs=inputs,
            model_outputs=outputs,
            artifacts=self._artifacts.below(artifact_uri, expected=bool(legacy_models(tags))),
        )
        fields.count_rest(self._findings)
        return decoded(made, where)

    def _logged_model(self, fields: Fields, params: Grouped, tags: Grouped, metrics: Grouped) -> LoggedModel:
        identifier = fields.required("model_id")
        own_params, own_tags, points = params.of(identifier), tags.of(identifier), metrics.of(identifier)
        where = self._place("logged model", identifier)
        status, location = fields.integer("status"), fields.text("artifact_location")
        made = self.builder.logged_model(
            fields,
            identifier,
            status=MODEL_STATUSES.get(status or 0, str(status)),
            location=location,
            params=pairs(own_params),
            tags=pairs(own_tags),
            metrics=tuple(_model_metric(row, where) for row in points),
            artifacts=self._artifacts.below(location, expected=status == 2),
        )
        return decoded(made, where)

    def _versions(self) -> Mapping[Row, list[ModelVersion]]:
        tags = pairs_by_owner(
            ((*_key(row), row["version"]), row["key"], row["value"])
            for row in self.tables.mappings("model_version_tags")
        )
        found: dict[Row, list[ModelVersion]] = defaultdict(list)
        known = set()
        for values in self.tables.mappings("model_versions"):
            known.add((*_key(values), values["version"]))
            try:
                found[_key(values)].append(self._version(values, tags))
            except BadInput as error:
                self._findings.refused.append(str(error))
        note_unasked("model_version_tags", tags, known, self._findings)
        return found

    def _version(self, values: Mapping[str, Any], tags: Mapping[object, Mapping[str, str]]) -> ModelVersion:
        where = self._place("model version", f"{values['name']}/{values['version']}")
        fields = Fields("model version", values, where=where)
        fields.drop("storage_location")
        return decoded(self.builder.version(fields, tags.get((*_key(values), values["version"]), {})), where)

    def digest_of(self, source: str | None, before_ms: int | None) -> str | None:
        """The SHA-256 of a data set's source file (Artifacts.source_digest)."""
        return self._artifacts.source_digest(source, before_ms)

    def _records(self, what: str, table: str, key: str) -> Iterator[Fields]:
        for values in self.tables.mappings(table):
            yield Fields(what, values, where=self._place(what, values.get(key)))

    def _place(self, what: str, name: object) -> str:
        """Where a record is, for messages."""
        return f"{self._where}: {what} {printable(name)}"


class _RunParts:
    """What belongs to runs, handed out run by run in the order of their ids."""

    def __init__(self, database: Database, findings: Findings) -> None:
        self._database, self._findings = database, findings
        tables = database.tables
        self.params = Grouped(tables.rows("params", "params"), "params", findings)
        self.tags = Grouped(tables.rows("tags", "tags"), "tags", findings)
        self.metrics = Grouped(tables.rows("metrics", "metrics"), "metrics", findings)
        self._input_tags = Grouped(tables.rows("input_tags", "inputs"), "input_tags", findings)
        self._links_columns, links = tables.described("model_links", "inputs")
        self._links = Grouped(links, "inputs", findings)
        self._dataset_columns, inputs = tables.described("dataset_inputs", "inputs")
        self._inputs = Grouped(inputs, "inputs", findings)
        self._all = (self.params, self.tags, self.metrics, self._input_tags, self._links, self._inputs)
        tables.note_lost("inputs", "datasets", findings=findings)
        tables.note_lost("input_tags", "inputs", findings=findings)

    def reach(self, run: str) -> None:
        """The next run is `run`: what is left of it when it is refused belongs to it nonetheless."""
        for part in self._all:
            part.of(run)

    def end(self) -> None:
        """There is no run any more."""
        for part in self._all:
            part.end()

    def datasets(self, run: str, ended_ms: int | None, where: str) -> tuple[DatasetInput, ...]:
        """The data sets that the run took in. Args: where: the run's place, for messages."""
        tags = pairs_by_owner(row[1:] for row in self._input_tags.of(run))
        return tuple(self._dataset(row, tags[row[1]], ended_ms, where) for row in self._inputs.of(run))

    def model_links(self, run: str, where: str) -> tuple[tuple[str, ...], tuple[ModelOutput, ...]]:
        """The logged models that the run took in, and those that it put out. Args: where: as for `datasets`."""
        inputs, outputs = [], []
        for row in self._links.of(run):
            if not isinstance(row[2], str):
                self._findings.skip("row of inputs whose model is no text", row[2])
            elif row[1] == "RUN_INPUT":
                inputs.append(str(row[2]))
            elif row[1] == "RUN_OUTPUT":
                values = dict(zip(self._links_columns, row, strict=True))
                step = Fields("output", values, where=f"{where}, table inputs").integer("step")
                outputs.append(ModelOutput(str(row[2]), step or 0))
        return tuple(inputs), tuple(outputs)

    def _dataset(self, row: Row, tags: Mapping[str, str], ended_ms: int | None, where: str) -> DatasetInput:
        values = dict(zip(self._dataset_columns[2:], row[2:], strict=True))
        fields = Fields("data set", values, where=f"{where}, table datasets")
        fields.drop("dataset_uuid", "experiment_id")
        return self._database.builder.dataset(
            fields, tags, lambda source: None if digests(tags) else self._database.digest_of(source, ended_ms)
        )


def _series(rows: Iterable[Row], where: str) -> tuple[Series, ...]:
    found = []
    for name, points in groupby(rows, itemgetter(1)):
        try:
            found.append(_columns(str(name), points))
        except (TypeError, OverflowError) as error:
            place = f"{where}, metric {printable(name)}"
            raise BadInput(f"a metric point holds no number: {error}", where=place) from error
    return tuple(found)


def _columns(name: str, rows: Iterator[Row]) -> Series:
    steps, times, values = array("q"), array("q"), array("d")
    for batch in in_batches(rows, _POINTS_AT_ONCE):
        _, _, step, time, value, is_nan = zip(*batch, strict=True)
        steps.extend(step)
        times.extend(time)
        # MLflow writes 0 and a flag where the value is not a number.
        values.extend(
            [math.nan if flag else v for flag, v in zip(is_nan, value, strict=True)] if any(is_nan) else value
        )
    return Series(name=name, steps=steps, times_ms=times, values=values)


def _model_metric(row: Row, where: str) -> ModelMetric:
    _, name, step, time, value, run, dataset = row
    where = f"{where}, metric {printable(name)}"
    if not isinstance(value, int | float | None):
        raise BadInput(f"a metric point holds no number: {printable(value)!r}", where=where)
    point = Fields("metric point", {"step": step, "time": time}, where=where)
    # SQLite keeps NaN as NULL.
    number = math.nan if value is None else value
    return ModelMetric(str(name), point.integer("step") or 0, point.integer("time") or 0, number, run, dataset)


def _key(row: Mapping[str, Any]) -> Row:
    return row["name"], row.get("workspace") or DEFAULT_WORKSPACE
