"""The tiled tree is the tree of RFC 9162, however its leaves arrive and however often it is opened again."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from provstore.ledger import merkle
from provstore.ledger.tiles import TILE_BYTES, Tree, filled, subtrees, tile_id


def hashes(count, start=0):
    return [sha256(str(number).encode()).digest() for number in range(start, start + count)]


def naive_root(leaves):
    """The root over leaf hashes, level by level: an odd last one is carried up."""
    row = list(leaves)
    while len(row) > 1:
        paired = [merkle.node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = paired + ([row[-1]] if len(row) % 2 else [])
    return row[0] if row else merkle.EMPTY_ROOT


class Store(dict):
    def read(self, number):
        return self.get(number, b"")

    def keep(self, tree):
        self.update(tree.changed())


@pytest.mark.parametrize("steps", [[1] * 600, [255, 1, 1, 256, 700], [256, 256, 512], [300] * 6, [65_536, 3, 70_000]])
def test_the_root_is_the_same_whatever_the_steps(steps):
    store, tree, leaves = Store(), Tree(0, lambda number: b""), []
    for step in steps:
        more = hashes(step, len(leaves))
        leaves += more
        tree.extend(b"".join(more))
        store.keep(tree)
        if len(steps) < 10 or len(leaves) % 50 in (0, 1, 5, 6):
            assert tree.root() == naive_root(leaves)
            assert Tree(len(leaves), store.read).root() == naive_root(leaves)
            assert merkle.root(len(leaves), subtrees(store.read)) == naive_root(leaves)
        if random.random() < 0.5:
            tree = Tree(len(leaves), store.read)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 300])
@pytest.mark.parametrize("moved", [0, 1, 256], ids=lambda moved: f"moved by {moved}")
@pytest.mark.parametrize("count", [0, 10, 255, 256, 1_000])
def test_tiles_that_are_worked_out_beforehand_make_the_same_tree(size, moved, count):
    store, tree, before, more = Store(), Tree(0, lambda number: b""), hashes(size), b"".join(hashes(count, size))
    tree.extend(b"".join(before))
    tree.extend(more, filled(size + moved, more))
    store.keep(tree)
    leaves = hashes(size + count)
    assert tree.root() == naive_root(leaves)
    assert merkle.root(len(leaves), subtrees(store.read)) == naive_root(leaves)


def test_earlier_roots_and_proofs_come_from_the_same_tiles():
    store, tree = Store(), Tree(0, lambda number: b"")
    leaves = hashes(1_500)
    tree.extend(b"".join(leaves))
    store.keep(tree)
    subtree = subtrees(store.read)
    for size in (1, 255, 256, 257, 512, 513, 1_024, 1_499, 1_500):
        root = naive_root(leaves[:size])
        assert merkle.root(size, subtree) == root
        for index in {0, size // 2, size - 1}:
            path = merkle.inclusion_path(index, size, subtree)
            assert merkle.verify_inclusion(leaves[index], index, size, path, root)
        path = merkle.consistency_path(size, 1_500, subtree)
        assert merkle.verify_consistency(size, 1_500, root, tree.root(), path)


def test_a_tile_holds_256_hashes_and_the_level_above_their_roots():
    tree = Tree(0, lambda number: b"")
    leaves = hashes(513)
    tree.extend(b"".join(leaves))
    tiles = dict(tree.changed())
    assert set(tiles) == {tile_id(0, 0), tile_id(0, 1), tile_id(0, 2), tile_id(1, 0)}
    assert len(tiles[tile_id(0, 0)]) == TILE_BYTES
    assert tiles[tile_id(1, 0)] == naive_root(leaves[:256]) + naive_root(leaves[256:512])


def test_an_append_touches_few_tiles():
    store, tree = Store(), Tree(0, lambda number: b"")
    tree.extend(b"".join(hashes(100_000)))
    store.keep(tree)
    tree.extend(b"".join(hashes(20)))
    assert len(list(tree.changed())) <= 4


def test_a_missing_tile_is_told():
    with pytest.raises(LookupError, match="tile 0 of level 0 is incomplete"):
        merkle.root(2, subtrees(lambda number: b""))
