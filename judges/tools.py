"""Where the judges' tools come from: an environment of their own, made on first use."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = [
    "FOREIGN",
    "HOME",
    "ROOT",
    "ToolMissing",
    "find_program",
    "node_packages",
    "node_tool",
    "python_tool",
    "run_tool",
]

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(__file__).resolve().parent / ".tools"
FOREIGN = Path(__file__).resolve().parent / "foreign"
"""Scripts that run in the environments of the tools."""
_PINS = Path(__file__).resolve().with_name("requirements.txt")
_OLDEST_NODE = 20
_NODE_FILES = ("package.json", "package-lock.json")


class ToolMissing(Exception):
    """A tool cannot be had on this machine; the message says what is missing."""


def python_tool(name: str) -> Path:
    """Return a command of the judges' Python environment, which is made if need be."""
    folder = HOME / "python"
    mark = folder / "pins"
    pins = hashlib.sha256(_PINS.read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text() != pins:
        shutil.rmtree(folder, ignore_errors=True)
        _made([sys.executable, "-m", "venv", str(folder)], "an environment cannot be made")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        options = ["--disable-pip-version-check", "--require-hashes", "-r", str(_PINS)]
        _made([*pip, *options], "what judges/requirements.txt pins cannot be installed")
        mark.write_text(pins)
    return folder / "bin" / name


def node_tool(name: str) -> Path:
    """Return a command of the judges' Node packages."""
    return node_packages() / ".bin" / name


def node_packages() -> Path:
    """Return the folder of the judges' Node packages, which are installed if need be."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise ToolMissing("Node and npm are not installed")
    _, version = run_tool(["node", "--version"])
    if int((re.match(r"v([0-9]+)", version) or ["", "0"])[1]) < _OLDEST_NODE:
        raise ToolMissing(f"Node {version.strip()} is too old, {_OLDEST_NODE} is needed")
    folder = HOME / "node"
    sources = [Path(__file__).resolve().with_name(file) for file in _NODE_FILES]
    pins = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    mark = folder / "pins"
    if not mark.is_file() or mark.read_text() != pins:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in sources:
            shutil.copy(path, folder / path.name)
        command = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        _made(command, "what judges/package-lock.json pins cannot be installed", folder)
        mark.write_text(pins)
    return folder / "node_modules"


def find_program(name: str, package: str) -> str:
    """Return the path of a program of the system."""
    found = shutil.which(name)
    if found is None:
        raise ToolMissing(f"{name} is not installed (Debian: {package})")
    return found


def run_tool(
    command: list[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = 600.0,
) -> tuple[int, str]:
    """Run a command; return its status and what it printed, without colours."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    quiet = {"NO_COLOR": "1", "FORCE_COLOR": "0", "CI": "true"}
    quiet |= {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    try:
        done = subprocess.run(  # noqa: S603  # fixed commands
            command,
            cwd=folder,
            env={**inherited, **quiet, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, f"did not end within {seconds:.0f} s"
    return done.returncode, done.stdout + done.stderr


def _made(command: list[str], trouble: str, folder: Path | None = None) -> None:
    status, text = run_tool(command, folder=folder)
    if status != 0:
        last = [line for line in text.splitlines() if line.strip()][-3:]
        raise ToolMissing(f"{trouble} (is there a network?): {' / '.join(last)}")
