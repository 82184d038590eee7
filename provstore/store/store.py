"""The store: a ledger, a graph engine that follows it, and the questions, under one name.

The writing side is here and in `intake`, the reading side in `asking`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from provstore.errors import BackendUnavailable, Conflict, NotFound, ProvstoreError, UsageError
from provstore.formats.contract import Loss
from provstore.graph import current, projector
from provstore.graph.contract import Engine
from provstore.graph.registry import open_engine
from provstore.importers.contract import Importer, Request
from provstore.ledger.contract import Erasure, Receipt, Retraction, Submission
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.registry import is_server, open_ledger
from provstore.ledger.sqlite import SqliteLedger
from provstore.model import times
from provstore.model.document import Document
from provstore.private_files import Removable
from provstore.settings import Settings, Strictness, load, strictness
from provstore.store import copying, exporting, proving, receipt
from provstore.store.asking import Asking, AsOf, Spaces
from provstore.store.brought import Brought
from provstore.store.findings import kept_findings, unit_of
from provstore.store.following import Following, beside
from provstore.store.forgetting import REMAINS, forget
from provstore.store.graph_home import graph_location
from provstore.store.intake import Progress, import_path, ingest_file, refuse_other_store
from provstore.store.rehearsing import Rehearsing
from provstore.store.remembering import Memory
from provstore.transactions import Interruptible

if TYPE_CHECKING:
    from provstore.questions.result import Table
    from provstore.questions.segment import Segment
    from provstore.store.validating_new import Validating
    from provstore.store.validating_stored import StoredVerdict


class Store(Asking):
    """A provenance store: use it as a context manager.

    >>> with provstore.open("x.db") as store:
    ...     store.import_records("mlflow.db")
    ...     store.upstream("mlflow:model/churn/3")
    """

    def __init__(self, ledger: DatabaseLedger, engine: Engine, location: str, settings: Settings) -> None:
        super().__init__(ledger, engine)
        self.location = location
        self.settings = settings
        path = ledger.path if isinstance(ledger, SqliteLedger) else None
        self._memory = Memory(path, settings.busy_timeout_s) if path else None
        self._brought = Brought(path, settings.busy_timeout_s) if path else None
        self._in_file = beside(ledger, self.engine)
        self._is_same_graph = False

    @classmethod
    def open(cls, location: str | Path | None = None, *, create: bool = True, settings: Settings | None = None) -> Self:
        """Opens the store at `location` (default: the setting `store`); makes it when `create` and it is missing.

        Raises: NotFound: there is none and `create` is False. BadInput: the file is not ours.
        BackendUnavailable: it cannot be read or written. Conflict: it is of a newer version. Denied: the server of the
        ledger refuses.
        """
        chosen = settings or load()
        where = str(location or chosen.store)
        if not create and not is_server(where) and not Path(where).exists():
            raise NotFound(
                "there is no store here",
                where=where,
                next_step="Make one with `provstore import PATH` or `provstore demo`, or name one with --store.",
            )
        with ExitStack() as undo:
            ledger = open_ledger(where, create=create, settings=chosen)
            if isinstance(ledger, Removable):
                undo.callback(ledger.remove_if_unused)
            undo.enter_context(ledger)
            engine = undo.enter_context(open_engine(graph_location(ledger, chosen), chosen))
            store = cls(ledger, engine, where, chosen)
            undo.pop_all()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the ledger and the graph."""
        with self.ledger, self.engine:
            pass

    def stop_reading_at(self, deadline: float | None) -> None:
        """From `deadline` on (time.monotonic) questions end with BackendUnavailable; None: never."""
        for part in (self.ledger, self.engine):
            if isinstance(part, Interruptible):
                part.stop_reading_at(deadline)

    # Taking in

    def append(self, submissions: Sequence[Submission]) -> list[Receipt]:
        """Stores documents and projects them; returns when they are durable (rules 7 to 14).

        Raises: BadInput, Conflict: nothing of this list is stored.
        """
        return self._append(submissions)[0]

    def deliver(self, submissions: Sequence[Submission]) -> tuple[list[Receipt], bool]:
        """As `append`, and whether the graph has them too: it follows later when its server is away."""
        return self._append(submissions)

    def ingest(
        self, path: str | Path, *, format_name: str | None = None, validate: str | None = None
    ) -> receipt.IntakeReceipt:
        """Takes in one PROV document; `-` is standard input.

        Args: validate: together with what is stored: `off`, `warn` (findings are kept) or `refuse`; None: as set, else
        off.
        Raises: BadInput: nothing of it is stored. InvalidInput (a BadInput): it is refused.
        """
        validating = self._validating(validate, default="off")
        given = ingest_file(
            str(path),
            validating.append if validating else self._append,
            format_name=format_name,
            space=self.settings.space,
            actor=self.settings.who(),
            whole=validating is not None,
        )
        if validating:
            if validating.refused:
                raise validating.refused[0]
            validating.tell(given)
        return given

    def import_records(
        self,
        path: str | Path,
        *,
        kind: str | None = None,
        scope: str = "",
        mapping: str = "",
        dry_run: bool = False,
        validate: str | None = None,
        progress: Progress | None = None,
    ) -> receipt.IntakeReceipt:
        """Takes in the records of another tracker; only what is new is added.

        Args: path: a file, a directory or the URL of a live server. kind: the importer (found out when None).
        scope: rule 31. mapping: the layout of a foreign graph, by name or as a file (`neo4j`). dry_run: read, map and
        count, store and validate nothing. validate: as for `ingest`, but each document for itself; None: as set, else
        warn.
        progress: called with (done, total or None).
        Raises: BadInput: the path as a whole cannot be read. Conflict: records of another store of the same tracker.
        """
        request = Request(
            path=str(path),
            scope=scope,
            mapping=mapping,
            space=self.settings.space,
            actor=self.settings.who(),
            read_at=times.now(),
            progress=progress or (lambda done, total: None),
        )
        validating = self._validating(validate, default="warn")
        append = Rehearsing(self.ledger).append if dry_run else validating.append if validating else self._append
        # What is refused depends on what is stored, not on what was imported before.
        memory = None if validating and validating.strictness == "refuse" else self._memory
        given = import_path(
            str(path), append, kind=kind, request=request, guard=self._guard, memory=memory, dry_run=dry_run
        )
        if self._brought and not dry_run:
            given.tell_gone(self._brought.gone(request, given))
        if validating:
            validating.tell(given)
        return given

    def retract(self, document: str, *, reason: str, actor: str | None = None) -> dict[str, Any]:
        """Takes a live document back, and what validation found of it.

        Args: reason: some text. actor: who does; None: as set.
        Raises: UsageError: no reason. NotFound. Conflict: it is not live.
        """
        return self._withdraw(Retraction, document, reason, actor)

    def erase(self, document: str, *, reason: str, actor: str | None = None) -> dict[str, Any]:
        """Erases a document's content (rule 13), and that of what validation found about it.

        Args: reason: some text. actor: who does; None: as set.
        Raises: UsageError: no reason. NotFound. Conflict: it is erased already.
        """
        return self._withdraw(Erasure, document, reason, actor)

    # Validating what is stored

    def validate(
        self,
        *,
        spaces: Spaces = None,
        documents: Collection[str] = (),
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Iterator[StoredVerdict]:
        """The verdict of PROV-CONSTRAINTS on what is live in each space, with who asserts what.

        Args: spaces: None: all that hold something. documents: only what these assert together, by their IRIs.
        progress: called with what is being done, and how many statements are done, of how many.
        Raises: NotFound: no such document, or it is erased.
        """
        from provstore.store.validating_stored import validate_stored
        from provstore.validation import silent

        if spaces is None and not documents and all(one.derived for one in self.ledger.live_spans()):
            spaces = [self.settings.space]
        return validate_stored(self.ledger, spaces=spaces, documents=documents, progress=progress or silent)

    def findings(self, *, spaces: Spaces = None) -> Table:
        """What validation found when documents were taken in, as it is kept (rule 16)."""
        return kept_findings(self.ledger, spaces=spaces)

    # Segments under a name

    def save_segment(self, name: str, segment: Segment) -> dict[str, Any]:
        """Keeps a segment under a name, in the space of the settings; what was kept under it before is taken back.

        Raises: UsageError: an empty name. Conflict: somebody else took it back meanwhile.
        """
        from provstore.store.segments import last_recorded, segment_document, segment_iri

        space, who = self.settings.space, self.settings.who()
        iri = segment_iri(space, name)
        as_of = last_recorded(self.ledger) if segment.as_of is None else segment.as_of
        document = segment_document(name, segment, space=space, as_of=as_of, who=who, at=times.now())
        before = [Retraction(one.document, f"saved again as {name}", who) for one in self.ledger.live(iri, space)]
        receipts, projected = self._append([*before, document])
        return {
            "name": name, "segment": iri, "document": receipts[-1].document, "sequence": receipts[-1].sequence,
            "as_of": as_of, "members": len(segment.why), "replaced": [one.document for one in before],
            "projected": projected,
        }  # fmt: skip

    def saved_segment(self, name: str, *, as_of: AsOf = None, spaces: Spaces = None) -> Segment:
        """The segment that was saved under a name, in the space of the settings.

        Args: as_of: None: as it was saved; `now`: its criteria asked of the present; else as of that entry or time.
        Raises: NotFound: nothing is saved under this name. Otherwise as `segment`.
        """
        from provstore.store.segments import made_again, saved

        return made_again(self, saved(self.ledger, self.settings.space, name), as_of=as_of, spaces=spaces)

    # Giving out

    def documents(self, *, live: bool = False, unit: str | None = None, spaces: Spaces = None) -> Table:
        """What was taken in: sequence, time, who, from where, live or not."""
        return exporting.documents(self.ledger, live=live, unit=unit, spaces=spaces)

    def export(
        self,
        format_name: str,
        target: str | Path | BinaryIO,
        name: str | None = None,
        *,
        upstream: bool = False,
        downstream: bool = False,
        segment: str | None = None,
        as_of: AsOf = None,
        derived: bool = False,
        with_blobs: bool = False,
        spaces: Spaces = None,
    ) -> list[Loss]:
        """Writes everything, one document as it came in (its IRI), an element, its lineage, or a segment; returns the
        losses.

        Args: target: a file or a binary stream. name: None: everything. upstream, downstream: the lineage of `name`.
        segment: the one that is saved under this name, as it was saved, instead. derived: also what provstore itself
        stated. with_blobs: metric chunks beside the file. spaces: only what is said in these (None: all); where a
        lineage leads to something hidden is told as a loss.
        Raises: NotFound, Ambiguous, UsageError.
        """

        if segment is not None:
            if name or upstream or downstream or as_of is not None:
                raise UsageError("a segment is exported alone and as it was saved", where=segment)
            found = self.saved_segment(segment, spaces=spaces)
            return exporting.export(
                self.ledger, format_name, target, iris=found.iris(), relations={edge.sid for edge in found.edges},
                as_of=found.as_of, derived=derived, with_blobs=with_blobs, spaces=spaces,
            )  # fmt: skip
        document = name if exporting.is_document(name) else None
        part = exporting.part_of(self, name, upstream=upstream, downstream=downstream, as_of=as_of, spaces=spaces)
        return exporting.export(
            self.ledger, format_name, target, document=document, iris=part.iris, edges=part.edges,
            as_of=self.sequence(as_of), derived=derived, with_blobs=with_blobs, spaces=spaces,
        )  # fmt: skip

    # Keeping and proving

    def graph(self, action: str) -> dict[str, Any]:
        """The projection: `status`, `rebuild`, `catch-up` or `repair`; returns the status afterwards."""
        if action == "rebuild":
            projector.rebuild(self.ledger, self.engine)
        elif action == "catch-up":
            projector.catch_up(self.ledger, self.engine)
        done = {"repaired": projector.repair(self.ledger, self.engine)} if action == "repair" else {}
        return current.status(self.ledger, self.engine) | done

    def check(self) -> dict[str, Any]:
        """Everything that can be verified, as the answer of `check`; the graph catches up first."""
        # What keeps the graph from catching up is a finding of the check itself.
        with suppress(ProvstoreError):
            projector.catch_up(self.ledger, self.engine)
        return proving.check(self.ledger, self.engine)

    def verify(self, *, root: str | None = None, size: int | None = None) -> dict[str, Any]:
        """The head, recomputed from every leaf; with `root` and `size` (of a head that you trust), whether the
        ledger was only appended to since."""
        return proving.verify(self.ledger, root=root, size=size)

    def prove(self, sid: str, *, since: int | None = None, spaces: Spaces = None) -> dict[str, Any]:
        """Inclusion proofs of the statement, and with `since` (a tree size) a consistency proof.

        Args: spaces: only where it is said in these (None: all). Raises: NotFound.
        """
        return proving.prove(self.ledger, sid, since=since, spaces=spaces)

    def backup(self, target: str | Path) -> dict[str, Any]:
        """Writes a consistent copy to the file `target` while the store is in use. Raises: Conflict: it exists."""
        return copying.backup(self.ledger, target)

    def _require_same_graph(self) -> None:
        """Raises: Conflict: the graph is of another ledger, or of another history of this one."""
        if not self._is_same_graph:
            with suppress(BackendUnavailable):
                current.require_same(self.ledger, self.engine)
                self._is_same_graph = True

    def _append(self, submissions: Sequence[Submission]) -> tuple[list[Receipt], bool]:
        self._require_same_graph()
        follower = Following(self._in_file) if self._in_file else None
        receipts = self.ledger.append(submissions, follower)
        if follower is not None and follower.done:
            return receipts, True
        if not self._is_same_graph:
            return receipts, False
        try:
            projector.catch_up(self.ledger, self.engine)
        except (BackendUnavailable, Conflict):
            # The ledger has it; the graph catches up when it is back (docs/explanation/which-engine.md). That it was
            # replaced in the meantime, whoever asks next is told.
            return receipts, False
        if any(isinstance(one, Erasure) for one in submissions):
            forget(self.ledger, self.engine)
        return receipts, True

    def _withdraw(
        self, how: type[Retraction | Erasure], document: str, reason: str, actor: str | None
    ) -> dict[str, Any]:
        if not reason.strip():
            raise UsageError("the reason is empty, and it is all that will be known of why", where="reason")
        found = [entry.document for entry in self.ledger.live(unit_of(document))]
        submissions = [how(one, reason, actor or self.settings.who()) for one in (document, *found)]
        (done, *_), projected = self._append(submissions)
        answer = {"outcome": done.outcome, "document": done.document, "sequence": done.sequence, "projected": projected}
        remains = how is Erasure and not forget(self.ledger, self.engine)
        return answer | ({"warnings": [REMAINS]} if remains else {})

    def _validating(self, given: str | None, *, default: Strictness) -> Validating | None:
        """What validates before it appends; None: nothing is validated. Raises: UsageError: no such strictness."""
        chosen = strictness(given or self.settings.validate or default)
        if chosen == "off":
            return None
        from provstore.store.validating_new import Validating

        return Validating(self.ledger, self._append, chosen)

    def _guard(self, importer: Importer, document: Document) -> None:
        """Refuses a unit whose immutable facts differ from the stored ones (rule 31)."""
        if not importer.immutable:
            return
        for entry in self.ledger.live(document.header.unit, document.header.space):
            stored = self.ledger.document(entry.document).assertions
            refuse_other_store(document, stored, importer.immutable)
