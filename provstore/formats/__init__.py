"""PROV formats: bytes come in, namespaces and assertions go out, and back again.

PROV-JSON, PROV-N, PROV-XML and PROV-JSONLD are read and written streaming, PROV-O in Turtle and TriG in memory.
"""
