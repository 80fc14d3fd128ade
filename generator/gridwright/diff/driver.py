"""Drive diffs for git: show the changes of one spec file where git would show lines.

Git hands over one file at a time, and a spec is two: the other one is looked for in the work tree
and in the last commit, and the first that fits is taken.
"""

import difflib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from gridwright.diff.compare import compare
from gridwright.diff.index import Index
from gridwright.diff.report import Report
from gridwright.diff.report_text import text_report
from gridwright.diff.sides import Files, understood

__all__ = ["driver_output"]

_AMENDMENTS = "amendments.yaml"


def driver_output(arguments: Sequence[str]) -> str:
    """Return what git prints for one file.

    Args:
        arguments: path, old-file, old-hex, old-mode, new-file, new-hex, new-mode, as git gives
            them to an external diff; what git adds for renames is of no use.
    """
    path, old_file, new_file = arguments[0], Path(arguments[1]), Path(arguments[4])
    old_data, new_data = _data(old_file), _data(new_file)
    old = _side(path, old_data, prefer_commit=True)
    new = _side(path, new_data, prefer_commit=False)
    head = f"diff --gridwright a/{path} b/{path}\n"
    if old is None or new is None:
        return head + _plain(path, old_data, new_data)
    report = Report(
        old=f"a/{path}", new=f"b/{path}", changes=compare(old, new), accepted={}, void=(), same=()
    )
    return head + text_report(report)


def _side(path: str, data: bytes, *, prefer_commit: bool) -> Index | None:
    is_amendments = Path(path).name == _AMENDMENTS
    sibling = Path(path).with_name("interface.yaml" if is_amendments else _AMENDMENTS)
    if not data and not is_amendments:
        return None
    for other in _siblings(sibling, prefer_commit):
        named, own = (other, sibling.as_posix()), (data, path)
        interface, amendments = (named, own) if is_amendments else (own, named)
        given = (amendments,) if amendments[0] else ()
        found, _ = understood(Files(interface, given))
        if found is not None:
            return found
    return None


def _siblings(path: Path, prefer_commit: bool) -> Iterator[bytes]:
    sources = (_committed, _data) if prefer_commit else (_data, _committed)
    yield from dict.fromkeys((*(source(path) for source in sources), b""))


def _data(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _committed(path: Path) -> bytes:
    done = subprocess.run(  # noqa: S603 - no shell; git itself named the path
        ["git", "cat-file", "blob", f"HEAD:{path.as_posix()}"],  # noqa: S607 - the user's own git
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else b""


def _plain(path: str, old: bytes, new: bytes) -> str:
    """Show lines after all: one side is no spec by itself."""
    lines = difflib.unified_diff(
        old.decode("utf-8", "replace").splitlines(keepends=True),
        new.decode("utf-8", "replace").splitlines(keepends=True),
        f"a/{path}",
        f"b/{path}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
