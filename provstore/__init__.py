"""provstore: a provenance and metadata store for machine learning, exactly W3C PROV."""

from __future__ import annotations

__version__ = "0.1.0"
