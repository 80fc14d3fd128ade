"""Write artifacts to disk: a whole tree or nothing. The only module that writes over files.

A manifest says which files are ours. A file that it does not name is never written over and
never removed. New content is staged beside the tree and moved in place at the end; a run that is
killed while moving is finished by the next one, from the journal it left.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeAlias

from gridwright.output.artifact import Artifact

if sys.platform != "win32":
    import fcntl

__all__ = [
    "Changes",
    "Made",
    "Manifest",
    "OutputError",
    "Owned",
    "UnownedFileError",
    "digest",
    "is_unfinished",
    "peek_manifest",
    "read_manifest",
    "replace_files",
    "write_tree",
]

MANIFEST = "manifest.json"
_STAGING = ".gridwright-staging"
_JOURNAL = "journal.json"


class OutputError(Exception):
    """The output folder cannot be written; the message says why and what to do."""


class UnownedFileError(Exception):
    """Files that are not ours stand where generated ones should go."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(paths))


@dataclass(frozen=True, slots=True)
class Owned:
    """What the manifest knows of one system.

    Attributes:
        inputs: digest of all that its files were made from.
        counts: how many operations, records, fields and amendments it has.
        files: path and digest of each of its files.
    """

    inputs: str
    counts: Mapping[str, int]
    files: Mapping[str, str]


Manifest: TypeAlias = Mapping[str, Owned]
"""What is ours, by system."""


@dataclass(frozen=True, slots=True)
class Made:
    """All files of one system, freshly made; ``inputs`` and ``counts`` as in the manifest."""

    inputs: str
    counts: Mapping[str, int]
    artifacts: tuple[Artifact, ...]


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
    """Finish what a killed run left behind, and return what is ours in ``out``.

    Raises:
        OutputError: another run is writing, or the manifest is not one of ours.
    """
    if (out / _STAGING).is_dir():
        with _alone(out):
            _recover(out)
    return peek_manifest(out)


def is_unfinished(out: Path) -> bool:
    """Whether a run was killed while it moved files in place; the next run finishes it."""
    return (out / _STAGING / _JOURNAL).is_file()


def peek_manifest(out: Path) -> Manifest:
    """Return what is ours in ``out``, touching nothing.

    Raises:
        OutputError: the manifest is not one of ours.
    """
    path = out / MANIFEST
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        manifest = {system: Owned(**owned) for system, owned in data.items()}
        paths = [path for owned in manifest.values() for path in owned.files]
    except (ValueError, TypeError, AttributeError):
        raise OutputError(
            f"{path} is no manifest of gridwright: move it away, or choose another folder"
        ) from None
    _check_inside(paths, path)
    return manifest


def _check_inside(paths: Iterable[str], source: Path) -> None:
    """Refuse paths that lead out of the folder: what is read back may not be what was written."""
    for path in paths:
        pure = PurePath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise OutputError(f"{source} names {path!r}, which lies outside of its folder")


def write_tree(out: Path, made: Mapping[str, Made], gone: Sequence[str] = ()) -> dict[str, Changes]:
    """Bring the files of the systems in ``made`` up to date, all of them or none.

    Args:
        out: the output folder.
        made: what each system consists of now.
        gone: systems of the manifest that exist no more; their files are removed.

    Raises:
        UnownedFileError: a file that is not ours is in the way; nothing was written.
        OutputError: another run is writing, or the manifest is not one of ours.
    """
    with _alone(out):
        _recover(out)
        return _write_alone(out, made, gone)


def replace_files(texts: Mapping[Path, bytes]) -> None:
    """Write over several files, all of them or none.

    Raises:
        OSError: one of them cannot be written; all are as they were.
    """
    drafts = {path: path.with_name(f".{path.name}.draft") for path in texts}
    before = {path: path.read_bytes() if path.is_file() else None for path in texts}
    done: list[Path] = []
    try:
        for path, draft in drafts.items():
            _write_durably(draft, texts[path])
        with _undisturbed():
            try:
                for path, draft in drafts.items():
                    draft.replace(path)
                    done.append(path)
            except OSError:
                for path in done:
                    _put_back(path, before[path])
                raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _put_back(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


def _write_alone(out: Path, made: Mapping[str, Made], gone: Sequence[str]) -> dict[str, Changes]:
    before = peek_manifest(out)
    after = {system: owned for system, owned in before.items() if system not in gone}
    for system, new in made.items():
        files = {a.path: digest(a.text.encode()) for a in new.artifacts}
        after[system] = Owned(new.inputs, new.counts, files)
    ours = {path for owned in before.values() for path in owned.files}
    still = {path for owned in after.values() for path in owned.files}
    staged = {
        artifact.path: artifact.text.encode()
        for new in made.values()
        for artifact in new.artifacts
        if not _is_same(out / artifact.path, artifact.text.encode())
    }
    _check_links(out, [*staged, *sorted(ours - still)])
    foreign = sorted({place for path in staged for place in _in_the_way(out, path, ours)})
    if foreign:
        raise UnownedFileError(foreign)
    _commit(out, staged | {MANIFEST: _manifest_bytes(after)}, sorted(ours - still))
    return {system: _changes(before, after, system, staged) for system in (*made, *gone)}


def _check_links(out: Path, paths: Iterable[str]) -> None:
    """Refuse to write or remove anything through a linked folder: it leads out of ours."""
    for path in paths:
        for parent in PurePosixPath(path).parents[:-1]:
            if (out / parent).is_symlink():
                raise OutputError(
                    f"{out / parent} is a link to another folder, and nothing is written through "
                    "it: remove the link, or choose another folder"
                )


def _in_the_way(out: Path, path: str, ours: Collection[str]) -> Iterator[str]:
    """Yield what stands where ``path`` would go, or where a folder above it would."""
    target = out / path
    if target.is_dir() or (path not in ours and os.path.lexists(target)):
        yield path
    for parent in PurePosixPath(path).parents:
        folder = out / parent
        if os.path.lexists(folder) and not folder.is_dir():
            yield parent.as_posix()


def _changes(
    before: Manifest, after: Manifest, system: str, staged: Mapping[str, bytes]
) -> Changes:
    old = set(before[system].files) if system in before else set()
    new = set(after[system].files) if system in after else set()
    return Changes(
        written=tuple(sorted(path for path in new if path in staged)),
        unchanged=tuple(sorted(path for path in new if path not in staged)),
        removed=tuple(sorted(old - new)),
    )


def _manifest_bytes(manifest: Manifest) -> bytes:
    data = {
        system: {
            "inputs": owned.inputs,
            "counts": dict(owned.counts),
            "files": dict(sorted(owned.files.items())),
        }
        for system, owned in sorted(manifest.items())
    }
    return f"{json.dumps(data, indent=1)}\n".encode()


def _commit(out: Path, staged: Mapping[str, bytes], stale: Sequence[str]) -> None:
    if not stale and all(_is_same(out / path, data) for path, data in staged.items()):
        return
    staging = out / _STAGING
    staging.mkdir()
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


def _is_same(path: Path, data: bytes) -> bool:
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
    _check_links(out, [f"{_STAGING}/{_JOURNAL}"])
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
    _check_inside([*journal["move"], *journal["remove"]], staging / _JOURNAL)
    _check_links(out, [*journal["move"], *journal["remove"]])
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
def _alone(out: Path) -> Iterator[None]:
    """Keep other runs out of the folder until the block is done; the lock leaves no file."""
    out.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield  # a folder cannot be locked there
        return
    folder = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise OutputError(
            f"another run is writing to {out}: wait until it has ended, then run again"
        ) from None
    try:
        yield
    finally:
        os.close(folder)


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
