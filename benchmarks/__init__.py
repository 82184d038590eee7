"""Benchmarks: one module per claim, peers beside us in the same run. Out: tables, also written to `results/`."""
