"""PROV-N: a byte stream comes in, namespaces and assertions go out, and back; in memory that does not grow.

`lexer` cuts the text into tokens, `outline` finds declarations and bundles, `records` builds the statements, `writer`
writes; `text` is the notation of one statement.
"""

from __future__ import annotations

from provstore.formats.prov_n.format import PROV_N

__all__ = ["PROV_N"]
