"""Fuzzes every operation of the service from its own OpenAPI description: `make fuzz-api`.

Every answer must be one that the description has, never a 5xx, and none may come without a token. Schemathesis prints
how to repeat what it finds. An argument is the number of examples for each operation.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import provstore
from tests.docs.blocks import ROOT
from tests.support.service import serving

EXAMPLES = 100
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,ignored_auth,use_after_free,ensure_resource_availability"
)


def main(examples: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "s.db"
        with provstore.open(store) as opened:
            opened.import_records(ROOT / "provstore" / "demo" / "mlflow.db")
        with serving(store, failures_per_minute=10**9, heavy_queries=64) as served:
            authorization = served.admin.headers["Authorization"]
            command = [
                Path(sys.executable).with_name("schemathesis"), "run", f"{served.url}/api/v1/openapi.json",
                "--header", f"Authorization: {authorization}", "--checks", CHECKS, "--max-examples", str(examples),
                # What would take the token away that the others are asked with.
                "--exclude-path", "/api/v1/tokens/{name}", "--phases", "examples,coverage,fuzzing", "--no-color",
                "--request-timeout", "60",
            ]  # fmt: skip
            return subprocess.run(command, cwd=folder, env=os.environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES))
