"""Tables in a page of documentation, between `<!-- NAME -->` and `<!-- /NAME -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def with_tables(page: str, tables: Mapping[str, Iterable[str]]) -> str:
    """The page with each named table's rows as given."""
    for name, rows in tables.items():
        table = "\n".join(rows)
        page = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->", f"<!-- {name} -->\n{table}\n<!-- /{name} -->", page, flags=re.S
        )
    return page
