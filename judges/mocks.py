"""Start the mock of each system on a free port of this machine, and stop it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from judges.tools import ROOT
from judges.verdict import Mock

__all__ = ["running"]


@contextmanager
def running(system: str) -> Iterator[Mock]:
    """Serve the mock of a system for as long as the block runs."""
    command = [sys.executable, "-m", "gridwright", "mock", system, "--port", "0"]
    with subprocess.Popen(  # noqa: S603  # our own command
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Mock(system, _address(process))
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]") -> str:
    said = []
    for line in process.stdout or ():
        said.append(line.strip())
        if found := re.search(r"http://127\.0\.0\.1:[0-9]+", line):
            return found[0]
    raise RuntimeError(f"the mock did not start: {' / '.join(said)}")
