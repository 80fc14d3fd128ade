"""`gridwright harvest`: many subjects, long periods, each day again; and what a lake holds."""

import argparse
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from msgspec import structs

from ..errors import GridwrightError
from ..harvest.databases.database import LedgerError
from ..harvest.databases.layout import LayoutError
from ..interface import Harvest, Operation
from ..limits.kinds import QuotaLimit, RateLimit
from ..message import RawReply
from ..reply import Reply
from .advice import advice_on
from .credentials import credentials_of
from .failures import exit_status, failure_data
from .harvest_options import (
    SubjectNames,
    day_of,
    first_day_of_lake,
    late_notes,
    merge_options,
    plan_for,
    require_days,
    subjects_of,
)
from .harvest_progress import progress_shown
from .inputs import Inputs
from .operation_options import add_arguments, add_client_options, gathered, method_of
from .option_parser import OptionParser
from .output import print_object
from .packages import PackageLocation, SystemPackage, facts_of, load_package
from .parse_values import TypingContext
from .usage_error import UsageError, near

if TYPE_CHECKING:
    from ..harvest.run import Outcome

__all__ = ["harvest_command", "whole_reply"]


class Show:
    """Prints a result as one object, where that is wanted."""

    def __init__(self, head: Mapping[str, object] | None) -> None:
        self._head = head
        self.is_json = head is not None

    def __call__(self, **data: object) -> None:
        if self._head is not None:
            print_object({**self._head, **data})


_ACTIONS = ("status", "gaps", "changes", "repair", "compact", "export")
_MOST_SHOWN = 20
_TOLD = ("subject", "start", "end", "said")


def harvest_command(
    words: Sequence[str],
    *,
    place: PackageLocation,
    quiet: bool,
    head: Mapping[str, object] | None,
    exits: str = "",
) -> int:
    """Harvest, or say what a lake holds; returns the exit status.

    Args:
        words: as they were typed after ``gridwright harvest``.
        place: where generated packages are looked for.
        quiet: print what is wrong alone.
        head: what begins the object, where the result is wanted as one; else None.
        exits: what the exit status means, for the help.
    """
    show = Show(head)
    try:
        if words and words[0] in _ACTIONS:
            return _act(words[0], list(words[1:]), quiet, show)
        return _run(list(words), place, quiet, show, exits)
    except UsageError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        show(error=str(error))
        return 2
    except LedgerError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        show(error=str(error))
        return 2 if isinstance(error, LayoutError) else 1
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pyarrow", "duckdb"):
            raise
        message = f"{error.name} is not installed: pip install 'gridwright[harvest]'"
        print(f"gridwright: {message}", file=sys.stderr)
        show(error=message)
        return 2
    except GridwrightError as error:
        print(f"gridwright: {error}", file=sys.stderr)
        if help := advice_on(error, load_package(place, words[0])):
            print(f"gridwright: do: {help}", file=sys.stderr)
        show(failure=failure_data(error))
        status = exit_status(error)
        return status if status in (2, 3) else 1


# --- running ------------------------------------------------------------------------------------


def _run(words: list[str], place: PackageLocation, quiet: bool, show: Show, exits: str) -> int:
    if len(words) < 2 or words[0].startswith("-") or words[1].startswith("-"):
        raise UsageError(
            "name a system and an operation, or one of " + ", ".join(_ACTIONS) + " and a folder"
        )
    package = load_package(place, words[0])
    operation = package.operations.get(words[1].replace("-", "_"))
    if operation is None:
        help = near(words[1], package.operations) or f"see: gridwright call {package.name}"
        raise UsageError(f"{package.name} has no operation {words[1]!r}; {help}")
    if operation.kind == "write":
        raise UsageError(f"{operation.call} is a write: only reads are harvested")
    # All pages of a long answer, where it has pages.
    method = method_of(package, operation, once=False)
    parser = _parser(package, operation, exits)
    asked = frozenset(inspect.signature(method).parameters)
    client_options = add_client_options(parser, package, asked - {"format", "strict"})
    add_arguments(parser, operation, method)
    options = parser.parse_args(words[2:])
    facts = facts_of(place, package.name) or {}
    told_by_spec = operation.harvest or Harvest(first="")
    hints = merge_options(operation, told_by_spec, options, str(facts.get("zone") or ""))
    typed = vars(options)
    told = {one.name: one.read(typed[one.dest]) for one in client_options if one.dest in typed}
    given = credentials_of(package.system, options.credentials)
    with package.client(**told, **given) as client:
        subjects = subjects_of(package, client, hints, Inputs())
        plan = plan_for(package.name, operation, method, hints, options, subjects)
        require_days(plan, options)
        if options.dry_run:
            return _show_plan(package, operation, plan, subjects, options, show)
        return _harvest(client, operation, plan, subjects, options, facts, quiet, show)


