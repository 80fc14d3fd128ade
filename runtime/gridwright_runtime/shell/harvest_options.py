"""Read what to harvest: from the options that were typed, and from the spec for all others."""

import argparse
import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct
from msgspec.structs import fields, replace

from ..interface import Harvest, Operation
from ..tables.flatten import without_none
from .inputs import Inputs
from .packages import SystemPackage
from .parse_values import TypingContext, is_month, read_typed
from .usage_error import UsageError

if TYPE_CHECKING:
    from ..harvest.plan import Plan

__all__ = [
    "SubjectNames",
    "Wanted",
    "day_of",
    "first_day_of_lake",
    "late_notes",
    "merge_options",
    "plan_for",
    "require_days",
    "subjects_of",
]


class Wanted(Struct, frozen=True, kw_only=True):
    """What was typed, completed by the spec."""

    harvest: Harvest
    source: str
    """Of subjects: ``@FILE``, ``-``, or empty where `harvest` says what lists them."""


class SubjectNames(Struct, frozen=True, kw_only=True):
    """All subjects; its repr shows none."""

    names: Sequence[str]
    since: Mapping[str, date]
    """Their first days, as far as they are known."""

    def first_days(self, since: date) -> Mapping[str, date]:
        """Return the first day of each that begins later than all others."""
        return {name: day for name, day in self.since.items() if day > since}

    def __repr__(self) -> str:
        return f"<{len(self.names)} subjects>"


def merge_options(
    operation: Operation[Any], told: Harvest, options: argparse.Namespace, zone: str
) -> Wanted:
    """Return what is wanted: an option counts for more than the spec.

    Raises:
        UsageError: nobody says what a harvest needs.
    """
    names = options.window.replace("-", "_").split(":") if options.window else []
    found = told
    if names:
        last = names[1] if len(names) > 1 else ""
        found = replace(found, first=names[0], last=last, end="included", step="P1D")
    if options.window_end:
        found = replace(found, end=options.window_end)
    if options.step:
        found = replace(found, step=options.step)
    if options.published:
        found = replace(found, published_seconds=_seconds(options.published, "--published"))
    if options.corrected:
        found = replace(found, corrected_seconds=_seconds(options.corrected, "--corrected"))
    found = replace(found, zone=options.zone or found.zone or zone)
    found, source = _subject_source(found, options.each)
    missing = [] if found.first else ["--window ARGUMENT"]
    missing += [] if options.key or operation.harvest is not None else ["--key COLUMN,…"]
    if missing:
        raise UsageError(
            f"the spec does not say how {operation.call} is harvested: give {', '.join(missing)}"
        )
    if found.each and not source and not found.listed_by:
        raise UsageError(
            f"nothing lists all of {found.each}: give --each {found.each}=@FILE, with a line for "
            "each"
        )
    if not found.zone:
        raise UsageError("nobody knows the zone of the service: say it, such as --zone Asia/Seoul")
    return Wanted(harvest=found, source=source)


def _subject_source(told: Harvest, text: str | None) -> tuple[Harvest, str]:
    """Return who names the subjects, and what was typed of it."""
    if not text:
        return told, ""
    name, equals, source = text.partition("=")
    if not equals and told.each and (text == "-" or text.startswith("@") or "." in text):
        name, source = told.each, text
    if not source:
        short = "@FILE, " if told.each else ""
        raise UsageError(f"--each: write {short}ARGUMENT=@FILE, or ARGUMENT=OPERATION.FIELD")
    found = replace(told, each=name.replace("-", "_"))
    if source == "-" or source.startswith("@"):
        return replace(found, listed_by="", listed_as="", since=""), source
    by, _, field = source.replace("-", "_").partition(".")
    since = told.since if by == told.listed_by else ""
    return replace(found, listed_by=by, listed_as=field, since=since), ""


def subjects_of(
    package: SystemPackage, client: Any, wanted: Wanted, inputs: Inputs
) -> SubjectNames:
    """Return the subjects: of a file, of standard input, or of another operation's records.

    Raises:
        UsageError: there is no such operation.
    """
    told = wanted.harvest
    if not told.each:
        return SubjectNames(names=[""], since={})
    if wanted.source:
        names = list(dict.fromkeys(inputs.lines(wanted.source, "--each")))
        if not names:
            where = "standard input" if wanted.source == "-" else wanted.source.removeprefix("@")
            raise UsageError(f"--each: {where} has no line with a {told.each}: nobody to read")
        return SubjectNames(names=names, since={})
    operation = package.operations.get(told.listed_by)
    if operation is None or operation.kind == "write" or not told.listed_as:
        raise UsageError(
            f"--each: {package.name} has no read {told.listed_by!r}; write OPERATION.FIELD"
        )
    found = getattr(client, operation.walk or operation.name)()
    records = found.records if hasattr(found, "records") else (
        [found.body] if hasattr(found, "body") else found
    )  # fmt: skip
    records = list(records)
    values = [getattr(one, told.listed_as, None) for one in records]
    from ..harvest.hints import first_days

    names = [str(one) for one in dict.fromkeys(values) if one is not None]
    if not names:
        raise UsageError(
            f"--each: {package.name}.{operation.name} lists no {told.listed_as}: nobody to read"
        )
    return SubjectNames(
        names=names,
        since=first_days(records, told.listed_as, told.since, told.zone),
    )


