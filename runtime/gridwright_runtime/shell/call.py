"""`gridwright call`: one operation of one system, from a shell."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ..errors import GridwrightError
from ..interface import Operation
from ..message import RawReply
from ..record import Record
from ..reply import Reply
from .advice import advice_on
from .credentials import credentials_of, missing_credentials
from .failures import exit_status, failure_data
from .inputs import Inputs, read_structure
from .long_waits import long_waits_shown
from .operation_options import (
    CommandLineOption,
    add_arguments,
    add_client_options,
    gathered,
    method_of,
)
from .option_parser import OptionParser, has_option
from .output import FORMS, as_plain, form_of, print_object, write_records
from .packages import PackageLocation, SystemPackage, facts_of, list_systems, load_package
from .parse_values import TypingContext
from .usage_error import UsageError, near

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["call"]

_WRONG_USE = 2


def call(
    words: Sequence[str],
    *,
    place: PackageLocation,
    quiet: bool,
    head: Mapping[str, object] | None,
    exits: str = "",
) -> int:
    """Call an operation, and return the exit status.

    Args:
        words: system, operation and options, as they were typed.
        place: where generated packages are looked for.
        quiet: print what is wrong alone, and no result.
        head: what begins the object, where result or error are wanted as one; else None.
        exits: what the exit status means, for the help.
    """
    run, inputs = _Printer(place, quiet, head), Inputs()
    try:
        return _run_call(run, inputs, list(words), exits)
    except UsageError as error:
        run.complain(str(error))
        return _WRONG_USE
    except GridwrightError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        if help := advice_on(error, load_package(place, words[0])):
            print(f"gridwright: do: {help}", file=sys.stderr)
        status = exit_status(error)
        for name in inputs.of_several_lines if status == _WRONG_USE else ():
            print(
                f"gridwright: do: {name} takes one value, and its file has several lines: call "
                "once for each, or read all of them by gridwright harvest",
                file=sys.stderr,
            )
        run.print_error(failure_data(error))
        return status


class _Printer:
    """Prints what a run says, as text or as one object."""

    def __init__(
        self, place: PackageLocation, quiet: bool, head: Mapping[str, object] | None
    ) -> None:
        self.place = place
        self.quiet = quiet
        self.as_json = head is not None
        self._head = head or {}

    def complain(self, text: str) -> None:
        print(f"gridwright: {text}", file=sys.stderr)
        if self.as_json:
            self.print_result(error=text)

    def print_error(self, failure: Mapping[str, Any]) -> None:
        if self.as_json:
            self.print_result(failure=failure)

    def print_result(self, **data: object) -> None:
        print_object({**self._head, **data})

    def say(self, text: str) -> None:
        """Say something about the result, which is no part of it."""
        if not self.quiet and not self.as_json:
            print(text, file=sys.stderr)


def _run_call(run: _Printer, inputs: Inputs, words: list[str], exits: str) -> int:
    if not words or words[0].startswith("-"):
        known = ", ".join(list_systems(run.place)) or "none"
        raise UsageError(f"name a system and an operation; systems: {known}")
    package = load_package(run.place, words[0])
    if len(words) == 1 or words[1].startswith("-"):
        return _list_operations(run, package)
    operation = _operation_of(package, words[1])
    method = method_of(package, operation, has_option(words, "--once"))
    parser = _parser(package, operation, exits)
    client_options = add_client_options(parser, package, _argument_names(method))
    add_arguments(parser, operation, method)
    options = parser.parse_args(words[2:])
    return _with_arguments(run, inputs, package, operation, method, options, client_options)


def _with_arguments(
    run: _Printer,
    inputs: Inputs,
    package: SystemPackage,
    operation: Operation[Any],
    method: Callable[..., Any],
    options: argparse.Namespace,
    client_options: Sequence[CommandLineOption],
) -> int:
    form = form_of(options.output, options.to)
    if form == "raw" and method.__name__ != operation.name:
        raise UsageError("--output raw is one reply: add --once")
    typed = vars(options)
    told = {one.name: one.read(typed[one.dest]) for one in client_options if one.dest in typed}
    told = {name: value for name, value in told.items() if value is not None}
    from_file = _from_file(options.input, inputs)
    about = TypingContext(lambda: (facts_of(run.place, package.name) or {}).get("zone") or "")
    arguments = gathered(options, operation, method, about, inputs, from_file)
    given = credentials_of(package.system, options.credentials)
    if options.dry_run or operation.kind == "write":
        from .dry_run import planning

        absent = missing_credentials(package.system, given) if options.dry_run else []
        names = {item.environment: item.name for item in package.system.credentials}
        # A request can be shown without a key; what stands for it is masked.
        invented = {names[variable]: "no-credential" for variable in absent}
        with planning(package.client)(**told, **given, **invented) as client:
            planned = client.planned_by(method.__name__, arguments)
        if options.dry_run:
            if run.as_json:
                run.print_result(
                    system=package.name, operation=operation.name, request=planned.as_dict()
                )
            elif not run.quiet:
                print(planned)
            return 0
        if not options.yes and not _is_agreed(str(planned)):
            raise UsageError(f"{operation.call} is a write, and was not sent: add --yes to send it")
    with (
        nullcontext() if run.quiet else long_waits_shown(lambda: _zone_of(run, package)),
        package.client(**told, **given) as client,
    ):
        found = getattr(client, method.__name__)(**arguments)
        return _print_found(run, package, operation, method, found, form, options)


def _zone_of(run: _Printer, package: SystemPackage) -> "ZoneInfo | None":
    """Return the zone of the service, or None where nobody knows it."""
    from zoneinfo import ZoneInfo

    zone = (facts_of(run.place, package.name) or {}).get("zone")
    return ZoneInfo(zone) if zone else None


def _print_found(
    run: _Printer,
    package: SystemPackage,
    operation: Operation[Any],
    method: Callable[..., Any],
    found: Any,
    form: str,
    options: argparse.Namespace,
) -> int:
    """Print what a call brought; returns the exit status."""
    to: Path | None = options.to
    if form == "raw":
        return _write_raw(found.raw.body, to)
    records = _records_of(found)
    if run.as_json:
        return _print_as_object(run, package, operation, found, records)
    if operation.reply.model is None:
        run.say(_without_records(found))
    elif not run.quiet or to is not None:
        told, models = _report_progress(run, found, records), _models(method, operation)
        if options.rows == "records" and form not in ("parquet", "xlsx"):
            count = write_records(told, models, form, to)
        else:
            count = _write_as_table(run, told, found, models, form, options)
        if to is not None:
            run.say(f"{to}: {count} rows")
    return _say_what_is_missing(run, found)


def _print_as_object(
    run: _Printer,
    package: SystemPackage,
    operation: Operation[Any],
    found: Any,
    records: Iterable[Record],
) -> int:
    """Print what a call brought as one object; returns the exit status."""
    plain = [as_plain(record) for record in records]
    # What a walk has to tell is known when all of it has been read.
    deviations, failures = getattr(found, "deviations", ()), getattr(found, "failures", ())
    run.print_result(
        system=package.name,
        operation=operation.name,
        records=plain,
        **({"failures": [_failed_data(one) for one in failures]} if failures else {}),
        deviations=[_deviation_data(one) for one in deviations],
    )
    return exit_status(failures[0].error) if failures else 0


def _say_what_is_missing(run: _Printer, found: Any) -> int:
    """Say what did not come as documented; returns the exit status."""
    deviations = getattr(found, "deviations", ())
    without = getattr(found, "without_data", ())
    if without:
        run.say(f"{len(without)} parts of the question have no data, says the service")
    if deviations:
        run.say(f"the reply departs from the document in {len(deviations)} places:")
        for one in deviations[:_MOST_SHOWN]:
            run.say(f"  {one}")
    failures = getattr(found, "failures", ())
    if not failures:
        return 0
    run.say(f"{len(failures)} items failed while others came:")
    for failed in failures[:_MOST_SHOWN]:
        run.say(f"  {failed.place}: {failed.error}")
    return exit_status(failures[0].error)


def _write_as_table(
    run: _Printer,
    records: Iterable[Record],
    found: Any,
    models: Sequence[type[Record]],
    form: str,
    options: argparse.Namespace,
) -> int:
    from .. import tables

    of: Any = "readings" if options.rows == "wide" else options.rows
    try:
        from .write_tables import write_table

        table = tables.table(
            _walked(records) if hasattr(found, "position") else found,
            of=of,
            model=models[0] if models else None,
            label_marks=options.label_marks,
            repeated=options.repeated,
        )
        if options.rows == "wide":
            from ..tables.wide_view import scattered_by

            readings, table = table, tables.wide(table)
            if names := scattered_by(readings, table):
                run.say(f"each row has one interval alone: {', '.join(names)} differ in each")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed: pip install 'gridwright[tables]'"
        ) from None
    except ValueError as error:
        if isinstance(error, GridwrightError):
            raise
        said = str(error).replace("label_marks=", "--label-marks ")
        raise UsageError(said.replace('of="records"', "--rows records")) from None
    return write_table(table, form, options.to)


def _walked(records: Iterable[Record]) -> Reply[Record]:
    """Return all records of a walk as one reply, which had come when the last of them had."""
    found = list(records)
    return Reply(found, raw=RawReply(status_code=200, received_at=datetime.now(UTC)))


def _records_of(found: Any) -> Iterable[Record]:
    if hasattr(found, "records"):
        return list(found.records)
    if hasattr(found, "position"):
        walk: Iterator[Record] = iter(found)
        return walk
    body = getattr(found, "body", None)
    return [body] if isinstance(body, Record) else []


def _report_progress(run: _Printer, found: Any, records: Iterable[Record]) -> Iterator[Record]:
    """Yield records; on a terminal, say how far a walk has come."""
    is_shown = hasattr(found, "position") and not run.quiet and sys.stderr.isatty()
    count = 0
    try:
        for count, record in enumerate(records, 1):
            yield record
            if is_shown and count % _TOLD_EVERY == 0:
                of = f" of {found.total}" if found.total is not None else ""
                print(f"\r\x1b[K{count}{of} records", end="", file=sys.stderr, flush=True)
    except GridwrightError:
        if count:
            run.say(f"{count} records came before it")
        raise
    finally:
        if is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _models(method: Callable[..., Any], operation: Operation[Any]) -> list[type[Record]]:
    import inspect

    kinds = get_args(inspect.signature(method).return_annotation)
    declared = [k for k in kinds if isinstance(k, type) and issubclass(k, Record)][:1]
    if not declared and operation.reply.model is not None:
        declared = [operation.reply.model]
    return declared + [variant.model for variant in operation.reply.variants]


def _without_records(found: Any) -> str:
    body = getattr(found, "body", None)
    path = getattr(body, "path", None)
    return f"{path}: {body.size_bytes} bytes" if path is not None and body is not None else "done"


def _write_raw(body: bytes, to: Path | None) -> int:
    if to is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        to.write_bytes(body)
    return 0


def _failed_data(failed: Any) -> dict[str, Any]:
    return {"place": failed.place, **failure_data(failed.error)}


def _deviation_data(problem: Any) -> dict[str, str]:
    return {
        "path": problem.path,
        "rule": problem.rule,
        "message": problem.message,
        "source": problem.source,
    }


def _from_file(path: str | None, inputs: Inputs) -> Mapping[str, Any]:
    if path is None:
        return {}
    given = path if path == "-" or path.startswith("@") else f"@{path}"
    found = read_structure(inputs.text(given, "--input"), "--input")
    if not isinstance(found, Mapping):
        raise UsageError("--input: the file is to have an object, with the arguments by name")
    return found


def _is_agreed(planned: str) -> bool:
    """Ask somebody at a terminal whether a write is to be sent."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(planned.replace("; nothing was sent", ""), file=sys.stderr)
    print("\nsend it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _operation_of(package: SystemPackage, word: str) -> Operation[Any]:
    name = word.replace("-", "_")
    if name in package.operations:
        return package.operations[name]
    known = package.operations
    by_wire = [one.name for one in known.values() if one.wire_name.lower() == word.lower()]
    help = f"its name here is {' or '.join(by_wire)}" if by_wire else near(word, known)
    raise UsageError(
        f"{package.name} has no operation {word!r}; {help or 'known: ' + ', '.join(known)}"
    )


def _list_operations(run: _Printer, package: SystemPackage) -> int:
    rows = [
        (one.name, one.kind, _summary(getattr(package.client, one.name)))
        for one in package.operations.values()
    ]
    if run.as_json:
        run.print_result(
            system=package.name,
            operations=[{"name": name, "kind": kind, "about": about} for name, kind, about in rows],
        )
        return 0
    width = max(len(name) for name, _, _ in rows)
    for name, kind, about in rows:
        print(f"{name:<{width}}  {kind:<5}  {about}")
    return 0


def _summary(method: Callable[..., Any]) -> str:
    first = (method.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split())


def _argument_names(method: Callable[..., Any]) -> frozenset[str]:
    import inspect

    of_both = {"format", "strict", "timeout_seconds"}
    return frozenset(inspect.signature(method).parameters) - of_both


def _parser(
    package: SystemPackage, operation: Operation[Any], exits: str
) -> argparse.ArgumentParser:
    method = getattr(package.client, operation.name)
    parser = OptionParser(
        f"gridwright call {package.name} {operation.name}",
        description=_summary(method).replace("%", "%%"),
        epilog=f"A value may be @FILE, or - for standard input.\n\n{exits}",
    )
    parser.add_argument(
        "--input", metavar="FILE", help="arguments by name, as JSON or YAML; options count for more"
    )
    parser.add_argument(
        "--output", choices=FORMS, help="form of the result (default: by --to, else table)"
    )
    parser.add_argument(
        "--rows",
        choices=("records", "readings", "registers", "wide"),
        default="records",
        help="a row is a record, an interval, a state of a register, or a day with a column for "
        "each interval; all but the first need the extra tables",
    )
    parser.add_argument(
        "--label-marks", choices=("start", "end"),
        help="which end of its interval a label names, where the document leaves it open",
    )  # fmt: skip
    parser.add_argument(
        "--repeated", choices=("first", "second"),
        help="which of two intervals is meant, where the clocks go back",
    )  # fmt: skip
    parser.add_argument("--to", type=Path, metavar="FILE", help="where the result goes")
    parser.add_argument(
        "--credentials", type=Path, metavar="FILE",
        help="lines NAME=value, readable for you alone; else the environment has them",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="show the request, secrets masked; send nothing"
    )
    parser.add_argument("--once", action="store_true", help="make one call: no further pages")
    parser.add_argument("--yes", action="store_true", help="send a write without asking")
    parser.add_argument(
        "--json", action="store_true", help="print the result, or the error, as one object"
    )
    parser.add_argument("--quiet", action="store_true", help="print what is wrong alone")
    return parser


_MOST_SHOWN = 10
_TOLD_EVERY = 200
