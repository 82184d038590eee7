"""Whether the store can be believed: `check`, `verify`, `prove`, and a proof file checked without any store.

Source: rule 13; docs/howto/verify-the-ledger.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from provstore.errors import BadInput, NotFound, UsageError
from provstore.graph import checking as graph_checking
from provstore.graph.contract import Engine
from provstore.ledger import checking, merkle
from provstore.ledger.contract import Proof
from provstore.ledger.database_ledger import DatabaseLedger
from provstore.ledger.proving import proves_inclusion
from provstore.model.statement import sid as statement_sid
from provstore.model.statement import statement


def check(ledger: DatabaseLedger, engine: Engine) -> dict[str, Any]:
    """The answer of `check`, over the ledger (hashes, tree, intervals) and the graph (equals replay)."""
    report = checking.check(ledger)
    findings, compared = graph_checking.check(ledger, engine)
    every = [{"what": one.what, "where": one.where, "severity": "error"} for one in report.findings]
    every += [{"what": one.what, "where": one.where, "severity": one.severity} for one in findings]
    return {"ok": not every, "findings": every, "checked": dict(report.checked) | compared}


def verify(ledger: DatabaseLedger, *, root: str | None, size: int | None) -> dict[str, Any]:
    """The head recomputed; with `root` (hexadecimal) and `size`, also whether that earlier tree is its beginning.

    Raises: UsageError: only one of both is given.
    """
    if (root is None) != (size is None):
        raise UsageError("an earlier head is a root and a size", next_step="Give both --root and --size.")
    head, report = ledger.head(), checking.check(ledger)
    answer: dict[str, Any] = {
        "ok": not report.findings,
        "ledger_id": head.ledger_id,
        "sequence": head.sequence,
        "time": head.time,
        "tree_size": head.tree_size,
        "root": head.root.hex(),
        "findings": [f"{one.where}: {one.what}" for one in report.findings],
    }
    if root is not None and size is not None:
        answer["appended_only"] = size <= head.tree_size and _is_beginning(ledger, _trusted(root), size)
        answer["ok"] = answer["ok"] and answer["appended_only"]
    return answer


def prove(
    ledger: DatabaseLedger, sid: str, *, since: int | None, spaces: Collection[str] | None = None
) -> dict[str, Any]:
    """Proofs for every assertion of `sid`, with the head that they lead to.

    Args: spaces: only of assertions in these (None: all). Raises: NotFound.
    """
    head = ledger.head()
    proofs = ledger.proof(sid=sid, size=head.tree_size)
    if spaces is not None:
        proofs = [one for one in proofs if _space_of(ledger, one) in spaces]
        if not proofs:
            raise NotFound("nothing of that name is in the tree", where=sid)
    if since is not None:
        proofs += ledger.proof(since=since, size=head.tree_size)
    return {
        "sid": sid,
        "ledger_id": head.ledger_id,
        "tree_size": head.tree_size,
        "root": head.root.hex(),
        "proofs": [_proof_json(one) for one in proofs],
    }


def verify_proof_file(path: str, *, root: str | None, size: int | None) -> dict[str, Any]:
    """Checks a file that `prove` wrote, offline; `root` and `size` are those that the caller trusts.

    (1) size and root come from the caller, never from the proof, (2) every inclusion proof is of that size and leads
    from its opening to that root, (3) the opening states the statement that the file claims.
    Raises: UsageError: no root or size. BadInput: the file is no proof.
    """
    if root is None or size is None:
        raise UsageError(
            "a proof can only be checked against a head that you trust", next_step="Give its --root and --size."
        )
    trusted = _trusted(root)  # (1)
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        proofs = [_proof(one) for one in content["proofs"] if one["kind"] == "inclusion"]
        # RFC 9162, section 2.1.3.2: some paths lead to one root for several sizes, so the sizes must be equal.
        held = [
            one.size == size and proves_inclusion(one, index=one.index, size=size, root=trusted) for one in proofs
        ]  # (2)
        sid = content["sid"]
        stated = [_states(one, sid) for one in proofs]  # (3)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            f"this is no proof: {error}", where=path, next_step="Make one with `provstore prove`."
        ) from error
    return {
        "ok": bool(held) and all(held) and all(stated),
        "sid": sid,
        "proofs": len(held),
        "held": sum(held),
    }


def _space_of(ledger: DatabaseLedger, proof: Proof) -> str | None:
    """The space of the document whose assertion is proved."""
    document = json.loads(proof.opening["text"])[1] if proof.opening else ""
    header = ledger.document(document).entry.header
    return header.space if header else None


def _trusted(root: str) -> bytes:
    try:
        return bytes.fromhex(root)
    except ValueError:
        raise UsageError(f"a root is 64 hexadecimal digits, not {root!r}") from None


def _states(proof: Proof, sid: str) -> bool:
    """True when the proof's opening holds the canonical record whose SHA-256 is `sid`."""
    if proof.opening is None:
        return False
    kind, identifier, attributes = json.loads(proof.opening["text"])[0]
    return statement_sid(statement(kind, identifier, map(tuple, attributes))) == sid


def _is_beginning(ledger: DatabaseLedger, root: bytes, size: int) -> bool:
    head = ledger.head()
    (proof,) = ledger.proof(since=size, size=head.tree_size)
    return merkle.verify_consistency(size, head.tree_size, root, head.root, proof.path)


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "kind": proof.kind,
        "index": proof.index,
        "size": proof.size,
        "root": proof.root.hex(),
        "path": [one.hex() for one in proof.path],
        "leaf_data": proof.leaf_data.hex() if proof.leaf_data else None,
        "opening": proof.opening,
    }


def _proof(written: dict[str, Any]) -> Proof:
    return Proof(
        written["kind"],
        int(written["index"]),
        int(written["size"]),
        bytes.fromhex(written["root"]),
        tuple(bytes.fromhex(one) for one in written["path"]),
        bytes.fromhex(written["leaf_data"]),
        written["opening"],
    )
