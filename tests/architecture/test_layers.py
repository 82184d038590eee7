"""The import contracts of pyproject.toml hold, and nothing dangerous is imported anywhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.figures import PACKAGE, ROOT, modules, tree

FORBIDDEN = {"pickle", "shelve", "marshal_load", "joblib", "torch", "dill", "cloudpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "unsafe_load", "full_load"}


def test_the_import_contracts_hold():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_that_can_run_foreign_code_is_used(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in FORBIDDEN
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            # `re.compile` and methods called `eval` are ours or harmless; the builtins are not.
            assert not (isinstance(node.func, ast.Name) and name in FORBIDDEN_CALLS)
            assert name not in {"unsafe_load", "full_load"}
