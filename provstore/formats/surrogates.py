"""Writing texts as UTF-8: a lone surrogate, which has no place there, comes out as an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from provstore.errors import BadInput

LONE_SURROGATE: Final = "a text holds a lone surrogate, which is no Unicode character"


@contextmanager
def refusing_lone_surrogates() -> Iterator[None]:
    """Around whatever encodes texts. Raises: BadInput: a text holds a lone surrogate (rule 1)."""
    try:
        yield
    except UnicodeEncodeError:
        raise BadInput(LONE_SURROGATE) from None
