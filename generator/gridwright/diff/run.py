"""Run `gridwright diff` as one function: two sides in, a report out. Never prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.diff.accept import applied, read_acceptances
from gridwright.diff.compare import compare_systems
from gridwright.diff.report import Report
from gridwright.diff.sides import Side, SideError, sides_of, understand_sides
from gridwright.load import relative_path
from gridwright.pipeline import without_collecting

__all__ = ["ACCEPTED", "DiffOptions", "DiffResult", "difference", "report_on"]

ACCEPTED = "accepted.yaml"
"""The file of acceptances in the folder of the specs, where none is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """What to compare.

    Attributes:
        old: folder, revision or range.
        new: None: what the range says, or the files of ``specs`` as they are.
        accept: file of acceptances; None: that in ``specs``, where there is one.
        only: ids of systems; empty: all.
        amendments: further amendment files, laid over both sides.
    """

    old: str
    new: str | None
    specs: Path
    accept: Path | None = None
    only: tuple[str, ...] = ()
    amendments: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffResult:
    """A report; or, where a side does not resolve, what is wrong with which side."""

    report: Report | None
    problems: tuple[tuple[str, tuple[Diagnostic, ...]], ...]


@without_collecting()
def difference(wanted: DiffOptions) -> DiffResult:
    """Compare what is wanted.

    Raises:
        SideError: a side cannot be found, or has none of the systems.
        OSError: a file cannot be read.
    """
    old, new = sides_of(wanted.old, wanted.new, wanted.specs)
    known = {*old.systems, *new.systems}
    if unknown := sorted(set(wanted.only) - known):
        raise SideError(
            f"no side has a spec of {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    return report_on(old, new, wanted)


def report_on(old: Side, new: Side, wanted: DiffOptions) -> DiffResult:
    """Compare two sides that were found."""
    accept = wanted.accept
    if accept is None and (wanted.specs / ACCEPTED).is_file():
        accept = wanted.specs / ACCEPTED
    acceptances, wrong = (
        read_acceptances(accept.read_bytes(), relative_path(accept)) if accept else ((), [])
    )
    sides = understand_sides(old, new, wanted.only, wanted.amendments)
    problems: Sequence[tuple[str, tuple[Diagnostic, ...]]] = sides.problems
    if wrong:
        problems = (*problems, (str(accept), sorted_diagnostics(wrong)))
    if problems:
        return DiffResult(None, tuple(problems))
    changes = compare_systems(sides.old, sides.new)
    held, void = applied(changes, acceptances)
    return DiffResult(
        Report(
            old=old.name,
            new=new.name,
            changes=changes,
            accepted=held,
            void=void,
            same=sides.same,
        ),
        (),
    )
