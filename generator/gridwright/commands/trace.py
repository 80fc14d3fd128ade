"""`gridwright trace`: what a spec makes of each line of its document."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import complain, print_problems, print_result, problem_data, say
from gridwright.commands.systems import choose_systems
from gridwright.diagnostics import Diagnostic, sorted_diagnostics

if TYPE_CHECKING:
    from gridwright.trace.page import Sheet

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Compare specs with the lines of their documents, or with those of a newer edition."""
    systems = choose_systems(options)
    if systems is None:
        return WRONG_USE
    if problem := _wrong_use(options, systems):
        complain(options, problem)
        return WRONG_USE
    if options.edition is not None:
        return _edition(options, systems[0])
    if options.record:
        return _record(options, systems)
    return _coverage(options, systems)


def _wrong_use(options: argparse.Namespace, systems: Sequence[str]) -> str:
    if options.edition is not None and len(systems) != 1:
        return "--edition belongs to one system: name it"
    if options.edition is not None and not options.edition.is_file():
        return f"there is no file {options.edition}"
    if options.edition is not None and (
        options.html or options.record or options.uncited or options.in_ranges
    ):
        return "--edition goes with --documents, --move and --json alone"
    if options.move and options.edition is None:
        return "--move needs --edition with the newer text"
    if options.documents is not None and not options.documents.is_dir():
        return f"there is no folder {options.documents}"
    for option in ("html", "record"):
        if getattr(options, option) and options.documents is None:
            return f"--{option} needs --documents: the text itself is not in the repository"
    if options.html is not None and (inside := _repository(options.html, options.specs)):
        return (
            f"{options.html} lies in {inside}: the page holds the documents' text, which must not "
            "come into the repository; write it elsewhere"
        )
    return ""


def _repository(page: Path, specs: Path) -> Path | None:
    """Return the repository of the specs, or their folder, where the page would lie in it."""
    root = specs.resolve()
    root = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    return root if page.resolve().is_relative_to(root) else None


def _coverage(options: argparse.Namespace, systems: Sequence[str]) -> int:
    from gridwright.trace.coverage import in_ranges_alone
    from gridwright.trace.report import coverage_of
    from gridwright.trace.summary import as_data, percent, table

    found = [coverage_of(options.specs, system, options.documents) for system in systems]
    problems = sorted_diagnostics(problem for one in found for problem in one.problems)
    sheets = [one.sheet for one in found if one.sheet is not None]
    if options.html is not None and not _write_page(options, sheets):
        return WRONG_USE
    for sheet in sheets:
        coverage = sheet.coverage
        if not (options.uncited or options.in_ranges):
            say(options, "\n".join(table(coverage)))
            continue
        within = in_ranges_alone(coverage)
        for number in sorted([*coverage.left, *(within if options.in_ranges else ())]):
            shown = f": {_printable_line(sheet.text[number - 1])}" if sheet.text else ""
            say(options, f"{coverage.document}:{number}{shown}")
        left = f"{len(coverage.left)} left"
        left += f", {len(within)} in ranges alone" if options.in_ranges else ""
        say(options, f"{coverage.system}: {percent(coverage):g} %, {left}")
    print_problems(options, problems)
    print_result(
        options,
        systems=[as_data(sheet.coverage) for sheet in sheets],
        problems=[problem_data(problem) for problem in problems],
    )
    return PROBLEMS if problems or any(sheet.coverage.left for sheet in sheets) else FINE


def _write_page(options: argparse.Namespace, sheets: Sequence["Sheet"]) -> bool:
    from gridwright.output.render import render
    from gridwright.output.write import replace_files
    from gridwright.trace.page import page_view

    whole = [sheet for sheet in sheets if sheet.text]
    if not whole:
        complain(
            options,
            "there is no text to show: a document is not at hand, or not the recorded one of which "
            "lines are withheld; run without --html",
        )
        return False
    artifact = render(page_view(whole, options.html.as_posix()), "")
    replace_files({options.html: artifact.text.encode()})
    return True


def _record(options: argparse.Namespace, systems: Sequence[str]) -> int:
    from gridwright.output.write import replace_files
    from gridwright.trace.report import recorded

    texts: dict[Path, bytes] = {}
    problems: list[Diagnostic] = []
    for system in systems:
        made, found = recorded(options.specs, system, options.documents)
        texts |= made
        problems += found
    if problems:
        return _refuse(options, problems)
    replace_files(texts)
    for path in texts:
        say(options, path.as_posix())
    print_result(options, files=[path.as_posix() for path in texts])
    return FINE


def _edition(options: argparse.Namespace, system: str) -> int:
    from gridwright.output.write import replace_files
    from gridwright.trace.edition_report import edition_data, edition_lines
    from gridwright.trace.move import MoveError
    from gridwright.trace.report import edition_of, moved

    found, problems = edition_of(options.specs, system, options.documents, options.edition)
    if found is None:
        return _refuse(options, problems)
    texts: Mapping[Path, bytes] = {}
    if options.move:
        try:
            texts = moved(options.specs, found)
        except MoveError as error:
            complain(options, f"nothing is written: {error}")
            return PROBLEMS
        replace_files(texts)
    say(options, "\n".join(edition_lines(found, texts)))
    print_result(options, **edition_data(found, texts))
    return PROBLEMS if found.needs_reading else FINE


def _printable_line(text: str) -> str:
    """Return a line of a document as a terminal may show it."""
    flat = " ".join(text.split())
    cut = flat if len(flat) <= 100 else f"{flat[:99]}…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def _refuse(options: argparse.Namespace, problems: Sequence[Diagnostic]) -> int:
    found = sorted_diagnostics(problems)
    print_problems(options, found)
    print_result(options, problems=[problem_data(problem) for problem in found])
    return PROBLEMS
