"""RFC 9162, section 2.1: the published vectors of the Certificate Transparency log, and a naive definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.ledger import merkle

# From the test of the reference implementation of RFC 6962 (google/certificate-transparency, merkle_tree_test).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
H01 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        H01,
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [H01, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}
MANY = [str(number).encode() for number in range(64)]


def naive_root(leaves):
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m, leaves):
    """PATH of RFC 9162, 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m, leaves, whole):
    """SUBPROOF of RFC 9162, 2.1.4.1, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def subtree_of(leaves):
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_the_published_one(size):
    assert merkle.root(size, subtree_of(LEAVES)).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_digest_of_nothing():
    assert merkle.root(0, subtree_of([])) == sha256(b"").digest()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_path_is_the_published_one(index, size):
    path = merkle.inclusion_path(index, size, subtree_of(LEAVES))
    assert [step.hex() for step in path] == INCLUSION[index, size]


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_the_consistency_path_is_the_published_one(first, second):
    path = merkle.consistency_path(first, second, subtree_of(LEAVES))
    assert [step.hex() for step in path] == CONSISTENCY[first, second]


def test_every_inclusion_proof_up_to_64_leaves_is_the_naive_one_and_verifies():
    for size in range(1, 65):
        tree = MANY[:size]
        root = naive_root(tree)
        assert merkle.root(size, subtree_of(tree)) == root
        for index in range(size):
            path = merkle.inclusion_path(index, size, subtree_of(tree))
            assert list(path) == naive_path(index, tree)
            assert merkle.verify_inclusion(merkle.leaf_hash(tree[index]), index, size, path, root)


def test_every_consistency_proof_up_to_64_leaves_is_the_naive_one_and_verifies():
    roots = [naive_root(MANY[:size]) for size in range(65)]
    for second in range(1, 65):
        for first in range(1, second + 1):
            path = merkle.consistency_path(first, second, subtree_of(MANY[:second]))
            assert list(path) == naive_subproof(first, MANY[:second], True)
            assert merkle.verify_consistency(first, second, roots[first], roots[second], path)
        assert merkle.verify_consistency(0, second, roots[0], roots[second], ())


def test_an_inclusion_proof_holds_for_no_other_index_and_no_size_of_another_shape():
    for size in range(1, 33):
        root = naive_root(MANY[:size])
        for index in range(size):
            path = merkle.inclusion_path(index, size, subtree_of(MANY))
            leaf = merkle.leaf_hash(MANY[index])
            for other in range(size):
                assert merkle.verify_inclusion(leaf, other, size, path, root) == (other == index)
            assert not merkle.verify_inclusion(leaf, index, size, (*path, root), root)
            assert not path or not merkle.verify_inclusion(leaf, index, size, path[:-1], root)
            assert not merkle.verify_inclusion(leaf, index + size, size, path, root)


def test_a_size_whose_bits_are_not_consumed_is_refused():
    path = merkle.inclusion_path(0, 2, subtree_of(LEAVES))
    root = naive_root(LEAVES[:2])
    assert not merkle.verify_inclusion(merkle.leaf_hash(LEAVES[0]), 0, 4, path, root)
    assert not merkle.verify_consistency(1, 4, naive_root(LEAVES[:1]), root, path)


@given(st.integers(1, 64), st.data())
def test_a_changed_consistency_proof_is_refused(second, data):
    first = data.draw(st.integers(1, second))
    path = list(merkle.consistency_path(first, second, subtree_of(MANY[:second])))
    roots = [naive_root(MANY[:first]), naive_root(MANY[:second])]
    where = data.draw(st.integers(0, len(path) + 1))
    target, at = (roots, where) if where < 2 else (path, where - 2)
    changed = bytearray(target[at])
    changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    target[at] = bytes(changed)
    assert not merkle.verify_consistency(first, second, roots[0], roots[1], path)


@given(st.integers(1, 64), st.data())
def test_a_consistency_proof_of_another_length_is_refused(second, data):
    first = data.draw(st.integers(1, second))
    path = merkle.consistency_path(first, second, subtree_of(MANY[:second]))
    roots = naive_root(MANY[:first]), naive_root(MANY[:second])
    assert not merkle.verify_consistency(first, second, *roots, (*path, bytes(32)))
    assert not path or not merkle.verify_consistency(first, second, *roots, path[:-1])
    assert not merkle.verify_consistency(second + 1, second, *roots, path)


def test_a_step_that_is_no_hash_is_refused():
    root = naive_root(LEAVES[:2])
    assert not merkle.verify_inclusion(merkle.leaf_hash(LEAVES[0]), 0, 2, (b"short",), root)
    assert not merkle.verify_consistency(1, 2, naive_root(LEAVES[:1]), root, (b"short",))


def test_a_leaf_that_is_not_there_has_no_path():
    with pytest.raises(ValueError, match="leaf 8 is not in a tree of 8"):
        merkle.inclusion_path(8, 8, subtree_of(LEAVES))
    with pytest.raises(ValueError, match="no consistency"):
        merkle.consistency_path(0, 8, subtree_of(LEAVES))
