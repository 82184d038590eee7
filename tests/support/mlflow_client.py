"""MLflow's client as its users run it: a script in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scenarios" / "mlflow_script.py"
TIMEOUT_S = 600


def run_script(tracking_uri: str, folder: Path, *, token: str = "") -> str:
    """What the script prints when it records there. It runs from the folder, outside of any Git repository."""
    shutil.copy(SCRIPT, folder / "train.py")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    settings = {
        "MLFLOW_TRACKING_URI": tracking_uri,
        "MLFLOW_TRACKING_TOKEN": token,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "train.py"],
        env=kept | settings, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4_000:]
    return next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{"))