def _harvest(
    client: Any,
    operation: Operation[Any],
    plan: Any,
    subjects: SubjectNames,
    options: argparse.Namespace,
    facts: Mapping[str, Any],
    quiet: bool,
    show: Show,
) -> int:
    from ..harvest.meaning import model_of
    from ..harvest.plan import PlanError
    from ..harvest.run import harvest

    method = getattr(client, operation.walk or operation.name)
    kinds = {name: one.annotation for name, one in inspect.signature(method).parameters.items()}
    fixed = _fixed(options, operation, method, plan)
    try:
        with progress_shown(plan.zone, quiet=quiet) as tell:
            outcome = harvest(
                options.into,
                plan,
                whole_reply(method) if operation.walk else method,
                kinds,
                subjects.names,
                until=day_of(options.until, plan.zone, "--to"),
                since=subjects.first_days(
                    min(plan.since, first_day_of_lake(options.into) or plan.since)
                ),
                fixed=fixed,
                ledger=options.ledger,
                workers=options.workers,
                about=_spec_facts(facts),
                model=model_of(getattr(type(client), operation.walk or operation.name)),
                tell=tell,
            )
    except PlanError as error:
        raise UsageError(str(error)) from None
    outcome = structs.replace(outcome, notes=(*outcome.notes, *late_notes(plan, options)))
    show(
        system=plan.system,
        operation=plan.operation,
        chunks=dict(outcome.counts),
        calls=outcome.calls,
        notes=list(outcome.notes),
        lost=list(outcome.lost),
        stopped=outcome.stopped,
        retry_at=None if outcome.retry_at is None else outcome.retry_at.isoformat(),
    )
    _print_outcome(options.into, outcome, quiet=quiet, is_json=show.is_json)
    return outcome.exit_status


def _print_outcome(folder: Path, outcome: "Outcome", *, quiet: bool, is_json: bool) -> None:
    """Print how a harvest ended, and what to look at."""
    from ..harvest.part_files import LostPartsError

    if not quiet and not is_json:
        counts = ", ".join(f"{number} {state}" for state, number in sorted(outcome.counts.items()))
        print(f"{folder}: {counts or 'nothing is due yet'}; {outcome.calls} calls")
        if outcome.released or outcome.orphans:
            print(f"taken over: {outcome.released} chunks, {outcome.orphans} files removed")
        if outcome.exit_status:
            print(f"see: gridwright harvest gaps {folder}")
    if outcome.told and not quiet:
        print(
            f"gridwright: {outcome.told} chunks are done, and have something to tell, such as "
            f"replies that depart from the document; see: gridwright harvest status {folder}",
            file=sys.stderr,
        )
    if outcome.lost:
        print(f"gridwright: {LostPartsError(folder, outcome.lost)}", file=sys.stderr)
    for note in () if quiet else outcome.notes:
        print(f"gridwright: note: {note}", file=sys.stderr)
    if outcome.stopped:
        when = "" if outcome.retry_at is None else f"; go on at {outcome.retry_at.isoformat()}"
        print(f"gridwright: stopped: {outcome.stopped}{when}", file=sys.stderr)


