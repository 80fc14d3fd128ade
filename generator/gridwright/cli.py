"""Command line: arguments, printing, exit status. 0 fine, 1 problems found, 2 wrong use."""

import argparse
import io
import ipaddress
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridwright.diagnostics import Diagnostic
from gridwright.trace.command import add_arguments as add_trace_arguments
from gridwright.vocabulary import is_reserved
from gridwright.write import OutputError

if TYPE_CHECKING:
    from gridwright.diff.report import Report

__all__ = ["main"]

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
_OWN = ("gridwright", "gridwright_runtime", "gridwright_apis")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # Specs hold every script, and a terminal may not: show the code point rather than fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    command = {
        "generate": _generate,
        "check": _check,
        "diff": _diff,
        "import": _import,
        "mock": _mock,
        "new": _new,
        "trace": _trace,
    }[options.command]
    try:
        status = command(options)
        sys.stdout.flush()
        return status
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _OWN:
            raise
        print(
            f"gridwright: {error.name} is not installed: pip install 'gridwright[generate]'",
            file=sys.stderr,
        )
        return WRONG_USE
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing is left to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OutputError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        return WRONG_USE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"gridwright: {place}{error.strerror or error}", file=sys.stderr)
        return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gridwright",
        description="Turn interface specs into typed clients, validators, mocks and pages.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    generate = commands.add_parser("generate", help="generate everything from the specs")
    _add_specs(generate)
    generate.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder of the output (default: generated)",
    )
    generate.add_argument(
        "--package",
        type=_package,
        default="gridwright_apis",
        metavar="NAME",
        help="import path of the generated package (default: gridwright_apis)",
    )
    generate.add_argument("--force", action="store_true", help="generate also what has not changed")
    generate.add_argument("--json", action="store_true", help="print the summary as JSON")
    check = commands.add_parser("check", help="report every mistake in the specs; write nothing")
    _add_specs(check)
    check.add_argument(
        "--generated",
        type=Path,
        metavar="DIR",
        help="also compare this folder with what would be generated",
    )
    check.add_argument(
        "--package",
        type=_package,
        default="gridwright_apis",
        metavar="NAME",
        help="import path of the generated package (default: gridwright_apis)",
    )
    check.add_argument(
        "--documents",
        type=Path,
        metavar="DIR",
        help="also check literals, and every line, against the documents",
    )
    check.add_argument("--json", action="store_true", help="print the diagnostics as JSON")
    _add_diff(commands.add_parser("diff", help="say what changed between two states of the specs"))
    trace = commands.add_parser(
        "trace", help="say what the specs make of each line of their documents"
    )
    _add_specs(trace, amend=False)
    add_trace_arguments(trace)
    new = commands.add_parser("new", help="start a spec with an example to overwrite")
    new.add_argument("system", help="id of the system, such as kepco_opm")
    new.add_argument("--specs", type=Path, default=Path("specs"), metavar="DIR")
    imported = commands.add_parser("import", help="draft a spec from a Swagger 2 or OpenAPI 3 file")
    imported.add_argument("file", type=Path, help="the file, JSON or YAML")
    imported.add_argument("--system", required=True, metavar="NAME", help="id of the new system")
    imported.add_argument("--specs", type=Path, default=Path("specs"), metavar="DIR")
    mock = commands.add_parser("mock", help="serve the mock of a system on loopback")
    mock.add_argument("system", help="id of the system, such as kepco_opm")
    mock.add_argument(
        "--host",
        type=_loopback,
        default="127.0.0.1",
        help="loopback address (default: 127.0.0.1)",
    )
    mock.add_argument("--port", type=_port, default=8080, help="0 takes a free one (default: 8080)")
    mock.add_argument("--seed", type=int, default=1, help="same seed, same data (default: 1)")
    mock.add_argument("--package", type=_package, default="gridwright_apis", metavar="NAME")
    return parser


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old", nargs="?", metavar="OLD", help="folder of specs, git revision, or range such as A.."
    )
    parser.add_argument(
        "new", nargs="?", metavar="NEW", help="the same; the specs as they are when not given"
    )
    parser.add_argument(
        "--specs",
        type=Path,
        default=Path("specs"),
        metavar="DIR",
        help="folder of the specs in a revision and in the work tree (default: specs)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "json", "github"),
        default="text",
        help="for a terminal, a pull request, a machine, annotations (default: text)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("breaking", "risky", "safe", "none", "never"),
        default="breaking",
        help="exit with 1 where a change is at least this bad (default: breaking)",
    )
    parser.add_argument(
        "--accept",
        type=Path,
        metavar="FILE",
        help="changes that are agreed to (default: accepted.yaml in the folder of the specs)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="SYSTEM",
        help="look at this system; may be given again",
    )
    parser.add_argument(
        "--amend",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="further amendments for both sides, such as private ones; needs one --only",
    )
    parser.add_argument(
        "--git-driver",
        nargs="+",
        metavar="ARGUMENT",
        help="serve git as an external diff; git itself gives the arguments",
    )


