"""Turn specs into artifacts: the whole run as one function per system."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridwright.checks import check
from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.ir import Interface
from gridwright.load import Amended, load_system
from gridwright.output.artifact import Artifact
from gridwright.resolve import resolve

__all__ = ["GenerateResult", "generate", "interface_of", "understand", "without_collecting"]


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What one system became: artifacts, or the problems that stand in the way of them."""

    interface: Interface | None
    artifacts: tuple[Artifact, ...]
    problems: tuple[Diagnostic, ...]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Put the garbage collector off: looking for cycles takes a tenth of a run, and finds few."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_collecting()
def generate(
    specs: Path,
    system: str,
    amendments: Sequence[Path] = (),
    package: str = "gridwright_apis",
    *,
    carry_spec: bool = False,
) -> GenerateResult:
    """Generate everything of one system; nothing is written.

    Args:
        specs: folder of the specs.
        system: id of the system.
        amendments: further amendment files, such as private ones.
        package: import path of the package that holds all systems.
        carry_spec: put the spec into its OpenAPI document, too.
    """
    # Here, not above: a run that finds nothing to do never loads the heavy tools.
    from gridwright.output.render import render
    from gridwright.targets import views

    amended, found = load_system(specs, system, amendments)
    interface, problems = understand(amended, found)
    if interface is None or amended is None or problems:
        return GenerateResult(interface, (), problems)
    own = f"{package}.{system}"
    made = views(interface, own, amended.plain() if carry_spec else None)
    artifacts = tuple(render(view, own) for view in made)
    return GenerateResult(interface, artifacts, ())


def interface_of(
    specs: Path, system: str, amendments: Sequence[Path] = ()
) -> tuple[Interface | None, tuple[Diagnostic, ...]]:
    """Read, amend, resolve and check one system."""
    amended, problems = load_system(specs, system, amendments)
    return understand(amended, problems)


def understand(
    amended: Amended | None, problems: Sequence[Diagnostic]
) -> tuple[Interface | None, tuple[Diagnostic, ...]]:
    """Resolve and check what was loaded; problems of loading come along."""
    if amended is None:
        return None, sorted_diagnostics(problems)
    interface, found = resolve(amended.root, amended.amendments)
    found += check(interface)
    # Where the grammar was broken, what follows from it at the same place says nothing new.
    broken = {problem.span for problem in problems}
    following = [problem for problem in found if problem.span not in broken]
    return interface, sorted_diagnostics([*problems, *following])
