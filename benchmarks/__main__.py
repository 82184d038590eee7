"""`python -m benchmarks [--quick] [CLAIM...]`: every claim, one after the other, each in its own process."""

from __future__ import annotations

import argparse
import subprocess
import sys

CLAIMS = (
    "startup", "bulk_ingest", "provn", "small_transactions", "lineage", "mlflow_import", "validation",
    "validation_stored", "segment", "summarize", "engines", "service",
)  # fmt: skip


def main() -> int:
    """Runs the claims that are named, or all; returns 1 when one could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small inputs, one round: only to see that it runs")
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help=", ".join(CLAIMS))
    options = parser.parse_args()
    unknown = sorted(set(options.claims) - set(CLAIMS))
    if unknown:
        parser.error(f"no such claim: {', '.join(unknown)}; there are {', '.join(CLAIMS)}")
    quick = ["--quick"] if options.quick else []
    outcomes = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{claim}", *quick], check=False).returncode
        for claim in options.claims or CLAIMS
    ]
    return int(any(outcomes))


if __name__ == "__main__":
    sys.exit(main())
