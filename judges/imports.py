"""Import the files of others and call what comes of them: ``python -m judges.imports``.

The folder is named by ``GRIDWRIGHT_FOREIGN``; none of its files is in this repository. Each is
imported, checked, generated, type-checked, and each of its operations is called against the mock.
Files that are known by their hash, in ``imports.json``, must not get worse.
"""

import argparse
import hashlib
import importlib
import inspect
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from gridwright.importing.read_file import ForeignFileError
from gridwright.importing.run import Imported, import_file
from gridwright.ir import AnyType, Interface, Operation
from gridwright.pipeline import generate
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.transport import MockTransport
from judges.arguments import KnownValues, arguments_of
from judges.foreign_values import ForeignValues
from judges.generated_package import write_package
from judges.outcome import foreign_folder
from judges.prism import Answer, PrismTransport, prism, reason_of

__all__ = ["FOLDER", "KNOWN", "SUFFIXES", "Row", "measured", "table"]

FOLDER = "GRIDWRIGHT_FOREIGN"
KNOWN = Path(__file__).with_name("imports.json")
_PACKAGE = "imported_apis"
_MYPY_FINDS = 1
"""The highest status with which mypy has judged: above it, it could not."""
_COLUMNS = (
    "file", "operations", "drafted", "generated", "called", "typed replies", "Prism",
    "Prism itself", "mypy", "import, generate",
)  # fmt: skip
SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(slots=True)
class Row:
    """What became of one file.

    Attributes:
        operations: in the file.
        drafted: in the draft.
        generated: the draft is right, and everything was generated.
        called: brought back what the mock had sent, without a deviation.
        typed: replies of these have a type of their own.
        prism: brought back what Prism had sent, which makes its replies of the file.
        prism_itself: why Prism does not serve what the file says, by name.
        refused: why others are not called, by name.
    """

    name: str
    digest: str
    operations: int = 0
    drafted: int = 0
    generated: int = 0
    called: int = 0
    typed: int = 0
    prism: int = 0
    prism_itself: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    types: str = ""


def measured(
    folder: Path,
    work: Path,
    only: Sequence[str] = (),
    *,
    type_check: bool = True,
    with_prism: bool = False,
) -> list[Row]:
    """Try every file of a folder.

    Args:
        folder: of the files.
        work: an empty folder.
        only: names of files; all where there is none.
        type_check: let mypy judge what was generated.
        with_prism: call each operation against Prism, too.
    """
    rows = []
    sys.path.insert(0, str(work))
    try:
        for path in sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES):
            if only and path.stem not in only:
                continue
            rows.append(_measured(path, work, with_prism))
            print(".", end="", file=sys.stderr, flush=True)
        if type_check:
            _type_check(rows, work)
    finally:
        sys.path.remove(str(work))
    return rows


def _measured(path: Path, work: Path, with_prism: bool) -> Row:
    data = path.read_bytes()
    row = Row(path.name, hashlib.sha256(data).hexdigest())
    system = _system_of(path.name)
    started = time.perf_counter()
    try:
        found = import_file(path, specs=work / "specs", system=system)
    except ForeignFileError as error:
        row.refused["the file"] = str(error)
        return row
    row.seconds.append(time.perf_counter() - started)
    row.operations = _operations(found)
    row.drafted = found.operations
    row.refused |= {
        one.operation or one.place: one.value
        for one in found.left_out
        if one.what == "an operation that is not drafted"
    }
    if found.problems:
        row.refused["the draft"] = "; ".join(f"{p.code}: {p.message}" for p in found.problems[:3])
        return row
    started = time.perf_counter()
    result = generate(work / "specs", system, package=_PACKAGE)
    write_package(result.artifacts, work, _PACKAGE)
    row.seconds.append(time.perf_counter() - started)
    if result.interface is not None:
        row.generated = len(result.interface.operations)
        _call_all(row, result.interface, f"{_PACKAGE}.{system}", ForeignValues(path))
        if with_prism:
            _call_prism(row, path, result.interface, f"{_PACKAGE}.{system}")
    return row


