"""PROV-JSON: a byte stream comes in, namespaces and assertions go out, and back; in memory that does not grow.

`survey` looks the file over once, `reader` reads it, `records` builds the statements; `writer` writes.
"""

from __future__ import annotations

from provstore.formats.prov_json.format import PROV_JSON

__all__ = ["PROV_JSON"]