def _package(text: str) -> str:
    parts = text.split(".")
    if all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", p) and not is_reserved(p) for p in parts):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no import path, such as gridwright_apis")


def _loopback(text: str) -> str:
    if text == "localhost":
        return text
    try:
        if ipaddress.ip_address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("mocks listen on loopback alone, such as 127.0.0.1")


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _add_specs(parser: argparse.ArgumentParser, *, amend: bool = True) -> None:
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM", help="all systems when none is named"
    )
    parser.add_argument(
        "--specs",
        type=Path,
        default=Path("specs"),
        metavar="DIR",
        help="folder of the specs (default: specs)",
    )
    if not amend:
        parser.set_defaults(amend=[])
        return
    parser.add_argument(
        "--amend",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="further amendments, such as private ones; needs one SYSTEM",
    )


def _systems(options: argparse.Namespace) -> list[str] | None:
    """Return the systems to work on; None, with a message, where the call makes no sense."""
    from gridwright.load import find_systems

    found = find_systems(options.specs)
    systems = list(options.systems or found)
    problem = ""
    if not options.specs.is_dir():
        problem = f"there is no folder {options.specs}; name it by --specs"
    elif not systems:
        problem = f"no spec in {options.specs}: `gridwright new SYSTEM` starts one"
    elif unknown := sorted(set(systems) - set(found)):
        known = ", ".join(found) or "none"
        problem = f"no spec of {', '.join(unknown)} in {options.specs}; known: {known}"
    elif options.amend and len(systems) != 1:
        problem = "--amend belongs to one system: name it"
    elif missing := [str(path) for path in options.amend if not path.is_file()]:
        problem = f"there is no file {', '.join(missing)}"
    if problem:
        print(f"gridwright: {problem}", file=sys.stderr)
        return None
    return systems


def _generate(options: argparse.Namespace) -> int:
    from gridwright.run import Run, run

    systems = _systems(options)
    if systems is None:
        return WRONG_USE
    if options.amend and options.out is None:
        print(
            "gridwright: --amend needs --out: private facts must not land in a committed folder "
            "unasked",
            file=sys.stderr,
        )
        return WRONG_USE
    quiet = options.json or not sys.stderr.isatty()
    result = run(
        Run(
            specs=options.specs,
            out=options.out or Path("generated"),
            package=options.package,
            systems=tuple(systems),
            amendments=tuple(options.amend),
            whole=not options.systems,
            force=options.force,
            progress=None if quiet else _progress,
        ),
        clock=time.perf_counter,
    )
    if result.problems:
        _print_diagnostics(result.problems, as_json=options.json)
        return PROBLEMS
    if options.json:
        print(json.dumps([row.as_dict() for row in result.rows], indent=1))
    else:
        for row in result.rows:
            print(row)
    return FINE