def plan_for(
    system: str,
    operation: Operation[Any],
    method: Callable[..., Any],
    wanted: Wanted,
    options: argparse.Namespace,
    subjects: SubjectNames,
) -> "Plan":
    """Return the plan of a harvest.

    Raises:
        UsageError: it cannot be carried out.
    """
    from ..harvest.plan import Plan, PlanError, Window, check_kinds, length_of, subject_text

    told, parameters = wanted.harvest, inspect.signature(method).parameters
    for name in (told.each, told.first, told.last):
        if name and name not in parameters:
            raise UsageError(
                f"{operation.call} has no argument {name!r}; known: "
                + ", ".join(name for name in parameters if name not in _NO_ARGUMENTS)
            )
    try:
        length_of(told.step)
    except PlanError as error:
        raise UsageError(f"--step: {error}") from None
    told = _with_length(operation, told, options.step)
    plan = Plan(
        system=system,
        operation=operation.name,
        subject=told.each,
        window=Window(first=told.first, last=told.last, step=told.step, end=told.end),
        key=_key(operation, method, told, options.key),
        since=_since(told, options, subjects),
        zone=told.zone,
        published_seconds=told.published_seconds,
        corrected_seconds=told.corrected_seconds,
        label_marks=options.label_marks,
        repeated=options.repeated,
    )
    kinds = {name: one.annotation for name, one in parameters.items()}
    try:
        check_kinds(plan, kinds)
        for subject in subjects.names if plan.subject else ():
            subject_text(subject, kinds[plan.subject])
    except PlanError as error:
        raise UsageError(str(error)) from None
    return plan


def _with_length(operation: Operation[Any], told: Harvest, typed: str | None) -> Harvest:
    """Return how it is harvested, with windows of months where a call is about a month.

    Raises:
        UsageError: another length was typed than that of what a call is about.
    """
    if told.last:
        return told
    wire_kinds = {one.name: without_none(one.type) for one in fields(operation.request.model)}
    if not is_month(wire_kinds.get(told.first)):
        if told.step != "P1D":
            raise UsageError("--step: a call is about one day here; name two arguments, as FROM:TO")
        return told
    if typed not in (None, "P1M"):
        raise UsageError("--step: a call is about one month here: P1M, or leave it out")
    return replace(told, step="P1M")


_NO_ARGUMENTS = ("self", "format", "strict", "timeout_seconds")


def require_days(plan: "Plan", options: argparse.Namespace) -> None:
    """Check that a last day that was typed leaves a day to read.

    Raises:
        UsageError: it does not.
    """
    until = day_of(options.until, plan.zone, "--to")
    if options.until != "today" and until <= plan.since:
        raise UsageError(
            f"--to: {until} is the first day that is not read, and {plan.since} the first one "
            "that is: no day is left between them"
        )


def late_notes(plan: "Plan", options: argparse.Namespace) -> tuple[str, ...]:
    """Return a note where nobody says that values come late: a harvest would not notice."""
    is_said = options.corrected or options.published or plan.corrected_seconds
    if is_said or plan.published_seconds or options.until != "today":
        return ()
    return (
        "nobody says how long values may come late: what is read once is not read again; with "
        "--corrected P7D, for example, days are read again for a week (P0D: never)",
    )


def _key(
    operation: Operation[Any], method: Callable[..., Any], told: Harvest, typed: str | None
) -> tuple[str, ...]:
    if typed:
        return tuple(one.strip() for one in typed.split(","))
    from ..harvest.hints import key_columns

    model = operation.reply.model
    if operation.walk:
        (model,) = get_args(inspect.signature(method).return_annotation)
    if model is None:
        raise UsageError(f"{operation.call} brings no records: nothing to harvest")
    try:
        return key_columns(model, told.each, told.key)
    except ValueError as error:
        raise UsageError(f"{error}: say --key") from None


def _since(told: Harvest, options: argparse.Namespace, subjects: SubjectNames) -> date:
    """Return the first day: as it was typed, of the lake that is there, or by the spec."""
    from ..harvest.hints import first_day

    if options.since:
        return day_of(options.since, told.zone, "--from")
    if (known := first_day_of_lake(options.into)) is not None:
        return known
    if told.history:
        return first_day(told.history, day_of("today", told.zone, "--from"))
    if subjects.since:
        return min(subjects.since.values())
    raise UsageError("nobody says how far back there is something: give --from DAY")


def first_day_of_lake(folder: Path) -> date | None:
    """Return the first day of a lake; None: there is no lake."""
    from ..harvest.report import plan_of

    try:
        return plan_of(folder).since
    except FileNotFoundError:
        return None


def day_of(text: str, zone: str, name: str) -> date:
    """Return a day as people type it, by the calendar of a zone."""
    found: date = read_typed(text, date, None, TypingContext(lambda: zone), name)
    return found


def _seconds(text: str, name: str) -> float:
    found: timedelta = read_typed(text, timedelta, None, TypingContext(), name)
    return found.total_seconds()
