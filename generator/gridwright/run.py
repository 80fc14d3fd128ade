"""Run over several systems: generate what changed, or check all of it. Never prints."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridwright.diagnostics import Diagnostic, Span, sorted_diagnostics
from gridwright.inputs import input_digest, tool_digest
from gridwright.ir import Interface
from gridwright.output.write import (
    Made,
    Owned,
    UnownedFileError,
    digest,
    is_unfinished,
    peek_manifest,
    read_manifest,
    write_tree,
)
from gridwright.resources import template_folder

if TYPE_CHECKING:
    from gridwright.pipeline import GenerateResult

__all__ = ["GenerateOptions", "RunResult", "SystemSummary", "check_all", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateOptions:
    """What to generate.

    Attributes:
        whole: the systems are all that exist; files of others are removed.
        force: generate also what has not changed.
        progress: is told what happens; None: nobody listens.
        carry_spec: put the specs into their OpenAPI documents, too.
    """

    specs: Path
    out: Path
    package: str
    systems: tuple[str, ...]
    amendments: tuple[Path, ...]
    whole: bool
    force: bool
    progress: Callable[[str], None] | None
    carry_spec: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSummary:
    """The summary of one system: what it consists of, and what happened to its files."""

    system: str
    counts: Mapping[str, int]
    written: int
    unchanged: int
    removed: int
    seconds: float

    def as_dict(self) -> dict[str, object]:
        """Return the summary for a machine."""
        return asdict(self)

    def __str__(self) -> str:
        counts = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return (
            f"{self.system}: {counts or 'no spec any more'}; {self.written} files written, "
            f"{self.unchanged} unchanged, {self.removed} removed, {self.seconds:.2f} s"
        )


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did; nothing was written where there are problems."""

    rows: tuple[SystemSummary, ...]
    problems: tuple[Diagnostic, ...]


def run(wanted: GenerateOptions, clock: Callable[[], float]) -> RunResult:
    """Generate the systems whose specs, templates or tools changed since the last run.

    Args:
        wanted: what to generate.
        clock: seconds from any start.
    """
    manifest = read_manifest(wanted.out)
    tools = tool_digest(template_folder())
    rows: list[SystemSummary] = []
    todo: dict[str, str] = {}
    for system in wanted.systems:
        started = clock()
        inputs = input_digest(tools, _files(wanted, system), wanted.package, wanted.carry_spec)
        owned = manifest.get(system)
        if owned and not wanted.force and _is_current(owned, wanted.out, inputs):
            rows.append(_unchanged(owned, system, clock() - started))
        else:
            todo[system] = inputs
    gone = sorted(set(manifest) - set(wanted.systems)) if wanted.whole else []
    if not todo and not gone:
        return RunResult(tuple(rows), ())
    results = _generate(wanted, list(todo), clock)
    problems = [problem for result, _ in results.values() for problem in result.problems]
    if problems:
        return RunResult((), sorted_diagnostics(problems))
    made = {
        system: Made(todo[system], _counts(result.interface), result.artifacts)
        for system, (result, _) in results.items()
        if result.interface is not None
    }
    try:
        changes = write_tree(wanted.out, made, gone)
    except UnownedFileError as error:
        return RunResult((), tuple(_in_the_way(wanted.out, path) for path in error.paths))
    rows += [
        SystemSummary(
            system=system,
            counts=made[system].counts if system in made else {},
            written=len(change.written),
            unchanged=len(change.unchanged),
            removed=len(change.removed),
            seconds=results[system][1] if system in results else 0.0,
        )
        for system, change in changes.items()
    ]
    return RunResult(tuple(sorted(rows, key=lambda row: row.system)), ())


def _generate(
    wanted: GenerateOptions, systems: Sequence[str], clock: Callable[[], float]
) -> "dict[str, tuple[GenerateResult, float]]":
    """Return what became of each system, and the seconds that it took; nothing is written."""
    # Here, not above: a run that finds nothing to do never loads the heavy tools.
    from gridwright.pipeline import generate

    tell = wanted.progress or (lambda _: None)
    results = {}
    for number, system in enumerate(systems, 1):
        tell(f"[{number}/{len(systems)}] {system}")
        if number > 1:
            gc.collect()  # the trees of the files before, which a command line does not look for
        started = clock()
        result = generate(
            wanted.specs, system, wanted.amendments, wanted.package, carry_spec=wanted.carry_spec
        )
        results[system] = (result, clock() - started)
    tell("")
    return results


