"""The verb `demo`: a first lineage in a minute, from records that come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provstore.cli.common import Context, verb
from provstore.cli.intake import take_in
from provstore.cli.output import write
from provstore.errors import NotFound, UsageError

if TYPE_CHECKING:
    from provstore.store import Store

RECORDS = Path(__file__).resolve().parents[1] / "demo"
INPUTS = (("mlflow", "mlflow.db"), ("openlineage", "openlineage.ndjson"))
MODEL = "mlflow:model/churn/3"
DATA_SET = "openlineage:dataset/postgres%3A%2F%2Fcrm.example%3A5432/crm.public.customers"
# The steps; the walk goes through the files and metrics of each run without showing them.
ONLY = "ps:Run,ps:Dataset,ps:Model,ps:ModelVersion"


@verb("demo")
@click.option("-o", "--output", metavar="FILE", default="demo.html", show_default=True, help="Where the picture goes.")
def command(context: Context, output: str) -> int:
    """Takes in a real MLflow store and the OpenLineage events of the job that made its raw data file.

    The two trackers do not know each other; they meet because they recorded the same bytes. The records go into
    the store (--store demo.db keeps them apart), the picture into `demo.html`.
    """
    with context.taking_in() as store:
        if not context.flags.get("store"):
            _require_no_others(store)
        code = _import(context, store)
        if code == 0 and not context.as_json:
            _answer(context, store, output)
    return code


def _require_no_others(store: Store) -> None:
    """Raises: UsageError: the store that nobody named holds records of other things; the demo's would stay for good."""
    if store.ledger.head().sequence:
        try:
            store.show(MODEL)
        except NotFound:
            raise UsageError(
                "the store holds other records, and those of the demo would stay among them",
                where=store.location,
                next_step="Keep them apart: provstore --store demo.db demo",
            ) from None


def _import(context: Context, store: Store) -> int:
    paths: Sequence[str] = [str(RECORDS / name) for _, name in INPUTS]
    kinds = {path: kind for path, (kind, _) in zip(paths, INPUTS, strict=True)}
    return take_in(
        context, paths, lambda path, progress: store.import_records(path, kind=kinds[path], progress=progress)
    )


def _answer(context: Context, store: Store, output: str) -> None:
    from provstore.reports.registry import render

    name = context.settings().store
    upstream = store.upstream(MODEL)
    click.echo(f"\nWhat was this model made from?\n$ provstore --store {name} upstream {MODEL}\n")
    click.echo(render(upstream, "tree"))
    click.echo(f"What depends on this table?\n$ provstore --store {name} downstream {DATA_SET} --only {ONLY}\n")
    click.echo(render(store.downstream(DATA_SET, only=ONLY), "tree"))
    write(render(store.upstream(MODEL, agents=True), "html"), output)
    click.echo(
        f"""The picture is in {output}: open it in a browser.

Try next:
  provstore --store {name} show {MODEL}
  provstore --store {name} find 'type = ps:Run and status = failed'
  provstore --store {name} diff mlflow:model/churn/2 {MODEL}
  provstore --store {name} leakage {MODEL} 'customers holdout'
  provstore --store {name} check
  provstore import YOUR-mlflow.db"""
    )
