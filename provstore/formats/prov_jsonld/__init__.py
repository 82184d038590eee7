"""PROV-JSONLD: a byte stream comes in, namespaces and assertions go out, and back; record by record.

`context` understands `@context`, `parts` opens the outline, `records` builds the statements, `writer` writes.
"""

from __future__ import annotations

from provstore.formats.prov_jsonld.format import JSON_LD

__all__ = ["JSON_LD"]
