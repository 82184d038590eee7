"""Foreign trees: nothing outside is read, nothing special is opened."""

import hashlib
import os

import pytest

from provstore.errors import BadInput
from provstore.importers.contract import Findings
from provstore.importers.paths import Tree


@pytest.fixture
def tree(tmp_path):
    """A tree with files, and links and a FIFO that lead elsewhere."""
    root = tmp_path / "root"
    (root / "b" / "deep").mkdir(parents=True)
    (root / "a.txt").write_bytes(b"first")
    (root / "b" / "deep" / "c.txt").write_bytes(b"second")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"secret")
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "inside.txt").symlink_to(root / "a.txt")
    (root / "linked").symlink_to(outside)
    os.mkfifo(root / "pipe")
    return root


def test_files_are_listed_in_sorted_order_with_their_sizes(tree):
    assert list(Tree(tree).files()) == [("a.txt", 5), ("b/deep/c.txt", 6)]


def test_links_and_special_files_are_counted(tree):
    findings = Findings()
    list(Tree(tree, findings).files())
    assert {what: seen.count for what, seen in findings.unmapped.items()} == {"link not followed": 3, "special file": 1}


@pytest.mark.parametrize("relative", ["link.txt", "inside.txt", "linked/secret.txt"])
def test_no_link_is_followed(tree, relative):
    with pytest.raises(BadInput, match="link is not followed"):
        Tree(tree).read(relative)


@pytest.mark.parametrize("relative", ["../outside/secret.txt", "b/../../outside/secret.txt", "/etc/hostname", "a\0"])
def test_no_path_leads_out(tree, relative):
    with pytest.raises(BadInput, match="leads out"):
        Tree(tree).read(relative)


@pytest.mark.parametrize("relative", ["pipe", "b", "none", "none/a", "a.txt/b", "", "."])
def test_what_is_no_regular_file_is_refused(tree, relative):
    with pytest.raises(BadInput):
        Tree(tree).open(relative).close()
    assert not Tree(tree).has(relative)


def test_a_directory_swapped_for_a_link_after_listing_is_not_followed(tree):
    walk = Tree(tree).files()
    assert next(walk).path == "a.txt"
    (tree / "b").rename(tree / "z")
    (tree / "b").symlink_to(tree.parent / "outside")
    with pytest.raises(BadInput, match="link is not followed"):
        list(walk)


def test_the_root_itself_may_be_a_link(tree, tmp_path):
    (tmp_path / "named").symlink_to(tree)
    assert Tree(tmp_path / "named").read("a.txt") == b"first"


def test_a_digest_is_that_of_the_bytes(tree):
    assert Tree(tree).digest("a.txt") == (hashlib.sha256(b"first").hexdigest(), 5)


def test_a_file_at_the_cap_is_read_and_a_larger_one_is_refused(tree):
    assert Tree(tree).read("a.txt", max_bytes=5) == b"first"
    with pytest.raises(BadInput, match="larger than 4 bytes"):
        Tree(tree).read("a.txt", max_bytes=4)


def test_a_tree_deeper_than_64_is_refused(tmp_path):
    tmp_path.joinpath(*["d"] * 66).mkdir(parents=True)
    with pytest.raises(BadInput, match="deeper than 64"):
        list(Tree(tmp_path).files())


def test_a_listing_tells_directories_from_files(tree):
    assert Tree(tree).listing() == (["b"], ["a.txt"])
    with pytest.raises(BadInput):
        Tree(tree).listing("a.txt")


@pytest.mark.parametrize("root", ["none", "\0", "a file"])
def test_a_root_that_is_no_directory_is_refused(tmp_path, root):
    (tmp_path / "a file").write_bytes(b"")
    with pytest.raises(BadInput):
        Tree(tmp_path / root).listing()
