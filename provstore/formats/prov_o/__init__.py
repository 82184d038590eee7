"""PROV-O in Turtle and TriG: bytes come in, namespaces and assertions go out, and back.

`encoding` and `decoding` map statements to triples and back, by the table in `terms`; `parsing` and `turtle` are the
texts.
"""

from __future__ import annotations

from provstore.formats.prov_o.format import TRIG, TURTLE

__all__ = ["TRIG", "TURTLE"]
