"""PROV-XML: a byte stream comes in, namespaces and assertions go out, and back; in memory that does not grow.

`parser` drives expat, `records` builds the statements, `reader` reads a file as often as it must; `writer` writes.
"""

from __future__ import annotations

from provstore.formats.prov_xml.format import PROV_XML

__all__ = ["PROV_XML"]
