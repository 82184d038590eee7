"""ml-metadata stores runs one by one in a SQLite file and prints the seconds. Needs only ml_metadata.

The same runs as `benchmarks.data.tracker_run`: an execution with four properties, four inputs, three outputs, seven
events, and the agent as a context of all of them, in one call (put_lineage_subgraph), its fastest way to keep a run.
"""

import sys
import time

from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as proto

path, runs = sys.argv[1], int(sys.argv[2])
config = proto.ConnectionConfig()
config.sqlite.filename_uri = path
config.sqlite.connection_mode = proto.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
store = metadata_store.MetadataStore(config)

artifact_type = proto.ArtifactType(name="Data")
artifact_type.properties["label"] = proto.STRING
artifact_type.properties["size"] = proto.INT
artifact_type_id = store.put_artifact_type(artifact_type)
execution_type = proto.ExecutionType(name="Run")
for name, kind in (("lr", proto.STRING), ("acc", proto.DOUBLE), ("start", proto.STRING), ("end", proto.STRING)):
    execution_type.properties[name] = kind
execution_type_id = store.put_execution_type(execution_type)
[agent_id] = store.put_contexts(
    [proto.Context(type_id=store.put_context_type(proto.ContextType(name="Agent")), name="alice")]
)
agent = store.get_contexts_by_id([agent_id])[0]
stored_inputs = {}


def artifact_of(run, number):
    """An input (0 to 3, shared by five runs) or an output (4 to 6) of a run."""
    is_input = number < 4
    name = f"data {run // 5} {number}" if is_input else f"model {run} {number}"
    artifact = proto.Artifact(type_id=artifact_type_id, name=name)
    artifact.properties["label"].string_value = name
    if name in stored_inputs:
        artifact.id = stored_inputs[name]
    if not is_input:
        artifact.properties["size"].int_value = run
    return artifact


def one_run(run):
    """Stores one run: the run, its agent, four inputs and three outputs, all related."""
    execution = proto.Execution(type_id=execution_type_id, name=f"run {run}")
    execution.properties["lr"].string_value = "0.1"
    execution.properties["acc"].double_value = 0.5 + run / 1e6
    execution.properties["start"].string_value = "2026-01-01T00:00:00.000000Z"
    execution.properties["end"].string_value = "2026-01-01T01:00:00.000000Z"
    artifacts = [artifact_of(run, number) for number in range(7)]
    edges = [
        (0, number, proto.Event(type=proto.Event.INPUT if number < 4 else proto.Event.OUTPUT)) for number in range(7)
    ]
    _, artifact_ids, _ = store.put_lineage_subgraph([execution], artifacts, [agent], edges)
    stored_inputs.update({artifact.name: stored for artifact, stored in zip(artifacts[:4], artifact_ids[:4])})  # noqa: B905


one_run(0)
started = time.perf_counter()
for run in range(1, runs + 1):
    one_run(run)
print(time.perf_counter() - started)