def whole_reply(walk: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that reads all pages of a walk, and gives them as one reply."""
    (model,) = get_args(inspect.signature(walk).return_annotation)

    def read(**arguments: Any) -> Reply[Any]:
        walked = walk(**arguments)
        records = list(walked)
        return Reply(
            records,
            raw=RawReply(status_code=200, received_at=datetime.now(UTC)),
            model=model,
            failures=walked.failures,
            find_deviations=lambda: walked.deviations,
        )

    return read


def _fixed(
    options: argparse.Namespace, operation: Operation[Any], method: Callable[..., Any], plan: Any
) -> dict[str, Any]:
    """Return the arguments that are the same in every call."""
    varied = {plan.subject, plan.window.first, plan.window.last} - {""}
    if named := [name for name in varied if f"argument {name}" in vars(options)]:
        raise UsageError(f"the harvest itself gives {', '.join(sorted(named))}")
    # What varies has a value in every call; for the check of what is missing, any will do.
    standing = dict.fromkeys(varied)
    parameters = inspect.signature(method).parameters
    missing = [
        f"--{name.replace('_', '-')}"
        for name, one in parameters.items()
        if one.default is one.empty and name not in standing
        and f"argument {name}" not in vars(options)
    ]  # fmt: skip
    if missing:
        raise UsageError(f"{operation.call} needs {', '.join(missing)}")

    def asked(**given: Any) -> None:
        """Stand for the method, without what varies."""

    asked.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # inspect reads it
        [one for name, one in parameters.items() if name not in varied]
    )
    return gathered(options, operation, asked, TypingContext(lambda: plan.zone), Inputs(), {})


def _show_plan(
    package: SystemPackage,
    operation: Operation[Any],
    plan: Any,
    subjects: SubjectNames,
    options: argparse.Namespace,
    show: Show,
) -> int:
    from ..harvest.plan import windows
    from ..harvest.run import due_until, settled_days

    now = datetime.now(UTC)
    plan = structs.replace(
        plan, since=min(plan.since, first_day_of_lake(options.into) or plan.since)
    )
    end = due_until(plan, day_of(options.until, plan.zone, "--to"), now)
    since = subjects.first_days(plan.since)
    try:
        settled = settled_days(options.into, plan, subjects.names, now)
    except ValueError as error:
        raise UsageError(str(error)) from None
    each = {name: list(windows(plan, end, since.get(name))) for name in subjects.names}
    most, all_calls = max(map(len, each.values()), default=0), sum(map(len, each.values()))
    there = sum(
        any(first <= start and stop <= last for first, last in settled.get(name, ()))
        for name, cut in each.items()
        for start, stop in cut
    )
    calls = all_calls - there
    seconds = _least_seconds(package, operation, calls)
    show(
        system=plan.system, operation=plan.operation, subjects=len(each), windows=most,
        calls=calls, least_seconds=seconds,
    )  # fmt: skip
    if not show.is_json:
        is_there = f"; {there} of {all_calls} are there:" if there else " ="
        print(
            f"{operation.call}: {len(each)} subjects × up to {most} windows{is_there} {calls} calls"
        )
        print(f"  from {plan.since} to {end}, key {', '.join(plan.key)}")
        lasts = timedelta(seconds=round(seconds))
        print(f"  at least {lasts} by the limits" if seconds else "  no limit of speed is stated")
    return 0


def _least_seconds(package: SystemPackage, operation: Operation[Any], calls: int) -> float:
    """Return how long so many calls take at least, by the rates that the document states."""
    least = 0.0
    for limit in getattr(package.system.limits, "limits", ()) or ():
        if limit.operations and operation.name not in limit.operations:
            continue
        if getattr(limit, "same", ()):  # each chunk asks for something else
            continue
        if isinstance(limit, RateLimit):
            least = max(least, (calls - 1) // limit.requests * limit.per_seconds)
        elif isinstance(limit, QuotaLimit):
            each = {"hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}
            least = max(least, (calls - 1) // limit.requests * each[limit.each])
    return least


def _parser(
    package: SystemPackage, operation: Operation[Any], exits: str
) -> argparse.ArgumentParser:
    parser = OptionParser(
        f"gridwright harvest {package.name} {operation.name}",
        description="Read all subjects over a period into a folder; what is there is not read "
        "again, and what was interrupted goes on. " + _describe_spec(operation),
        epilog=exits,
    )
    add = parser.add_argument
    add("--into", type=Path, default=Path(f"{package.name}.{operation.name}"), metavar="DIR",
        help="folder of the lake (default: SYSTEM.OPERATION)")  # fmt: skip
    add(
        "--each", metavar="[ARGUMENT=]SOURCE",
        help="subjects: an argument, and @FILE with a line for each, or OPERATION.FIELD",
    )  # fmt: skip
    add(
        "--window", metavar="ARGUMENT[:ARGUMENT]",
        help="the argument with the day of a call, or those with its first and its last day",
    )  # fmt: skip
    add("--window-end", choices=("included", "excluded"),
        help="whether the last argument names the last day (default), or the one after it"
        )  # fmt: skip
    add("--step", metavar="LENGTH", help="length of a window: P1D (default), P7D, P1M")
    add("--key", metavar="COLUMN,…",
        help="columns that tell one reading from every other, with the meter")  # fmt: skip
    add("--from", dest="since", metavar="DAY", help="the first day")
    add("--to", dest="until", default="today", metavar="DAY",
        help="the first day that is not read (default: today)")  # fmt: skip
    add("--published", metavar="LENGTH",
        help="how long after its end a window is complete, such as PT48H")  # fmt: skip
    add("--corrected", metavar="LENGTH",
        help="how long after that values may change; so long they are read again")  # fmt: skip
    add("--zone", default="", metavar="NAME", help="zone of the service (default: the spec's)")
    add("--ledger", default="", metavar="ADDRESS",
        help="for several machines: postgresql://host/name; password: PGPASSWORD")  # fmt: skip
    add("--workers", type=int, default=1, metavar="N", help="calls at once (default: 1)")
    add("--label-marks", choices=("start", "end"),
        help="which end of its interval a label names, where that is left open")  # fmt: skip
    add("--repeated", choices=("first", "second"),
        help="which of two intervals is meant, where the clocks go back")  # fmt: skip
    add("--credentials", type=Path, metavar="FILE",
        help="lines NAME=value, readable for you alone; else the environment has them")  # fmt: skip
    add("--dry-run", action="store_true",
        help="say how many calls it takes, and how long by the limits")  # fmt: skip
    add("--json", action="store_true", help="print the result as one object")
    add("--quiet", action="store_true", help="print what is wrong alone")
    return parser


def _describe_spec(operation: Operation[Any]) -> str:
    if operation.harvest is None:
        return "The spec says nothing of harvests of it: --window, --key and --from are needed."
    return "What no option says, the spec does."


def _spec_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return which spec a lake is made of."""
    import hashlib
    import json

    if not facts:
        return {"interface": ""}
    whole = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    document = facts.get("document") or {}
    return {
        "interface": hashlib.sha256(whole).hexdigest(),
        "document": {"file": document.get("file", ""), "title": document.get("title", "")},
    }


# --- what a lake holds --------------------------------------------------------------------------


def _act(action: str, words: list[str], quiet: bool, show: Show) -> int:
    parser = OptionParser(f"gridwright harvest {action}", place="DIR")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of the lake")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    if action == "export":
        parser.add_argument("--to", type=Path, required=True, metavar="FILE", help=".parquet, .csv")
        parser.add_argument(
            "--of", choices=("readings", "registers", "records"), default="readings"
        )
    if action == "repair":
        parser.add_argument(
            "--read-again", action="store_true",
            help="let chunks be due whose files are lost: the next run reads them again",
        )  # fmt: skip
    options = parser.parse_args(words)
    from ..harvest.databases.places import has_ledger

    if not has_ledger(options.folder):
        raise UsageError(f"there is no lake in {options.folder}")
    try:
        return _DO[action](options, quiet, show)
    except LedgerError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        said = f"{where}{error.strerror or error}"
        print(f"gridwright: {said}", file=sys.stderr)
        show(error=said)
        return 1
    except ValueError as error:
        raise UsageError(str(error)) from None


def _status(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.ledger import COMPLETE, Ledger

    with Ledger(options.folder) as ledger:
        counts, (parts, rows), told = ledger.counts(), ledger.stored(), ledger.told()
        alive = ledger.living_others()
        run = ledger.fact("run")
    told_as = [dict(zip(_TOLD, one, strict=True)) for one in told]
    show(
        chunks=counts, parts=parts, rows=rows, workers=alive, run=run,
        told=told_as,
    )  # fmt: skip
    if not quiet and not show.is_json:
        for state, number in sorted(counts.items()):
            print(f"{number:>10}  {state}")
        print(f"{parts:>10}  parts, {rows} rows")
        print(f"{alive:>10}  workers at work")
        for subject, start, end, said in told[:_MOST_SHOWN]:
            print(f"{subject:<8} {start} to {end}: {said}")
        if (more := len(told) - _MOST_SHOWN) > 0:
            print(f"and {more} more; --json lists all")
    return 0 if all(state in COMPLETE for state in counts) else 1


def _gaps(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.report import gaps, without_data

    found, empty = gaps(options.folder), without_data(options.folder)
    show(
        gaps=[gap._asdict() for gap in found],
        nothing=[
            {"subject": one.subject, "start": one.start, "end": one.end, "code": one.code}
            for one in empty
        ],
    )
    if not quiet and not show.is_json:
        lines = _joined(found)
        for gap, days in lines[:_MOST_SHOWN]:
            each = "each day " if days > 1 else ""
            many = "1 interval has" if gap.intervals == 1 else f"{gap.intervals} intervals have"
            what = f"{each}{many} no value" if gap.intervals else gap.why
            said = " ".join(filter(None, (gap.code, gap.said)))
            whole = ": ".join(filter(None, (f"{gap.start} to {gap.end}", what, said)))
            print(f"{gap.subject:<8} {whole}")
        more = sum(days for _, days in lines[_MOST_SHOWN:])
        print(f"and {more} more; --json lists all" if more > 0 else f"{len(found)} gaps")
        _print_without_data(empty)
    return 1 if found else 0


def _print_without_data(empty: Sequence[Any]) -> None:
    """Print of which windows the service says that it has nothing, which are complete."""
    if not empty:
        return
    print(f"{len(empty)} windows are no gaps: the service says that it has nothing")
    lines = _joined(empty)
    for one, _ in lines[:_MOST_SHOWN]:
        print(f"{one.subject:<8} {one.start} to {one.end}: {one.why} {one.code}".rstrip())
    if (more := sum(days for _, days in lines[_MOST_SHOWN:])) > 0:
        print(f"and {more} more; --json lists all")


def _joined(gaps: Sequence[Any]) -> list[tuple[Any, int]]:
    """Join gaps that follow one another and say the same, with how many each is."""
    found: list[tuple[Any, int]] = []
    for gap in gaps:
        last, count = found[-1] if found else (gap, 0)
        is_next = last.end == gap.start
        if is_next and last._replace(start=gap.start, end=gap.end) == gap:
            found[-1] = (last._replace(end=gap.end), count + 1)
        else:
            found.append((gap, 1))
    return found


def _changes(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.report import changes
    from .output import as_plain

    table = changes(options.folder)
    rows = [{key: as_plain(value) for key, value in row.items()} for row in table.to_pylist()]
    show(changes=rows)
    if not quiet and not show.is_json:
        for row in rows[:_MOST_SHOWN]:
            before, now = row["value_before"], row["value"]
            if row["unit"] != row["unit_before"]:
                before, now = f"{before} {row['unit_before']}", f"{now} {row['unit']}"
            print(f"{row['interval_start']}: {before} became {now}")
        print(f"{len(rows)} values have changed")
    return 0


def _repair(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.ledger import Ledger
    from ..harvest.part_files import find_damaged, month_of_part
    from ..harvest.run import sweep_parts

    with Ledger(options.folder) as ledger:
        released = ledger.release_dead()
        swept = sweep_parts(options.folder, ledger)
        damaged = find_damaged(options.folder, ledger.parts())
        bad = {name: month_of_part(name) for name in (*swept.lost, *damaged)}
        periods = {name: _join_windows(ledger.windows_of(name, bad[name])) for name in bad}
        again = ledger.read_again(bad) if options.read_again else 0
    concerned = [
        {"file": name, "subject": subject, "start": start, "end": end}
        for name, found in periods.items()
        for subject, start, end in found
    ]
    show(
        released=released, orphans=swept.removed, lost=list(swept.lost), damaged=damaged,
        concerned=concerned, due_again=again,
    )  # fmt: skip
    if not quiet and not show.is_json:
        print(f"{released} chunks given back, {swept.removed} files removed")
        for name, found in periods.items():
            print(f"{'damaged' if name in damaged else 'lost'}: {name}")
            for subject, start, end in found[:_MOST_SHOWN]:
                print(f"  {subject:<8} {start} to {end}")
            if (more := len(found) - _MOST_SHOWN) > 0:
                print(f"  and {more} more; --json lists all")
        if options.read_again:
            print(f"{again} chunks are due again")
    if bad and not options.read_again and not show.is_json:
        print(
            "gridwright: put the files back, or give --read-again: the next run reads them again",
            file=sys.stderr,
        )
    return 1 if bad else 0


def _join_windows(windows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Join windows of one subject that follow one another: mask, start and end, sorted."""
    found: list[tuple[str, str, str]] = []
    for subject, start, end in windows:
        if found and (found[-1][0], found[-1][2]) == (subject, start):
            found[-1] = (subject, found[-1][1], end)
        else:
            found.append((subject, start, end))
    return found


def _compact(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.report import compact

    gone = compact(options.folder)
    show(files=gone)
    if not quiet and not show.is_json:
        print(f"{gone} files became one for each month")
    return 0


def _export(options: argparse.Namespace, quiet: bool, show: Show) -> int:
    from ..harvest.report import export

    count = export(options.folder, options.to, options.of)
    show(file=str(options.to), rows=count)
    if not quiet and not show.is_json:
        print(f"{options.to}: {count} rows")
    return 0


_DO: Mapping[str, Callable[[argparse.Namespace, bool, Show], int]] = {
    "status": _status,
    "gaps": _gaps,
    "changes": _changes,
    "repair": _repair,
    "compact": _compact,
    "export": _export,
}
