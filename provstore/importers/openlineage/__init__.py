"""OpenLineage: events of any emitter come in, one `event` document each goes out.

In: newline-delimited JSON, a JSON array, one JSON event, or a directory of such files; RunEvent, JobEvent and
DatasetEvent in any order, repeated, partial. Out: documents that fold by run (rule 10). What each facet becomes:
docs/reference/openlineage.md. Source: OpenLineage 2-0-2; rules 7, 10, 22 and 31.
"""

from __future__ import annotations

from collections.abc import Iterator

from provstore.errors import BadInput
from provstore.importers.contract import Findings, Request
from provstore.importers.openlineage import files
from provstore.importers.openlineage.events import parse
from provstore.importers.openlineage.mapping import VERSION, to_document
from provstore.importers.redaction import redact_tree
from provstore.model.document import Document

_REPORT_EVERY = 1_000


class OpenLineageImporter:
    """The importer of OpenLineage events (importers.contract)."""

    kind = "openlineage"
    version = VERSION
    recovers = (
        "runs with status, times, parents and parameters",
        "jobs with SQL, source code and its location",
        "datasets with versions, digests, schemas, statistics and column lineage",
        "owners, processing engines and producers",
        "every other facet, whole",
    )
    # Run ids are UUIDs and datasets have global names: nothing tells two stores apart.
    immutable: tuple[str, ...] = ()

    def recognizes(self, path: str) -> bool:
        """True when the first event in `path` looks like OpenLineage; never raises."""
        return files.looks_like_events(path)

    def documents(self, request: Request, findings: Findings) -> Iterator[Document]:
        """One document per event, in the order of the files' names and of the events in them.

        Raises: BadInput: there is nothing to read. A single bad event is added to `findings.refused` instead.
        """
        findings.footprint.is_complete = True
        read = 0
        for raw in files.events(request.path, findings):
            read += 1
            try:
                value, redacted = redact_tree(raw.value())
                document = to_document(
                    parse(value, where=raw.where), request, findings, source=raw.where, raw_sha256=raw.sha256
                )
            except BadInput as error:
                findings.refused.append(str(error))
                continue
            findings.redacted += redacted
            if read % _REPORT_EVERY == 0:
                request.progress(read, None)
            yield document
        if not read:
            raise BadInput(
                "there is no event in it",
                where=request.path,
                next_step="Give a file of OpenLineage events (one JSON object a line), or a directory of such files.",
            )
