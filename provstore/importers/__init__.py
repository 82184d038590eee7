"""Importers: another tracker's records come in, documents go out, with what was not mapped counted.

One tracker, one module, one line in `registry`. Source: rules 7, 17, 31 and 32.
"""
