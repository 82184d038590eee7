"""Every package says what comes in and what goes out; every public name says what it does."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.figures import PACKAGE, modules, public_definitions, strings, tree

PACKAGES = sorted(path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.parent.name)
def test_a_package_docstring_says_what_comes_in_and_what_goes_out(path):
    text = (ast.get_docstring(tree(path)) or "").lower()
    assert "come" in text
    assert "go out" in text or "goes out" in text


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_public_names_have_docstrings(path):
    missing = [node.name for node in public_definitions(path) if not ast.get_docstring(node)]
    assert ast.get_docstring(tree(path))
    assert missing == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_text_names_a_page_by_its_file_which_a_wheel_does_not_carry(path):
    pages = re.compile(r"\bdocs/(?:decisions|explanation|howto|reference|tutorial)/")
    assert [line for line, text in strings(path) if pages.search(text)] == []
