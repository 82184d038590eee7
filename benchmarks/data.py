"""Inputs of a given size: PROV-JSON files like those of trackers, chains, and an MLflow database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from provstore import Store
from provstore.importers.statements import Statements, label, number, ps, text, typed
from provstore.model.document import Document, Header
from provstore.model.terms import PS
from provstore.store.converting import convert_file

EXAMPLE: Final = "http://example.org/"
START, END = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"


def prov_json(path: Path, statements: int) -> int:
    """Writes training runs that share data sets, about ten statements a run, and returns how many statements.

    Each run uses one of the data sets and a configuration, and generates a model; one agent did all of it.
    """
    document: dict[str, Any] = {
        "prefix": {"ex": EXAMPLE, "ps": PS},
        "agent": {"ex:alice": {"prov:type": _name("prov:Person")}},
    }
    for kind in ("entity", "activity", *_relations(0)):
        document[kind] = {}
    count = 1
    number_of_run = 0
    while count < statements:
        for kind, identifier, attributes in _run(number_of_run):
            if count < statements:
                document[kind][identifier] = attributes
                count += 1
        number_of_run += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    return count


def prov_n(path: Path, statements: int) -> int:
    """The same as `prov_json` in PROV-N."""
    source = path.with_suffix(".json")
    count = prov_json(source, statements)
    convert_file(str(source), str(path), target_format="prov-n")
    return count


def _run(run: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    data = run // 5
    yield "activity", f"ex:run/{run}", {
        "prov:startTime": START, "prov:endTime": END, "prov:label": f"run {run}",
        "ps:param.lr": "0.1", "ps:metric.acc": 0.5 + run / 1e6,
    }  # fmt: skip
    yield "entity", f"ex:model/{run}", {"prov:type": _name("ps:Model"), "prov:label": f"model {run}", "ps:size": run}
    yield "entity", f"ex:config/{run}", {"prov:label": f"config {run}"}
    if run % 5 == 0:
        yield "entity", f"ex:data/{data}", {"prov:type": _name("ps:Dataset"), "prov:label": f"data {data}"}
    for kind, attributes in _relations(run).items():
        yield kind, f"_:{kind}{run}", attributes
    yield "used", f"_:config{run}", {"prov:activity": f"ex:run/{run}", "prov:entity": f"ex:config/{run}"}


def _relations(run: int) -> dict[str, dict[str, Any]]:
    activity, model, data = f"ex:run/{run}", f"ex:model/{run}", f"ex:data/{run // 5}"
    return {
        "used": {"prov:activity": activity, "prov:entity": data, "prov:role": "training", "prov:time": START},
        "wasGeneratedBy": {"prov:entity": model, "prov:activity": activity, "prov:time": END},
        "wasDerivedFrom": {"prov:generatedEntity": model, "prov:usedEntity": data, "prov:activity": activity},
        "wasAssociatedWith": {"prov:activity": activity, "prov:agent": "ex:alice"},
        "wasAttributedTo": {"prov:entity": model, "prov:agent": "ex:alice"},
    }


def _name(prefixed: str) -> dict[str, str]:
    return {"$": prefixed, "type": "prov:QUALIFIED_NAME"}


def tracker_run(run: int) -> Document:
    """One run as a tracker tells it, 20 statements: a run, its inputs and outputs, its agent, all related."""
    said = Statements()
    activity = said.activity(
        f"{EXAMPLE}run/{run}",
        [typed(ps("Run")), label(f"run {run}"), text(ps("param.lr"), "0.1"), number(ps("metric.acc"), 0.5 + run / 1e6)],
        start="2026-01-01T00:00:00.000000Z",
        end="2026-01-01T01:00:00.000000Z",
    )
    agent = said.agent(f"{EXAMPLE}alice", [label("alice")])
    said.relate("wasAssociatedWith", activity, agent)
    for one in range(4):
        source = said.entity(f"{EXAMPLE}data/{run // 5}/{one}", [label(f"data {run // 5} {one}")])
        said.relate("used", activity, source)
    for one in range(3):
        made = said.entity(f"{EXAMPLE}model/{run}/{one}", [label(f"model {run} {one}"), number(ps("size"), run)])
        said.relate("wasGeneratedBy", made, activity)
        said.relate("wasAttributedTo", made, agent)
    return Document(_header(f"example:run/{run}"), said.assertions())


def fill(store: Store, runs: int, *, at_once: int = 500) -> int:
    """Appends tracker runs 0 to `runs` to a store and returns how many statements they have."""
    statements = 0
    for first in range(0, runs, at_once):
        documents = [tracker_run(run) for run in range(first, min(runs, first + at_once))]
        statements += sum(one.statements for one in store.append(documents))
    return statements


def run_on_stored_data(run: int) -> Document:
    """One more run, 20 statements: it uses the data sets of stored tracker runs, and its models derive from them."""
    said = Statements()
    activity = said.activity(f"{EXAMPLE}later/{run}", start="2026-01-02T00:00:00.000000Z")
    agent = said.agent(f"{EXAMPLE}alice", [label("alice")])
    said.relate("wasAssociatedWith", activity, agent)
    sources = [f"{EXAMPLE}data/{run}/{one}" for one in range(4)]
    for source in sources:
        said.relate("used", activity, source)
    for one in range(3):
        made = said.entity(f"{EXAMPLE}later/model/{run}/{one}", [label(f"later {run} {one}")])
        said.relate("wasGeneratedBy", made, activity)
        said.relate("wasAttributedTo", made, agent)
        said.relate("wasDerivedFrom", made, sources[one], activity)
    said.entity(f"{EXAMPLE}later/report/{run}", [label(f"report {run}")])
    return Document(_header(f"example:later/{run}"), said.assertions())


def chain(steps: int, *, name: str = "chain", width: int = 1) -> Document:
    """Artifacts 0 to `steps`, each made from the one before by `width` runs: `<name>/<i>` and `<name>/run/<i>/<k>`."""
    said = Statements()
    for step in range(1, steps + 1):
        for k in range(width):
            run = said.activity(f"{EXAMPLE}{name}/run/{step}/{k}")
            said.relate("used", run, f"{EXAMPLE}{name}/{step - 1}")
            said.relate("wasGeneratedBy", said.entity(f"{EXAMPLE}{name}/{step}"), run)
    return Document(_header(f"example:{name}"), said.assertions())


def _header(unit: str) -> Header:
    return Header(unit=unit, event_time="2026-01-01T00:00:00.000000Z", namespaces={None: {"ex": EXAMPLE, "ps": PS}})
