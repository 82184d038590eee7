"""MLflow's client as its users run it: a script in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "scenarios" / "mlflow_script.py"
# The last of MLflow 2; its skinny client is small, and has a folder of its own beside the other environments.
OLDER = "2.22.5"
OLDER_SCRIPT = SCRIPT.with_name("mlflow_older_script.py")
TIMEOUT_S = 600


def older_python() -> str:
    """A Python with the older client, which is installed when it is first asked for."""
    folder = ROOT / ".venv-mlflow-2"
    python, stamp = folder / "bin" / "python", folder / f".installed-{OLDER}"
    if not stamp.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, f"mlflow-skinny=={OLDER}"], check=True)
        stamp.touch()
    return str(python)


def run_script(
    tracking_uri: str, folder: Path, *, token: str = "", python: str = sys.executable, script: Path = SCRIPT
) -> str:
    """What the script prints when it records there. It runs from the folder, outside of any Git repository."""
    shutil.copy(script, folder / "train.py")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    settings = {
        "MLFLOW_TRACKING_URI": tracking_uri,
        "MLFLOW_TRACKING_TOKEN": token,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    done = subprocess.run(
        [python, "-W", "ignore", "train.py"],
        env=kept | settings, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4_000:]
    return next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{"))
