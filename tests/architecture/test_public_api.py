"""The public names are frozen here: a change of this list is a change of the contract."""

from __future__ import annotations

import provstore

PUBLIC = ["ProvstoreError", "Store", "__version__", "copy", "open", "render"]
STORE = [
    "append", "ask", "ask_text", "backup", "blame", "check", "close", "deliver", "diff", "documents", "downstream",
    "erase", "export", "find", "findings", "graph", "history", "import_records", "ingest", "leakage", "open",
    "path", "prefixes", "prove", "reader", "retract", "save_segment", "saved_segment", "segment", "sequence",
    "series", "show", "stop_reading_at", "summarize", "templates", "upstream", "validate", "verify",
]  # fmt: skip


def test_the_package_offers_these_names_only():
    assert sorted(provstore.__all__) == PUBLIC
    assert all(getattr(provstore, name) is not None for name in PUBLIC)


def test_the_store_offers_these_methods_only():
    assert sorted(name for name in dir(provstore.Store) if not name.startswith("_")) == STORE
