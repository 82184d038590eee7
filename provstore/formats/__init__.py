"""PROV formats: bytes come in, namespaces and assertions go out, and back again.

PROV-JSON and PROV-XML are read and written here, streaming; the other formats go through the `prov` library.
"""
