"""Proofs from the stored tree (RFC 9162), and their verification by someone who only has a root.

Source: rule 13; docs/howto/verify-the-ledger.md.
"""

from __future__ import annotations

from hashlib import sha256

from provstore.errors import NotFound
from provstore.ledger import merkle
from provstore.ledger.contract import Proof
from provstore.ledger.leaves import assertion_text, entry_text, leaf_data
from provstore.ledger.preparing import sid_keys
from provstore.ledger.reading import Reading
from provstore.ledger.tiles import subtrees


def prove(
    reading: Reading, *, sid: str | None, sequence: int | None, size: int | None, since: int | None
) -> list[Proof]:
    """As `Ledger.proof`."""
    whole = reading.head().tree_size
    size = whole if size is None else size
    if not 0 <= size <= whole:
        raise NotFound(f"the tree has {whole} leaves, not {size}")
    if since is not None:
        return [_consistency(reading, since, size)]
    leaves = _assertions(reading, sid) if sid is not None else _own_leaf(reading, sequence or 0)
    proofs = [_inclusion(reading, index, size, salt, text) for index, salt, text in leaves if index < size]
    if not proofs:
        raise NotFound("nothing of that name is in the tree", where=sid or f"entry {sequence}")
    return proofs


def proves_inclusion(proof: Proof, *, index: int, size: int, root: bytes) -> bool:
    """True when the proof shows its opening at leaf `index` of the tree of `size` with that root.

    (1) the opening hashes to the leaf data, (2) the leaf is in the tree (RFC 9162, 2.1.3.2). Index, size and root are
    the caller's own, from a head that they trust.
    """
    if proof.kind != "inclusion" or proof.leaf_data is None or proof.opening is None:
        return False
    data = leaf_data(bytes.fromhex(proof.opening["salt"]), proof.opening["text"])  # (1)
    leaf = merkle.leaf_hash(data)
    return data == proof.leaf_data and merkle.verify_inclusion(leaf, index, size, proof.path, root)  # (2)


def _consistency(reading: Reading, since: int, size: int) -> Proof:
    if not 0 <= since <= size:
        raise NotFound(f"the tree of {size} leaves never had {since}")
    subtree = subtrees(reading.tile)
    path = merkle.consistency_path(since, size, subtree) if since else ()
    return Proof("consistency", since, size, merkle.root(size, subtree), path)


def _inclusion(reading: Reading, index: int, size: int, salt: bytes, text: str) -> Proof:
    subtree = subtrees(reading.tile)
    return Proof(
        "inclusion", index, size, merkle.root(size, subtree), merkle.inclusion_path(index, size, subtree),
        leaf_data(salt, text), {"salt": salt.hex(), "text": text},
    )  # fmt: skip


def _own_leaf(reading: Reading, sequence: int) -> list[tuple[int, bytes, str]]:
    entry = reading.entry(sequence)
    return [] if entry.salt is None else [(entry.first_leaf, entry.salt, entry_text(entry))]


def _assertions(reading: Reading, sid: str) -> list[tuple[int, bytes, str]]:
    """(leaf, salt, text) of every assertion of the statement that is not erased."""
    try:
        key = sid_keys(bytes.fromhex(sid))[0]
    except (ValueError, IndexError):
        return []
    leaves = []
    for _, number, record in reading.rows("known_statements", {"keys": f"[{key}]"}):
        if sha256(record.encode()).hexdigest() == sid:
            for leaf, document, bundle in reading.rows("assertions_of_statement", {"statement": number}):
                row = reading.rows("document_row", (document,))[0]
                text = assertion_text(record, reading.document_iri(document), leaf - row[10], bundle)
                leaves.append((leaf, row[8], text))
    return leaves
