"""Graph stores written and asked by hand, as somebody would who knows them well: what the engines are compared with.

The rows are those that an engine of ours wrote, read back from the server, so that both write the same. Query texts are
the files beside the modules.
"""

from __future__ import annotations

from pathlib import Path


def text(name: str) -> str:
    """A query text of this folder, without its comments."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("//", "--")))