def _system_of(name: str) -> str:
    """Return the id that the system of a file gets."""
    system = "".join(c if c.isalnum() else "_" for c in Path(name).stem.lower())
    return system if system[0].isalpha() else f"api_{system}"


def _operations(found: Imported) -> int:
    """Return how many operations the file has, those of methods without a word among them."""
    others = sum(
        one.what in ("an operation that is not drafted", "an operation of this method")
        for one in found.left_out
    )
    return found.operations + others


def _call_all(row: Row, interface: Interface, name: str, known_values: KnownValues) -> None:
    package, mock = importlib.import_module(name), importlib.import_module(f"{name}.mock")
    app = mock.application()
    options = _credentials(mock) | {
        "transport": MockTransport(app),
        "strict": True,
        "limit_store": MemoryLimitStore(),
    }
    accepted = inspect.signature(package.Client).parameters
    options = {key: value for key, value in options.items() if key in accepted}
    if not any(server.default for server in interface.servers):
        options["base_url"] = "http://127.0.0.1:8080"
    with package.Client(**options) as client:
        for operation in interface.operations:
            try:
                for whole in (False, True):
                    _call(client, interface, operation, package, known_values, whole=whole)
            except Exception as error:  # whatever it is, it is the finding
                row.refused[operation.name] = f"{type(error).__name__}: {error}"[:300]
                continue
            row.called += 1
            row.typed += _is_typed(operation)


def _is_typed(operation: Operation) -> bool:
    """Whether a reply has a type: it is no file, not nothing, and not anything."""
    reply = operation.reply
    is_any = reply.shape == "value" and isinstance(reply.record.fields[0].type, AnyType)
    return operation.formats not in (("file",), ("none",)) and not is_any


def _call(
    client: Any,
    interface: Interface,
    operation: Operation,
    package: ModuleType,
    known_values: KnownValues,
    *,
    whole: bool,
) -> None:
    given = arguments_of(interface, operation, package, whole=whole, known_values=known_values)
    getattr(client, operation.name)(**given)


def _call_prism(row: Row, path: Path, interface: Interface, name: str) -> None:
    """Call each operation against Prism, a mock that nobody here wrote, made of the file itself."""
    package, mock = importlib.import_module(name), importlib.import_module(f"{name}.mock")
    transport = PrismTransport()
    options = _credentials(mock) | {"limit_store": MemoryLimitStore(), "transport": transport}
    options = {
        k: v for k, v in options.items() if k in inspect.signature(package.Client).parameters
    }
    known_values = ForeignValues(path)
    with prism(path) as address, package.Client(base_url=address, **options) as client:
        for operation in interface.operations:
            trouble = _asked(client, interface, operation, package, transport, known_values)
            reason = reason_of(transport.last)
            if not trouble:
                row.prism += 1
            elif reason:
                row.prism_itself[operation.name] = reason
            else:
                row.refused[f"prism: {operation.name}"] = trouble


def _asked(
    client: Any,
    interface: Interface,
    operation: Operation,
    package: ModuleType,
    transport: PrismTransport,
    known_values: KnownValues,
) -> str:
    """Call an operation against Prism until it works; return what is wrong, "" where nothing is.

    What is optional by itself may be needed together; and an example in the file may break its
    own schema, so that a reply is to be invented.
    """
    trouble = ""
    for transport.is_invented, whole in product((False, True), repeat=2):
        transport.last = Answer()
        try:
            _call(client, interface, operation, package, known_values, whole=whole)
        except Exception as error:  # whatever it is, it is the finding
            said = (*transport.last.request, *transport.last.reply, transport.last.problem)
            trouble = f"{type(error).__name__}: {error}: {'; '.join(said)}"[:600]
            continue
        return ""
    return trouble


def _credentials(mock: ModuleType) -> dict[str, Any]:
    parameters = inspect.signature(mock.application).parameters
    return {
        name: parameter.default
        for name, parameter in parameters.items()
        if isinstance(parameter.default, str) and parameter.default.startswith("demo-")
    }


