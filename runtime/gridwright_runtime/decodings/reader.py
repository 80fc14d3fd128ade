"""Read the reply of an operation: its payload, or the error that it stands for.

One way for all replies: tell what the body is, decode it, judge it by its own verdict, by the
HTTP status, and only then take the payload at its path.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

from ..errors import DeviationError, ItemFailure
from ..interface import Format, Operation
from ..message import RawReply
from ..problems import Deviation
from ..record import Record
from ..reply import Reply, ReplyBeside
from ..result import Result, ResultBeside
from .bodies import members_of
from .body_deviations import list_deviations
from .circumstances import Circumstances, Refused
from .judging import JudgedReply, all_failed

__all__ = ["Circumstances", "Refused", "list_deviations", "read_reply"]


RecordT = TypeVar("RecordT", bound=Record)
FindDeviations: TypeAlias = Callable[[], Sequence[Deviation]]


def read_reply(
    operation: Operation[RecordT],
    raw: RawReply,
    *,
    format: Format,
    strict: bool = False,
    circumstances: Circumstances = Circumstances(),  # noqa: B008  # frozen
) -> Reply[RecordT] | Result[RecordT] | Refused:
    """Read a reply.

    Args:
        operation: what was called.
        raw: what came back.
        format: what was asked for; a body of another format is read too, and reported.
        strict: refuse a reply that departs from the document.
        circumstances: what the reply cannot say itself.

    Returns:
        A `Reply` where the shape is a list, else a `Result`; `Refused` with

        - a `ProviderError` where the body or the HTTP status says that the call failed,
        - an `HtmlReplyError` where an HTML page came,
        - an `HttpStatusError` where the status is none of success and nothing says more,
        - an `UnexpectedReplyError` where the reply cannot be read,
        - a `DeviationError` where it departs from the document and ``strict`` is true. What failed
          of it is then raised, too.
    """
    members = members_of(operation, raw, circumstances)
    if isinstance(members, str):
        return JudgedReply(operation, raw, circumstances, lack=members).refusal() or _never()
    if operation.reply.packing == "zip_of_many":
        return _read_many(
            operation, raw, members, format, strict=strict, circumstances=circumstances
        )
    judged = JudgedReply(operation, members[0], circumstances)
    refused = judged.refusal()
    if refused is not None:
        return refused
    failures = judged.failures()
    is_empty = not judged.found.payload
    if failures and (strict or (is_empty and not circumstances.keeps_failures)):
        return all_failed(failures)
    find = _finder(operation, raw, format, circumstances)
    outcome = _outcome(operation, raw, judged, circumstances, failures, find)
    if strict and outcome.deviations:
        return judged.refused(_departure(operation, outcome))
    return outcome


def _outcome(
    operation: Operation[RecordT],
    raw: RawReply,
    judged: JudgedReply,
    circumstances: Circumstances,
    failures: Sequence[ItemFailure],
    find_deviations: FindDeviations,
) -> Reply[RecordT] | Result[RecordT]:
    """Return what a reply that has succeeded brings."""
    found, beside = judged.found, judged.beside
    if operation.reply.shape != "list":
        payload: Any = found.payload if circumstances.download is None else circumstances.download
        made = Result if beside is None else partial(ResultBeside, beside=beside)
        return made(
            payload,
            raw=raw,
            code=judged.code,
            description=judged.words,
            transaction_id=circumstances.identity,
            find_deviations=find_deviations,
            attachments=found.attachments,
            failures=failures,
        )
    if beside is None:
        return Reply(
            found.payload,
            raw=raw,
            header=found.judged.header,
            find_deviations=find_deviations,
            model=operation.reply.model,
            failures=failures,
        )
    return ReplyBeside(
        found.payload,
        beside,
        raw=raw,
        header=found.judged.header,
        find_deviations=find_deviations,
        model=operation.reply.model,
        failures=failures,
    )


def _read_many(
    operation: Operation[RecordT],
    raw: RawReply,
    members: Sequence[RawReply],
    format: Format,
    *,
    strict: bool,
    circumstances: Circumstances,
) -> Reply[RecordT] | Refused:
    """Read the messages of an archive into one list."""
    records: list[Any] = []
    header: Mapping[str, str | None] | None = None
    failures: list[ItemFailure] = []
    for number, member in enumerate(members):
        judged = JudgedReply(
            operation, member, circumstances, place=f"member {number + 1} of the archive: "
        )
        if judged.brings_failures_alone:
            failures += judged.failures(f"members[{number}].")
            continue
        refused = judged.refusal()
        if refused is not None:
            return refused
        found = judged.found
        header = found.judged.header if header is None else header
        records += found.payload if operation.reply.shape == "list" else [found.payload]
        failures += judged.failures(f"members[{number}].")
    if failures and (strict or (not records and not circumstances.keeps_failures)):
        return all_failed(failures)
    outcome = Reply(
        records,
        raw=raw,
        header=header,
        find_deviations=_finder(operation, raw, format, circumstances),
        model=operation.reply.model,
        failures=failures,
    )
    if strict and outcome.deviations:
        error = _departure(operation, outcome)
        return Refused(error=error, is_own_word=False, is_access=False)
    return outcome


def _finder(
    operation: Operation[Any], raw: RawReply, format: Format, circumstances: Circumstances
) -> FindDeviations:
    """Return what finds the deviations of a reply when somebody asks."""
    return lambda: list_deviations(operation, raw, format=format, circumstances=circumstances)


def _departure(operation: Operation[Any], outcome: Reply[Any] | Result[Any]) -> DeviationError:
    message = f"{operation.call}: the reply departs from the document"
    return DeviationError(message, raw=outcome.raw, problems=outcome.deviations)


def _never() -> Refused:
    raise AssertionError("a reply that cannot be unpacked is refused")
