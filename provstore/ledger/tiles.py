"""The tree kept as tiles of 256 hashes, so that appending and proving touch only a few of them.

A tile of level 0 holds leaf hashes; a hash of level n + 1 is the root of a full tile of level n. Tiles only grow:
what a smaller tree needs is always the beginning of what is stored. Source: C2SP tlog-tiles; RFC 9162.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple

from provstore.ledger.merkle import EMPTY_ROOT, HASH_BYTES, Subtree, complete_root, node_hash

WIDTH_BITS = 8
WIDTH = 1 << WIDTH_BITS
TILE_BYTES = WIDTH * HASH_BYTES
_LEVEL_BITS = 40

# Reads a tile by its id; what does not exist is empty.
ReadTile = Callable[[int], bytes]


def tile_id(level: int, number: int) -> int:
    """The stored number of tile `number` of `level`."""
    return level << _LEVEL_BITS | number


def subtrees(read: ReadTile) -> Subtree:
    """The complete subtrees of the stored tree; reads one tile each."""

    def subtree(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, WIDTH_BITS)
        first = index << height
        hashes = read(tile_id(tile_level, first >> WIDTH_BITS))
        offset = (first & (WIDTH - 1)) * HASH_BYTES
        part = hashes[offset : offset + (HASH_BYTES << height)]
        if len(part) != HASH_BYTES << height:
            raise LookupError(f"the tree's tile {first >> WIDTH_BITS} of level {tile_level} is incomplete")
        return complete_root(part)

    return subtree


class Filled(NamedTuple):
    """The roots of the full tiles, 32 bytes each, among leaves of which the first has place `offset` in its tile."""

    offset: int
    roots: bytes


NOT_KNOWN = Filled(-1, b"")


def filled(first_leaf: int, hashes: bytes) -> Filled:
    """Works them out for the hashes of leaves from `first_leaf` on."""
    begin = -first_leaf % WIDTH * HASH_BYTES
    tiles = range(begin, len(hashes) - TILE_BYTES + 1, TILE_BYTES)
    roots = [complete_root(hashes[at : at + TILE_BYTES]) for at in tiles]
    return Filled(first_leaf % WIDTH, b"".join(roots))


class Tree:
    """The growing end of a tree: takes leaf hashes, gives the root, hands out the tiles that changed.

    Args: size: leaves so far. read: the stored tiles of that tree.
    """

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        # The partial tile of each level, and the roots of complete subtrees that cover the tree, largest first.
        self._edge: list[bytearray] = []
        self._peaks: list[tuple[int, bytes]] = []
        self._full: list[tuple[int, bytes]] = []
        for level in range(-(-size.bit_length() // WIDTH_BITS)):
            filled = (size >> WIDTH_BITS * level) % WIDTH * HASH_BYTES
            number = size >> WIDTH_BITS * (level + 1)
            self._edge.append(bytearray(read(tile_id(level, number))[:filled] if filled else b""))
        for level in reversed(range(len(self._edge))):
            self._peaks += _peaks(level, self._edge[level])

    def extend(self, hashes: bytes | bytearray, known: Filled = NOT_KNOWN) -> None:
        """Appends leaves: their hashes in one piece. Args: known: by them, unless they come to lie elsewhere."""
        at, end = 0, len(hashes)
        roots = _in_turn(known.roots if known.offset == self.size % WIDTH else b"")
        while at < end:
            if self.size % WIDTH == 0 and end - at >= TILE_BYTES:
                tile = bytes(hashes[at : at + TILE_BYTES])
                self._push(WIDTH_BITS, self._finish(0, tile, next(roots, None)))
                self.size, at = self.size + WIDTH, at + TILE_BYTES
            else:
                stop = min(end, at + TILE_BYTES - self.size % WIDTH * HASH_BYTES)
                self._add(bytes(hashes[at:stop]))
                at = stop

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self._peaks:
            return EMPTY_ROOT
        _, found = self._peaks[-1]
        for _, peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def changed(self) -> Iterator[tuple[int, bytes]]:
        """(id, hashes) of every tile that changed since the last call, for storing."""
        yield from self._full
        self._full = []
        for level, edge in enumerate(self._edge):
            if edge:
                yield tile_id(level, self.size >> WIDTH_BITS * (level + 1)), bytes(edge)

    def _add(self, leaves: bytes) -> None:
        """Appends leaves of the tile that is growing."""
        if not self._edge:
            self._edge.append(bytearray())
        edge, peaks, root = self._edge[0], self._peaks, None
        edge += leaves
        for at in range(0, len(leaves), HASH_BYTES):
            level, peak = 0, leaves[at : at + HASH_BYTES]
            while peaks and peaks[-1][0] == level:
                peak = sha256(b"\x01" + peaks.pop()[1] + peak).digest()  # node_hash, once per leaf
                level += 1
                if level == WIDTH_BITS:
                    root = peak
            peaks.append((level, peak))
        if len(edge) == TILE_BYTES:
            tile = bytes(edge)
            edge.clear()
            self._finish(0, tile, root)
        self.size += len(leaves) // HASH_BYTES

    def _finish(self, level: int, tile: bytes, root: bytes | None = None) -> bytes:
        """Takes a full tile, whose number follows from the size before its last leaf; returns its root."""
        number = self.size >> WIDTH_BITS * (level + 1)
        self._full.append((tile_id(level, number), tile))
        while len(self._edge) < level + 2:
            self._edge.append(bytearray())
        edge = self._edge[level + 1]
        root = root or complete_root(tile)
        edge += root
        if len(edge) == TILE_BYTES:
            above = bytes(edge)
            edge.clear()
            self._finish(level + 1, above)
        return root

    def _push(self, level: int, peak: bytes) -> None:
        while self._peaks and self._peaks[-1][0] == level:
            peak = node_hash(self._peaks.pop()[1], peak)
            level += 1
        self._peaks.append((level, peak))


def _in_turn(roots: bytes) -> Iterator[bytes]:
    return (roots[at : at + HASH_BYTES] for at in range(0, len(roots), HASH_BYTES))


def _peaks(level: int, edge: bytearray) -> Iterator[tuple[int, bytes]]:
    """The complete subtrees of a partial tile of `level`, largest first."""
    at = 0
    for height in reversed(range(WIDTH_BITS)):
        size = HASH_BYTES << height
        if len(edge) & size:
            yield level * WIDTH_BITS + height, complete_root(edge[at : at + size])
            at += size
