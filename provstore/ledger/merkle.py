"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, inclusion and consistency proofs, and their verifiers.

Pure. A `Subtree` gives the root of a complete subtree: of the leaves `index * 2**level` up to `(index + 1) * 2**level`.
The verifiers take the index and both sizes from their caller, never from a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 9162, 2.1.1: the hash of an empty list

Subtree = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf with that data: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: bytes | bytearray) -> bytes:
    """The root over 2**n hashes of 32 bytes each, given as one piece."""
    row = bytes(hashes)
    while len(row) > HASH_BYTES:
        pairs = range(0, len(row), 2 * HASH_BYTES)
        row = b"".join([sha256(b"\x01" + row[at : at + 2 * HASH_BYTES]).digest() for at in pairs])
    return row


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the tree's first `size` leaves (RFC 9162, 2.1.1: MTH)."""
    return _range_root(0, size, subtree) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root of `size` leaves, nearest first (RFC 9162, 2.1.3.1).

    Raises: ValueError: the leaf is not in that tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_root(middle, end, subtree))
            end = middle
        else:
            path.append(_range_root(start, middle, subtree))
            start = middle
    return tuple(reversed(path))


def consistency_path(first: int, second: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The proof that the tree of `second` leaves begins with the tree of `first` (RFC 9162, 2.1.4.1).

    Raises: ValueError: not 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no consistency from {first} to {second}")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range_root(middle, end, subtree))
            end = middle
        else:
            path.append(_range_root(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        path.append(_range_root(start, end, subtree))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when `path` proves the leaf hash `leaf` at `index` in the tree of `size` with that root.

    Source: RFC 9162, 2.1.3.2, whose step numbers these are.
    """
    if not 0 <= index < size or any(len(step) != HASH_BYTES for step in path):  # 1
        return False
    fn, sn, r = index, size - 1, leaf  # 2, 3
    for p in path:  # 4
        if sn == 0:  # 4a
            return False
        if fn & 1 or fn == sn:  # 4b
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1  # 4c
    return sn == 0 and r == root  # 5: every bit of the size is consumed


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """True when `path` proves that the tree of `second` leaves begins with the tree of `first`.

    Source: RFC 9162, 2.1.4.2, whose step numbers these are. Every tree begins with the empty one.
    """
    if not 0 <= first <= second or any(len(step) != HASH_BYTES for step in path):
        return False
    if first in (0, second):
        return not path and first_root == (second_root if first else EMPTY_ROOT)
    steps = list(path)
    if not steps:  # 1
        return False
    if first & (first - 1) == 0:  # 2
        steps.insert(0, first_root)
    fn, sn = first - 1, second - 1  # 3
    while fn & 1:  # 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = steps[0]  # 5
    for c in steps[1:]:  # 6
        if sn == 0:  # 6a
            return False
        if fn & 1 or fn == sn:  # 6b
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1  # 6c
    return sn == 0 and fr == first_root and sr == second_root  # 7


def _split(count: int) -> int:
    """The greatest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(start: int, end: int, subtree: Subtree) -> bytes:
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_root(start, middle, subtree), _range_root(middle, end, subtree))
