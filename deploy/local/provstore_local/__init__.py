"""Starts the servers that provstore can project into, on this machine, for trying out and for tests.

In: the name of a server. Out: a running one, fetched by Maven, with its URL; nothing of it outlives who started it.
Needs Java (17, or 21 for neo4j-2026), Maven, and nothing beyond Python's standard library.
"""

from provstore_local.jars import LocalServerError, missing
from provstore_local.kinds import KINDS
from provstore_local.running import Running, start

__all__ = ["KINDS", "LocalServerError", "Running", "missing", "start"]
