"""JSON reply of index records to objects, against clients that others generate.

Each contestant reads the same bytes in processes of its own, which take turns: ours in our
environment, a rival in one that holds what `rivals.txt` pins. That environment and the generated
clients are made on first use, under ``bench/results/rivals`` (in folders with a dot, so that no
type checker looks into them), and made anew when the pins or the document change.

What they end with is not quite the same. Their clients take decimals for floats, leave instants in
the offset that was sent, and look for nothing else; ours has exact decimals and instants of the
zone, and makes sure that no text was taken for a number and no list or verdict came twice. One row
gives a rival exact decimals, as its user could.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import index_bodies
from bench.children import run_python
from bench.equal import require_equal_rows
from bench.openapi_document import openapi_document
from bench.rival_child import PACKAGES
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import in_order, ratio

__all__ = ["RivalMissing", "rival_interpreter", "rows"]

_PINS = Path(__file__).resolve().with_name("rivals.txt")
_HOME = Path(__file__).resolve().parent / "results" / "rivals"
_TARGETS = {
    "openapi-python-client": Target("at least", 2.0),
    "openapi-python-client-exact": None,
    "openapi-generator": Target("at least", 2.5),
}
_WHAT = {
    "openapi-python-client": "openapi-python-client's client, which takes decimals for floats",
    "openapi-python-client-exact": "the same client when it is given exact decimals",
    "openapi-generator": "openapi-generator's client, which takes decimals for floats",
}
_TURN = 3
"""Rounds in one process, after one that does not count."""


class RivalMissing(Exception):
    """A rival cannot be had here; the message says why, in words without a path."""


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group; none where the size leaves them out."""
    return [_row(kind, size) for kind in _TARGETS] if size.rival_rounds else []


def _row(kind: str, size: Size) -> Row:
    what = f"JSON reply of index records to objects, against {_WHAT[kind]}"
    target = _TARGETS[kind]
    name = f"epias-json-{kind}"
    try:
        interpreter, folder = rival_interpreter(), _client(kind.removesuffix("-exact"))
    except RivalMissing as missing:
        return Row(
            name=name,
            what=what,
            unit="x speed",
            estimate=None,
            target=target,
            compared=0,
            reason=str(missing),
        )
    with TemporaryDirectory() as temporary:
        body = Path(temporary, "body")
        body.write_bytes(index_bodies.json_body(index_bodies.indexes(size.indexes)))
        body_bytes = body.stat().st_size
        contestants = {"gridwright": Path(sys.executable), kind: interpreter}
        compared = _compare(contestants, folder, body, f"index records, gridwright and {kind}")
        seconds: dict[str, list[float]] = {contestant: [] for contestant in contestants}
        for number in range(size.rival_rounds):
            for one in in_order(tuple(contestants), number):
                taken = _turn(one, contestants[one], folder, body, _TURN)
                seconds[one] += taken
    details = {f"{one}_ms": min(taken) * 1000 for one, taken in seconds.items()}
    return Row(
        name=name,
        what=what,
        unit="x speed",
        estimate=ratio(tuple(seconds[kind]), tuple(seconds["gridwright"])),
        target=target,
        compared=compared,
        details=details | {"body_bytes": body_bytes, "records": size.indexes},
    )


def _turn(
    kind: str, interpreter: Path, folder: Path, body: Path, rounds: int, *out: str
) -> list[float]:
    arguments = ("-m", "bench.rival_child", kind, str(folder), str(body), str(rounds), *out)
    seconds: list[float] = json.loads(run_python(*arguments, interpreter=interpreter).output)
    return seconds


def _compare(contestants: dict[str, Path], folder: Path, body: Path, what: str) -> int:
    """Have each contestant write down what it reads, outside any measurement."""
    found = []
    for kind, interpreter in contestants.items():
        out = body.with_name(f"{kind}.json")
        _turn(kind, interpreter, folder, body, 0, str(out))
        found.append([tuple(record.items()) for record in json.loads(out.read_text("utf-8"))])
    return require_equal_rows(found[0], found[1], what)


def rival_interpreter() -> Path:
    """Return the interpreter of the rivals' environment, which is made if need be."""
    folder, pins = _HOME / ".environment", _PINS.read_bytes()
    interpreter = folder / "bin" / "python"
    with _Stamp(folder, pins, sys.version.encode()) as stamp:
        if not stamp.holds:
            trouble = "what bench/rivals.txt pins cannot be installed (is there a network?)"
            _run([sys.executable, "-m", "venv", str(folder)], trouble)
            pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--require-virtualenv"]
            _run([*pip, "--disable-pip-version-check", "-r", str(_PINS)], trouble)
    return interpreter


def _client(kind: str) -> Path:
    """Return the folder that holds a rival's package, which is generated if need be."""
    document = json.dumps(openapi_document(), indent=1).encode()
    folder = _HOME / f".{kind}"
    with _Stamp(folder, document, _PINS.read_bytes()) as stamp:
        if not stamp.holds:
            folder.mkdir(parents=True)
            (folder / "openapi.json").write_bytes(document)
            _run(_command(kind, folder), f"{kind} did not generate a client")
    return folder


def _command(kind: str, folder: Path) -> Sequence[str]:
    scripts, document = _HOME / ".environment" / "bin", str(folder / "openapi.json")
    package = PACKAGES[kind]
    if kind == "openapi-generator":
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise RivalMissing("openapi-generator needs Java, which is not installed")
        tool = [str(scripts / "openapi-generator-cli"), "generate", "-g", "python"]
        return [*tool, "-i", document, "-o", str(folder), "--package-name", package]
    settings = folder / "settings.yaml"
    settings.write_text("post_hooks: []\n", encoding="utf-8")
    tool = [str(scripts / "openapi-python-client"), "generate", "--meta", "none"]
    place = ["--output-path", str(folder / package)]
    return [*tool, "--path", document, *place, "--config", str(settings)]


class _Stamp:
    """Keeps in a folder what it was made from; the folder is emptied when that has changed."""

    def __init__(self, folder: Path, *made_from: bytes) -> None:
        self._file = folder / "made-from"
        self._digest = hashlib.sha256(b"\0".join(made_from)).hexdigest()
        self.holds = False

    def __enter__(self) -> "_Stamp":
        self.holds = self._file.is_file() and self._file.read_text() == self._digest
        if not self.holds:
            shutil.rmtree(self._file.parent, ignore_errors=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._file.write_text(self._digest)


def _run(command: Sequence[str], trouble: str) -> None:
    """Run a command that makes something.

    Raises:
        RivalMissing: it fails, takes too long, or is not there.
    """
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError):
        raise RivalMissing(trouble) from None
