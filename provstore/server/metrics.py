"""Figures of the service for Prometheus: what it does goes in, the text format goes out. Nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# The text format of Prometheus, version 0.0.4.
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_GROUP: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


class Metrics:
    """The figures. Args: waiting: gives how many writes wait now."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        held = self._registry = CollectorRegistry()
        self.requests = Counter(
            "provstore_requests", "Requests answered.", ("method", "route", "status"), registry=held
        )
        self.seconds = Histogram(
            "provstore_request_seconds", "Until the answer began.", ("route",), buckets=_SECONDS, registry=held
        )
        self.documents = Counter("provstore_documents", "Documents delivered.", ("outcome",), registry=held)
        self.statements = Counter(
            "provstore_statements", "Statements delivered; new: not asserted before.", ("kind",), registry=held
        )
        self.groups = Histogram(
            "provstore_commit_jobs", "Requests that one commit served.", buckets=_GROUP, registry=held
        )
        self.truncated = Counter("provstore_truncated_answers", "Answers that were cut.", ("reason",), registry=held)
        self.lag = Gauge(
            "provstore_projection_lag", "Ledger entries that the graph lacks; -1: not known.", registry=held
        )
        self.head = Gauge("provstore_ledger_entries", "Entries of the ledger.", registry=held)
        Gauge("provstore_writes_waiting", "Writes that wait.", registry=held).set_function(waiting)

    def text(self) -> bytes:
        """Everything in the text format."""
        return generate_latest(self._registry)