def _counts(interface: Interface) -> dict[str, int]:
    return {
        "operations": len(interface.operations),
        "records": len(interface.records),
        "fields": sum(len(record.fields) for record in interface.records),
        "amendments": len(interface.amendments),
    }


def _in_the_way(out: Path, path: str) -> Diagnostic:
    return Diagnostic(
        Span((out / path).as_posix(), 1, 1),
        "foreign-file",
        "a file that gridwright did not write stands where it would write",
        "move the file away, or choose another --out",
    )


def check_all(
    specs: Path,
    systems: Sequence[str],
    amendments: Sequence[Path],
    *,
    documents: Path | None,
    generated: Path | None,
    package: str,
    whole: bool,
    carry_spec: bool = False,
) -> tuple[Diagnostic, ...]:
    """Report every problem of the specs, with notes, and of the output where a folder is given.

    Args:
        specs: folder of the specs.
        systems: ids of the systems.
        amendments: further amendment files.
        documents: folder of the documents; None: literals are not looked up, and the recorded
            hashes of lines stand for the lines.
        generated: folder of the output; None: it is not compared.
        package: import path of the generated package.
        whole: the systems are all that exist; files of others are reported.
        carry_spec: the OpenAPI documents hold the specs, too.
    """
    from gridwright.notes import notes_of
    from gridwright.pipeline import generate, interface_of
    from gridwright.trace.check import check_lines
    from gridwright.trace.quotations import check_literals

    problems: list[Diagnostic] = []
    if generated is not None and is_unfinished(generated):
        problems.append(_stale(generated, "manifest.json", "a run was killed while it wrote"))
    for system in systems:
        if documents is not None:
            problems += check_literals(specs, system, documents)
        problems += check_lines(specs, system, documents)
        if generated is None:
            interface, found = interface_of(specs, system, amendments)
            problems += found or (notes_of(interface) if interface is not None else ())
            continue
        gc.collect()  # the trees of the files before, which a command line does not look for
        result = generate(specs, system, amendments, package, carry_spec=carry_spec)
        problems += result.problems
        if not result.problems and result.interface is not None:
            problems += notes_of(result.interface)
        if not result.problems:
            made = {artifact.path: artifact.text.encode() for artifact in result.artifacts}
            problems += _compare(generated, system, made)
    if generated is not None and whole:
        for system in sorted(set(peek_manifest(generated)) - set(systems)):
            problems.append(_stale(generated, system, "no spec of it exists any more"))
    return sorted_diagnostics(problems)


def _compare(out: Path, system: str, made: dict[str, bytes]) -> list[Diagnostic]:
    owned = peek_manifest(out).get(system)
    ours = set(owned.files) if owned else set()
    found = []
    for path, data in made.items():
        target = out / path
        if not target.is_file():
            found.append(_stale(out, path, "the file is missing"))
        elif target.read_bytes() != data:
            found.append(_stale(out, path, "the file is not what the specs generate"))
    found += [
        _stale(out, path, "the specs generate no such file")
        for path in ours - set(made)
        if (out / path).is_file()
    ]
    if set(made) != ours and not found:
        found.append(_stale(out, "manifest.json", "the manifest does not list the files"))
    return found


def _stale(out: Path, path: str, message: str) -> Diagnostic:
    span = Span((out / path).as_posix(), 1, 1)
    told = "run `gridwright generate` and commit the result"
    return Diagnostic(span, "stale-output", message, told)


def _files(wanted: GenerateOptions, system: str) -> list[Path]:
    folder = wanted.specs / system
    return [folder / "interface.yaml", folder / "amendments.yaml", *wanted.amendments]


def _is_current(owned: Owned, out: Path, inputs: str) -> bool:
    return owned.inputs == inputs and all(
        (out / path).is_file() and digest((out / path).read_bytes()) == known
        for path, known in owned.files.items()
    )


def _unchanged(owned: Owned, system: str, seconds: float) -> SystemSummary:
    return SystemSummary(
        system=system,
        counts=owned.counts,
        written=0,
        unchanged=len(owned.files),
        removed=0,
        seconds=seconds,
    )
