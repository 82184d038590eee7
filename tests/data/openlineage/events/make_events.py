"""Emits a small pipeline's OpenLineage events with the real client, file transport, one JSON object a line.

    pip install openlineage-python
    python make_events.py DIRECTORY

`pipeline.ndjson`: a parent run, three jobs in a chain, one of them failing first and aborted second; static metadata.
Times are fixed, so that expected values can be worked out by hand; run ids are random, as emitters make them.
"""

import sys
from pathlib import Path

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    DatasetEvent, InputDataset, Job, JobEvent, OutputDataset, Run, RunEvent, RunState, StaticDataset,
)  # fmt: skip
from openlineage.client.facet_v2 import (
    column_lineage_dataset as lineage, data_quality_metrics_input_dataset as quality, dataset_version_dataset as version,
    datasource_dataset as datasource, documentation_job, documentation_dataset, error_message_run as error,
    lifecycle_state_change_dataset as lifecycle, nominal_time_run, output_statistics_output_dataset as statistics,
    ownership_dataset, ownership_job, parent_run, processing_engine_run, schema_dataset as schema,
    source_code_location_job as location, sql_job, symlinks_dataset as symlinks, tags_job,
)  # fmt: skip
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.uuid import generate_new_uuid

PRODUCER = "https://git.example/data/pipeline"
LAKE = "s3://lake"
SHOP = "postgres://shop.example:5432"
ORDERS = [("order_id", "BIGINT"), ("customer_id", "BIGINT"), ("amount", "DECIMAL(10,2)")]


def at(second: int) -> str:
    return f"2026-11-20T06:{second // 60:02}:{second % 60:02}.000000+00:00"


def run(**facets) -> Run:
    return Run(str(generate_new_uuid()), facets)


def fields(columns) -> schema.SchemaDatasetFacet:
    return schema.SchemaDatasetFacet([schema.SchemaDatasetFacetFields(name, type) for name, type in columns])


def main(directory: Path) -> None:
    path = directory / "pipeline.ndjson"
    path.unlink(missing_ok=True)
    client = OpenLineageClient(transport=FileTransport(FileConfig(str(path), append=True)))

    def tell(second, state, run, job, **datasets):
        client.emit(RunEvent(eventTime=at(second), eventType=state, run=run, job=job, producer=PRODUCER, **datasets))

    pipeline = Job("shop", "nightly", {"documentation": documentation_job.DocumentationJobFacet("Nightly pipeline")})
    parent = run(nominalTime=nominal_time_run.NominalTimeRunFacet("2026-11-20T06:00:00Z", "2026-11-21T06:00:00Z"))
    tell(0, RunState.START, parent, pipeline)

    def child(**facets) -> Run:
        of = parent_run.ParentRunFacet(parent_run.Run(parent.runId), parent_run.Job("shop", "nightly"))
        return run(parent=of, **facets)

    extract(tell, child())
    clean(tell, child)
    features(tell, child())
    tell(300, RunState.COMPLETE, parent, pipeline)
    static(client)
    client.close()


def extract(tell, own) -> None:
    job = Job("shop", "nightly.extract", {
        "sql": sql_job.SQLJobFacet("SELECT order_id, customer_id, amount FROM public.orders"),
        "ownership": ownership_job.OwnershipJobFacet([ownership_job.Owner("team:shop", "MAINTAINER")]),
        "sourceCodeLocation": location.SourceCodeLocationJobFacet(
            "git", "https://git.example/data/pipeline/extract.py", repoUrl="https://git.example/data/pipeline.git",
            path="extract.py", version="5d5be1a9c2b74f0e8a3f6d9b1c2e4f7a8b9c0d1e", branch="main"),
    })  # fmt: skip
    table = InputDataset(SHOP, "shop.public.orders", facets={
        "schema": fields(ORDERS), "dataSource": datasource.DatasourceDatasetFacet("shop", SHOP),
    }, inputFacets={"dataQualityMetrics": quality.DataQualityMetricsInputDatasetFacet(
        columnMetrics={"amount": quality.ColumnMetrics(nullCount=0, min=0.5, max=99.0)}, rowCount=3)})  # fmt: skip
    tell(1, RunState.START, own, job, inputs=[table])
    tell(5, RunState.RUNNING, own, job, inputs=[table])
    written = OutputDataset(LAKE, "raw/orders.parquet", facets={
        "schema": fields(ORDERS), "version": version.DatasetVersionDatasetFacet("sha256:" + "ab" * 32),
        "lifecycleStateChange": lifecycle.LifecycleStateChangeDatasetFacet(lifecycle.LifecycleStateChange.CREATE),
        "symlinks": symlinks.SymlinksDatasetFacet([symlinks.Identifier("hive://meta.example:9083", "raw.orders", "TABLE")]),
        "ownership": ownership_dataset.OwnershipDatasetFacet([ownership_dataset.Owner("team:shop", "OWNER")]),
    }, outputFacets={"outputStatistics": statistics.OutputStatisticsOutputDatasetFacet(rowCount=3, size=240)})  # fmt: skip
    tell(9, RunState.COMPLETE, own, job, inputs=[table], outputs=[written])


