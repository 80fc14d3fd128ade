"""What is generated for the combinations passes the strictest type check, all of it in one run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .packages import CHOICES, PACKAGE, generated, shared_folder

ROOT = Path(__file__).parents[2]


def test_all_packages_pass_mypy_strict(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = shared_folder(tmp_path_factory)
    for number in range(len(CHOICES)):
        generated(folder, number)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11"]
    command += ["--namespace-packages", "--explicit-package-bases", "--no-error-summary"]
    command += ["--no-incremental", "--cache-dir", os.devnull, str(folder / PACKAGE)]
    environment = {"MYPYPATH": f"{folder}:{ROOT / 'runtime'}", "PATH": ""}
    done = subprocess.run(  # our own interpreter
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "" and done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