def _progress(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _check(options: argparse.Namespace) -> int:
    from gridwright.run import check_all

    systems = _systems(options)
    if systems is None:
        return WRONG_USE
    problems = check_all(
        options.specs,
        systems,
        options.amend,
        documents=options.documents,
        generated=options.generated,
        package=options.package,
        whole=not options.systems,
    )
    _print_diagnostics(problems, as_json=options.json)
    if not problems and not options.json:
        print(f"{len(systems)} spec{'s' if len(systems) != 1 else ''} checked: no problem")
    return PROBLEMS if problems else FINE


def _diff(options: argparse.Namespace) -> int:
    from gridwright.diff.run import Wanted, difference
    from gridwright.diff.sides import SideError

    if options.git_driver:
        return _git_driver(options.git_driver)
    problem = ""
    if options.old is None:
        problem = "name what to compare with, such as `gridwright diff origin/main`"
    elif options.amend and len(options.only) != 1:
        problem = "--amend belongs to one system: name it by --only"
    if problem:
        print(f"gridwright: {problem}", file=sys.stderr)
        return WRONG_USE
    try:
        outcome = difference(
            Wanted(
                old=options.old,
                new=options.new,
                specs=options.specs,
                accept=options.accept,
                only=tuple(options.only),
                amendments=tuple(options.amend),
            )
        )
    except SideError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        return WRONG_USE
    if outcome.report is None:
        for side, problems in outcome.problems:
            print(f"gridwright: {side} cannot be compared:", file=sys.stderr)
            for diagnostic in problems:
                print(diagnostic, file=sys.stderr)
        return PROBLEMS
    return _print_report(outcome.report, options.format, options.fail_on)


def _print_report(report: "Report", form: str, fail_on: str) -> int:
    from gridwright.diff.report import fails

    if form == "markdown":
        from gridwright.diff.report_markdown import markdown_report as laid_out
    elif form == "json":
        from gridwright.diff.report_json import json_report as laid_out
    elif form == "github":
        from gridwright.diff.report_github import github_report as laid_out
    else:
        from gridwright.diff.report_text import text_report as laid_out
    print(laid_out(report), end="")
    return PROBLEMS if fails(report, fail_on) else FINE


def _git_driver(arguments: Sequence[str]) -> int:
    from gridwright.diff.driver import driver_output

    if len(arguments) < 7:
        print("gridwright: git calls its driver with seven arguments", file=sys.stderr)
        return WRONG_USE
    print(driver_output(arguments), end="")
    return FINE


def _trace(options: argparse.Namespace) -> int:
    from gridwright.trace.command import trace

    systems = _systems(options)
    return WRONG_USE if systems is None else trace(options, systems)


def _print_diagnostics(problems: Sequence[Diagnostic], *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "file": p.span.file,
                        "line": p.span.line,
                        "column": p.span.column,
                        "code": p.code,
                        "message": p.message,
                        "help": p.help,
                    }
                    for p in problems
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}", file=sys.stderr)


def _new(options: argparse.Namespace) -> int:
    from gridwright.new import NewSpecError, start_spec

    try:
        paths = start_spec(options.specs, options.system)
    except NewSpecError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        return WRONG_USE
    for path in paths:
        print(path)
    print(f"next: transcribe the document, then `gridwright check {options.system}`")
    return FINE


def _import(options: argparse.Namespace) -> int:
    from gridwright.importing.reading import ForeignFileError
    from gridwright.importing.run import import_file
    from gridwright.new import NewSpecError

    try:
        found = import_file(options.file, specs=options.specs, system=options.system)
    except (ForeignFileError, NewSpecError) as error:
        print(f"gridwright: {error}", file=sys.stderr)
        return WRONG_USE
    print(f"{found.path}: {found.operations} operations")
    for line in found.left_out:
        print(f"not said: {line}")
    _print_diagnostics(found.problems, as_json=False)
    print(f"next: review the draft, then `gridwright check {options.system}`")
    return PROBLEMS if found.problems else FINE


def _mock(options: argparse.Namespace) -> int:
    from importlib import import_module

    try:
        module = import_module(f"{options.package}.{options.system}.mock")
        serve = import_module("gridwright_runtime.mock.serve").serve
    except ModuleNotFoundError as error:
        name = error.name or ""
        if name.startswith(options.package):
            message = f"there is no mock of {options.system!r} in {options.package}"
        else:
            message = f"{name} is not installed: pip install 'gridwright[mock]'"
        print(f"gridwright: {message}", file=sys.stderr)
        return WRONG_USE
    try:
        serve(module.application(seed=options.seed), host=options.host, port=options.port)
    except OSError as error:
        where = f"{options.host}:{options.port}"
        print(f"gridwright: cannot listen on {where}: {error.strerror}", file=sys.stderr)
        return WRONG_USE
    return FINE
