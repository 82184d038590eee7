"""Names of query templates: `lineage/nodes` comes in, the path of its text below the resources goes out."""

from __future__ import annotations

import re
from typing import Final

from provstore.errors import UsageError

_name: Final = re.compile(r"[a-z_]+(/[a-z_]+)*").fullmatch


def template_path(template: str) -> str:
    """`queries/<template>`, to which each engine adds its ending. Raises: UsageError: it is no name of a template."""
    if not _name(template):
        raise UsageError(f"{template!r} is no name of a query")
    return f"queries/{template}"
