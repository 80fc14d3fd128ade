"""Artifacts to disk: a whole tree or nothing. The only module that writes generated files.

A manifest says which files are ours. A file that it does not name is never written over and
never removed. New content is staged beside the tree and moved in place at the end; a run that is
killed while moving is finished by the next one, from the journal it left.
"""

import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gridwright.targets.artifact import Artifact

__all__ = ["Changes", "ForeignFileError", "Manifest", "digest", "read_manifest", "write_tree"]

MANIFEST = "manifest.json"
_STAGING = ".gridwright-staging"
_JOURNAL = "journal.json"


class ForeignFileError(Exception):
    """Files that are not ours stand where generated ones should go."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(paths))


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which files are ours, and from what they were made.

    Attributes:
        inputs: by system, a digest of all that its files were made from.
        files: by system, path and digest of each file.
    """

    inputs: Mapping[str, str]
    files: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run did to the files of one system."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]


def digest(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(out: Path) -> Manifest:
    """Finish what a killed run left behind, and return what is ours in ``out``."""
    _recover(out)
    path = out / MANIFEST
    if not path.is_file():
        return Manifest({}, {})
    data = json.loads(path.read_text(encoding="utf-8"))
    return Manifest(data["inputs"], data["files"])


def write_tree(
    out: Path,
    made: Mapping[str, Sequence[Artifact]],
    inputs: Mapping[str, str],
    gone: Sequence[str] = (),
) -> dict[str, Changes]:
    """Bring the files of the systems in ``made`` up to date, all of them or none.

    Args:
        out: the output folder.
        made: by system, all of its files.
        inputs: by system, the digest of what they were made from.
        gone: systems of the manifest that exist no more; their files are removed.

    Raises:
        ForeignFileError: a file that is not ours is in the way; nothing was written.
    """
    manifest = read_manifest(out)
    ours = {path for files in manifest.files.values() for path in files}
    changes, staged, stale, foreign = {}, {}, [], []
    for system, artifacts in made.items():
        written, unchanged = [], []
        for artifact in artifacts:
            data, target = artifact.text.encode(), out / artifact.path
            current = target.read_bytes() if target.is_file() else None
            if current == data:
                unchanged.append(artifact.path)
            elif current is not None and artifact.path not in ours:
                foreign.append(artifact.path)
            else:
                written.append(artifact.path)
                staged[artifact.path] = data
        kept = {artifact.path for artifact in artifacts}
        removed = sorted(set(manifest.files.get(system, {})) - kept)
        stale += removed
        changes[system] = Changes(tuple(written), tuple(unchanged), tuple(removed))
    for system in gone:
        removed = sorted(manifest.files.get(system, {}))
        stale += removed
        changes[system] = Changes((), (), tuple(removed))
    if foreign:
        raise ForeignFileError(sorted(foreign))
    files = {s: dict(f) for s, f in manifest.files.items() if s not in gone}
    files |= {
        s: {a.path: digest(a.text.encode()) for a in artifacts} for s, artifacts in made.items()
    }
    still = {path for system in files.values() for path in system}
    known = {s: d for s, d in {**manifest.inputs, **inputs}.items() if s in files}
    text = json.dumps(
        {
            "inputs": dict(sorted(known.items())),
            "files": {s: dict(sorted(f.items())) for s, f in sorted(files.items())},
        },
        indent=1,
    )
    staged[MANIFEST] = f"{text}\n".encode()
    _commit(out, staged, [path for path in stale if path not in still])
    return changes


def _commit(out: Path, staged: Mapping[str, bytes], stale: Sequence[str]) -> None:
    if not stale and all(_same(out / path, data) for path, data in staged.items()):
        return
    staging = out / _STAGING
    staging.mkdir(parents=True)
    try:
        for path, data in staged.items():
            target = staging / "files" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        journal = json.dumps({"move": sorted(staged), "remove": sorted(stale)})
        _write_durably(staging / _JOURNAL, journal.encode())
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    with _undisturbed():
        _finish(out)


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _write_durably(path: Path, data: bytes) -> None:
    """Write a file that is there whole, or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _recover(out: Path) -> None:
    staging = out / _STAGING
    if not staging.is_dir():
        return
    if (staging / _JOURNAL).is_file():
        with _undisturbed():
            _finish(out)
    else:
        shutil.rmtree(staging)


def _finish(out: Path) -> None:
    """Carry out the journal; what was moved before is skipped, so it can be done twice."""
    staging = out / _STAGING
    journal = json.loads((staging / _JOURNAL).read_text(encoding="utf-8"))
    # The manifest moves last: until then the former one still names every file that is ours.
    for path in sorted(journal["move"], key=lambda p: (p == MANIFEST, p)):
        source = staging / "files" / path
        if source.is_file():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for path in journal["remove"]:
        (out / path).unlink(missing_ok=True)
        _remove_empty_parents(out, path)
    shutil.rmtree(staging)


def _remove_empty_parents(out: Path, path: str) -> None:
    for parent in PurePosixPath(path).parents:
        folder = out / parent
        cache = folder / "__pycache__"
        if parent == PurePosixPath("."):
            return
        if folder.is_dir() and list(folder.iterdir()) == [cache]:
            shutil.rmtree(cache)
        try:
            folder.rmdir()
        except OSError:
            return


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off Ctrl-C and a polite kill until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = {
        s: signal.signal(s, lambda number, _: waiting.append(number))
        for s in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for received in waiting:
        signal.raise_signal(received)
