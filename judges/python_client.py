"""Import beside openapi-python-client, on the same files: ``python -m judges.python_client``.

The folder is named by ``GRIDWRIGHT_FOREIGN``. What openapi-python-client makes of each file is
read, never run: how many operations have a method that sends what the file says, its body too,
and how many of these read a success into a type. Our figures are those that `judges.imports`
committed.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gridwright.importing.read_file import read_foreign
from gridwright.importing.swagger2 import as_openapi3
from judges.imports import FOLDER, KNOWN, SUFFIXES
from judges.outcome import foreign_folder, not_run
from judges.tools import ToolMissing, python_tool, run_tool

__all__ = ["Theirs", "theirs"]

_METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
_BODY = re.compile(r'_kwargs\["(?:json|data|files|content)"\]')
_SUCCESS = re.compile(
    r"\n    if response\.status_code == 2\d\d:\n(.*?)(?=\n    if |\n\n)", re.DOTALL
)
_UNTYPED = re.compile(r"cast\(Any|= None|return None|File\(")


@dataclass(frozen=True, slots=True)
class Theirs:
    """What openapi-python-client makes of a file.

    Attributes:
        sends: operations with a method that sends what the file says.
        typed: such whose success has a type, which is no file and not anything.
    """

    sends: int = 0
    typed: int = 0


def theirs(path: Path, folder: Path) -> Theirs:
    """Let openapi-python-client make a client of a file, and read what it made."""
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n", encoding="utf-8")
    command = [str(python_tool("openapi-python-client")), "generate", "--path", str(path)]
    command += ["--meta", "none", "--output-path", str(folder / "client"), "--overwrite"]
    run_tool([*command, "--config", str(config)])
    bodies = dict(_operations(path))
    sends = typed = 0
    for module in sorted((folder / "client" / "api").glob("*/*.py")):
        text = module.read_text("utf-8")
        if "def _get_kwargs" not in text or _lacks_body(text, bodies):
            continue
        sends += 1
        typed += any(not _UNTYPED.search(block) for block in _SUCCESS.findall(text))
    return Theirs(sends, typed)


def _lacks_body(text: str, bodies: dict[tuple[str, str], bool]) -> bool:
    """Whether a method leaves out the body that the file describes."""
    method = re.search(r'"method": "(\w+)"', text)
    url = re.search(r'"url": "([^"]*)"', text)
    key = (method[1], _plain(url[1])) if method and url else ("", "")
    return bodies.get(key, False) and not _BODY.search(text)


def _operations(path: Path) -> Iterator[tuple[tuple[str, str], bool]]:
    """Yield method and path of each operation, and whether it has a body."""
    for address, item in as_openapi3(read_foreign(path))["paths"].items():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in _METHODS and isinstance(operation, dict):
                yield (method, _plain(str(address))), bool(operation.get("requestBody"))


def _plain(address: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", address)


def main() -> int:
    """Print the table; 0 where it sends for no more operations, or where no folder is named."""
    folder = foreign_folder(FOLDER)
    if folder is None:
        return 0
    known = json.loads(KNOWN.read_text("utf-8"))
    print("| file | operations | openapi-python-client sends | typed | gridwright sends | typed |")
    print("|---|---|---|---|---|---|")
    sums, better = [0] * 5, []
    for path in sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES):
        ours = known.get(hashlib.sha256(path.read_bytes()).hexdigest())
        if ours is None:
            continue
        try:
            with TemporaryDirectory() as work:
                found = theirs(path, Path(work))
        except ToolMissing as missing:
            return not_run(str(missing))
        row = [ours["operations"], found.sends, found.typed, ours["called"], ours["typed"]]
        print(f"| {path.name} | {' | '.join(map(str, row))} |", flush=True)
        sums = [a + b for a, b in zip(sums, row, strict=True)]
        if found.sends > ours["called"]:
            better.append(path.name)
    print(f"| all | {' | '.join(map(str, sums))} |\n")
    wrong = [f"{name}: openapi-python-client makes more of it" for name in better]
    if not sums[0]:
        wrong.append(f"no known file is in {folder}")
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