def clean(tell, child) -> None:
    job = Job("shop", "nightly.clean", {"tags": tags_job.TagsJobFacet([tags_job.TagsJobFacetFields("tier", "gold", "USER")])})
    raw = InputDataset(LAKE, "raw/orders.parquet", facets={"version": version.DatasetVersionDatasetFacet("sha256:" + "ab" * 32)})
    first = child(errorMessage=error.ErrorMessageRunFacet("amount is null in row 2", "python", "Traceback: ValueError"))
    tell(20, RunState.START, Run(first.runId, {"parent": first.facets["parent"]}), job, inputs=[raw])
    tell(25, RunState.FAIL, first, job, inputs=[raw])
    second = child()
    tell(30, RunState.START, second, job, inputs=[raw])
    tell(35, RunState.ABORT, second, job)
    third = child(processing_engine=processing_engine_run.ProcessingEngineRunFacet("3.5.1", "spark", "1.54.0"))
    tell(40, RunState.START, third, job, inputs=[raw])
    written = OutputDataset(LAKE, "clean/orders.parquet", facets={
        "schema": fields(ORDERS), "version": version.DatasetVersionDatasetFacet("17"),
        "columnLineage": lineage.ColumnLineageDatasetFacet({
            name: lineage.Fields([lineage.InputField(LAKE, "raw/orders.parquet", name, [
                lineage.Transformation("DIRECT", "IDENTITY", masking=False)])]) for name, _ in ORDERS}),
    })  # fmt: skip
    tell(48, RunState.COMPLETE, third, job, outputs=[written])


def features(tell, own) -> None:
    job = Job("shop", "nightly.features")
    source = InputDataset(LAKE, "clean/orders.parquet", facets={"version": version.DatasetVersionDatasetFacet("17")})
    columns = [("customer_id", "BIGINT"), ("spent", "DOUBLE")]
    written = OutputDataset(LAKE, "features/customers.parquet", facets={
        "schema": fields(columns),
        "columnLineage": lineage.ColumnLineageDatasetFacet({"spent": lineage.Fields([
            lineage.InputField(LAKE, "clean/orders.parquet", "amount", [
                lineage.Transformation("DIRECT", "AGGREGATION", description="sum", masking=True)])])}),
    })  # fmt: skip
    tell(60, RunState.START, own, job, inputs=[source])
    tell(62, RunState.OTHER, own, job)
    tell(70, RunState.COMPLETE, own, job, inputs=[source], outputs=[written])


def static(client) -> None:
    facets = {"documentation": documentation_dataset.DocumentationDatasetFacet("Orders as the shop wrote them")}
    dataset = StaticDataset(LAKE, "raw/orders.parquet", facets=facets)
    client.emit(DatasetEvent(eventTime=at(310), producer=PRODUCER, dataset=dataset))
    job = Job("shop", "nightly.features", {"documentation": documentation_job.DocumentationJobFacet("Sums per customer")})
    client.emit(JobEvent(
        eventTime=at(320), producer=PRODUCER, job=job, inputs=[InputDataset(LAKE, "clean/orders.parquet")],
        outputs=[OutputDataset(LAKE, "features/customers.parquet")],
    ))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