def _type_check(rows: list[Row], work: Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "-p", _PACKAGE],
        cwd=work, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode > _MYPY_FINDS:
        raise RuntimeError(f"mypy ended with {done.returncode}: {done.stdout[-300:]}{done.stderr}")
    lines = done.stdout.splitlines()
    for row in rows:
        wrong = [line for line in lines if line.startswith(f"{_PACKAGE}/{_system_of(row.name)}/")]
        row.types = "; ".join(wrong[:2]) if wrong else "ok" if row.generated else ""


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown, sums last."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
    for row in rows:
        numbers = _numbers(row)
        took = ", ".join(f"{seconds:.1f} s" for seconds in row.seconds)
        cells = (row.name, *map(str, numbers), row.types or "–", took)
        lines.append(f"| {' | '.join(cells)} |")
    sums = [sum(column) for column in zip(*map(_numbers, rows), strict=True)]
    lines.append(f"| all | {' | '.join(map(str, sums))} | | |")
    return "\n".join(lines)


def _numbers(row: Row) -> tuple[int, ...]:
    works = (row.operations, row.drafted, row.generated, row.called, row.typed)
    return (*works, row.prism, len(row.prism_itself))


def _figures(row: Row, *, with_prism: bool) -> dict[str, Any]:
    """Return what is committed of a file: how much works, and what Prism itself is to blame for."""
    figures = {
        "name": row.name,
        "operations": row.operations,
        "called": row.called,
        "typed": row.typed,
    }
    if with_prism:
        figures |= {"prism": row.prism, "prism_itself": row.prism_itself}
    return figures


def _worse(rows: list[Row], *, with_prism: bool) -> list[str]:
    """Return what got worse than the committed figures of a file."""
    known = json.loads(KNOWN.read_text("utf-8"))
    found = []
    for row in rows:
        least = known.get(row.digest)
        if least is None:
            continue
        if row.called < least["called"]:
            found.append(f"{row.name}: {row.called} of {least['called']} operations work")
        if with_prism and row.prism < least["prism"]:
            found.append(f"{row.name}: {row.prism} of {least['prism']} operations work on Prism")
        if with_prism and row.prism_itself != least["prism_itself"]:
            others = sorted(row.prism_itself.items() ^ least["prism_itself"].items())
            found.append(f"{row.name}: reasons that are others than the committed ones: {others}")
        if row.types not in ("ok", ""):
            found.append(f"{row.name}: {row.types}")
    return found


def _share(rows: list[Row]) -> str:
    """Say which part works of what Prism serves as its file says."""
    served = sum(row.operations - len(row.prism_itself) for row in rows)
    works = sum(row.prism for row in rows)
    percent = 100 * works / max(served, 1)
    return f"Prism: {works} of {served} operations that it serves, {percent:.1f} %"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 0 where no known file got worse, or where no folder is named."""
    parser = argparse.ArgumentParser(prog="python -m judges.imports", description=__doc__)
    parser.add_argument("--folder", type=Path, help=f"default: what {FOLDER} names")
    parser.add_argument("--update", action="store_true", help="write the figures as the known ones")
    parser.add_argument("--prism", action="store_true", help="call each operation on Prism, too")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    options = parser.parse_args(arguments)
    folder = options.folder or foreign_folder(FOLDER)
    if folder is None:
        return 0
    with TemporaryDirectory() as work:
        rows = measured(folder, Path(work), options.only, with_prism=options.prism)
    print(file=sys.stderr)
    print(table(rows))
    if options.prism:
        print(_share(rows))
    for row in rows:
        for name, why in row.refused.items():
            print(f"- {row.name}, {name}: {why}")
    if options.update:
        known = json.loads(KNOWN.read_text("utf-8"))
        for row in rows:
            known.setdefault(row.digest, {}).update(_figures(row, with_prism=options.prism))
        KNOWN.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    worse = _worse(rows, with_prism=options.prism)
    if not rows:
        worse.append(f"no file that can be imported is in {folder}")
    for line in worse:
        print(f"worse: {line}")
    return 1 if worse else 0


if __name__ == "__main__":
    raise SystemExit(main())
