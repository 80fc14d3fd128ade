"""Load the two sides of a comparison: folders of specs, or revisions of git.

A revision is read from git's objects: no work tree is touched, and nothing is written.
"""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.diff.index import Index, index_of
from gridwright.diff.left_out import read_left_out
from gridwright.load import amend_text, relative_path
from gridwright.resolve import resolve

__all__ = [
    "Files",
    "ResolvedSides",
    "Side",
    "SideError",
    "folder_side",
    "sides_of",
    "understand_sides",
    "understood",
]

_INTERFACE, _AMENDMENTS, _UNSAID = "interface.yaml", "amendments.yaml", "unsaid.yaml"


class SideError(Exception):
    """A side that cannot be read at all; the message says which, and what to do."""


class Files(NamedTuple):
    """The files of one system, each as its bytes and the name that a person knows it by.

    Attributes:
        unsaid: what an import left out; None where the spec is of no import.
    """

    interface: tuple[bytes, str]
    amendments: tuple[tuple[bytes, str], ...]
    unsaid: tuple[bytes, str] | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side: how it was named, and the files of its systems by system id."""

    name: str
    systems: Mapping[str, Files]


@dataclass(frozen=True, slots=True)
class ResolvedSides:
    """Both sides, resolved, but for systems that are the same byte for byte; and what is wrong.

    Attributes:
        same: systems whose files are equal on both sides; they are in neither mapping.
        problems: by the name of the side.
    """

    old: Mapping[str, Index]
    new: Mapping[str, Index]
    same: tuple[str, ...]
    problems: tuple[tuple[str, tuple[Diagnostic, ...]], ...]


def sides_of(old: str, new: str | None, specs: Path) -> tuple[Side, Side]:
    """Find both sides.

    Args:
        old: a folder of specs, a revision, or a range: ``A..B``, ``A..`` and ``A...B`` as in git.
        new: the other side; None: what the range says, or the files as they are in ``specs``.
        specs: the folder of the specs, for revisions and for the work tree.

    Raises:
        SideError: there is no such folder, revision or range.
    """
    if new is None and not Path(old).is_dir() and ".." in old:
        three = "..." in old
        first, _, second = old.partition("..." if three else "..")
        first, second = first or "HEAD", second or "HEAD"
        if three:
            first = _git(("merge-base", "--end-of-options", first, second), specs, old).strip()
        return _revision_side(first, specs), _revision_side(second, specs)
    return _side(old, specs), folder_side(specs) if new is None else _side(new, specs)


def folder_side(folder: Path) -> Side:
    """Read the specs of a folder."""
    if not folder.is_dir():
        raise SideError(f"there is no folder {folder}; name that of the specs by --specs")
    systems: dict[str, Files] = {}
    for path in sorted(folder.glob(f"*/{_INTERFACE}")):
        own = path.parent / _AMENDMENTS
        amendments = ((own.read_bytes(), relative_path(own)),) if own.is_file() else ()
        left = path.parent / _UNSAID
        unsaid = (left.read_bytes(), relative_path(left)) if left.is_file() else None
        main = (path.read_bytes(), relative_path(path))
        systems[path.parent.name] = Files(main, amendments, unsaid)
    if not systems:
        raise SideError(f"no spec in {folder}: it needs <system>/{_INTERFACE}")
    return Side(str(folder), systems)


def understand_sides(
    old: Side, new: Side, only: Sequence[str] = (), extra: Iterable[Path] = ()
) -> ResolvedSides:
    """Resolve what differs on both sides.

    Args:
        old: the old side.
        new: the new side.
        only: ids of the systems to look at; empty: all.
        extra: further amendment files, such as private ones, laid over both sides.
    """
    further = tuple((path.read_bytes(), relative_path(path)) for path in extra)
    wanted = [name for name in sorted({*old.systems, *new.systems}) if not only or name in only]
    same = tuple(n for n in wanted if _content(old.systems.get(n)) == _content(new.systems.get(n)))
    found: dict[str, dict[str, Index]] = {}
    problems: list[tuple[str, tuple[Diagnostic, ...]]] = []
    for key, side in (("old", old), ("new", new)):
        found[key] = {}
        wrong: list[Diagnostic] = []
        for name in wanted:
            files = side.systems.get(name)
            if files is not None and name not in same:
                resolved, bad = understood(files, further)
                wrong += bad
                if resolved is not None:
                    found[key][name] = resolved
        if wrong:
            problems.append((side.name, sorted_diagnostics(wrong)))
    return ResolvedSides(found["old"], found["new"], same, tuple(problems))


def understood(
    files: Files, extra: Sequence[tuple[bytes, str]] = ()
) -> tuple[Index | None, list[Diagnostic]]:
    """Read, amend and resolve one system.

    What cannot be generated is no problem here: a comparison needs no output. None where there is
    any other problem.
    """
    amended, problems = amend_text(*files.interface, (*files.amendments, *extra))
    if amended is None or problems:
        return None, problems
    interface, problems = resolve(amended.root, amended.amendments)
    if problems:
        return None, problems
    index = index_of(interface, amended.root)
    if files.unsaid is not None:
        index = replace(index, left_out=read_left_out(*files.unsaid))
    return index, problems


def _content(files: Files | None) -> object:
    """Return what counts of a system's files: their bytes, wherever they lie."""
    if files is None:
        return None
    unsaid = files.unsaid[0] if files.unsaid else b""
    return files.interface[0], [data for data, _ in files.amendments], unsaid


def _side(name: str, specs: Path) -> Side:
    return folder_side(Path(name)) if Path(name).is_dir() else _revision_side(name, specs)


def _revision_side(revision: str, specs: Path) -> Side:
    wrong = f"{revision!r} is neither a folder nor a revision of the repository"
    commit = _git(
        ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"),
        specs,
        wrong,
    ).strip()
    below = _below(specs)
    listed = _git(
        ("ls-tree", "-r", "-z", commit, "--", f"{below}/" if below else "."), specs, wrong
    )
    objects: dict[str, dict[str, str]] = {}
    for line in filter(None, listed.split("\0")):
        about, _, path = line.partition("\t")
        mode, _, digest = about.split(" ")
        system, _, file = path.removeprefix(f"{below}/").partition("/")
        if mode.startswith("100") and file in (_INTERFACE, _AMENDMENTS, _UNSAID):
            objects.setdefault(system, {})[file] = digest
    wanted = {name: files for name, files in objects.items() if _INTERFACE in files}
    if not wanted:
        raise SideError(f"revision {revision!r} has no spec in {specs}; name the folder by --specs")
    texts = _blobs([digest for files in wanted.values() for digest in files.values()], specs)
    folder = relative_path(specs)
    systems: dict[str, Files] = {}
    for name, files in sorted(wanted.items()):
        named = {file: (texts[digest], f"{folder}/{name}/{file}") for file, digest in files.items()}
        amendments = (named[_AMENDMENTS],) if _AMENDMENTS in named else ()
        systems[name] = Files(named[_INTERFACE], amendments, named.get(_UNSAID))
    return Side(revision, systems)


def _blobs(digests: Sequence[str], folder: Path) -> dict[str, bytes]:
    """Read objects by one call of git; each comes as a line about it, its bytes, a line break."""
    asked = "".join(f"{digest}\n" for digest in digests).encode()
    output = _run(("cat-file", "--batch"), folder, asked)
    texts: dict[str, bytes] = {}
    at = 0
    for digest in digests:
        end = output.index(b"\n", at)
        size = int(output[at:end].rsplit(b" ", 1)[1])
        texts[digest] = output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return texts


def _git(arguments: Sequence[str], folder: Path, wrong: str) -> str:
    try:
        return _run(arguments, folder, b"").decode("utf-8", "surrogateescape")
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise SideError(f"{wrong}{f' ({said})' if said else ''}") from None


def _run(arguments: Sequence[str], folder: Path, given: bytes) -> bytes:
    try:
        return subprocess.run(  # noqa: S603 - no shell, and options cannot be smuggled in
            ["git", "-C", str(_where(folder)), *arguments],  # noqa: S607 - the user's own git, found as a shell would
            input=given,
            capture_output=True,
            check=True,
        ).stdout
    except FileNotFoundError:
        raise SideError("git is not installed; give two folders of specs instead") from None


def _where(folder: Path) -> Path:
    """Return the folder, or the one above it that is there: a revision may have what is gone."""
    whole = folder.resolve()
    return next(path for path in (whole, *whole.parents) if path.is_dir())


def _below(folder: Path) -> str:
    """Return the part of the folder's path that is not there."""
    inner = folder.resolve().relative_to(_where(folder)).as_posix()
    return "" if inner == "." else inner
