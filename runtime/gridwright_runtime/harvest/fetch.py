"""Read one chunk, write its parts, and say in the ledger what became of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from .. import tables
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    ConsentError,
    GridwrightError,
    ItemFailure,
    LimitError,
    NoDataError,
    NotSubscribedError,
    ProviderError,
    RequestTimeoutError,
)
from ..problems import Deviation
from ..record import Record
from ..redact import printable
from .ledger import Chunk, Ledger, LedgerError, State
from .part_files import check_key, write_parts
from .plan import Plan, arguments_for

__all__ = ["Fetcher", "RefusedSubjectError", "Stopped", "UnreachableError"]


class Stopped(Exception):
    """The run cannot go on; the chunk in hand is due again.

    Attributes:
        by_limit: a limit or closed hours stopped it.
        retry_at: when it may go on; None: nobody knows.
    """

    def __init__(self, said: str, *, by_limit: bool = False, retry_at: datetime | None = None):
        super().__init__(said)
        self.by_limit = by_limit
        self.retry_at = retry_at


class UnreachableError(Stopped):
    """No connection to the service could be made."""


class RefusedSubjectError(Stopped):
    """The account may not ask about one subject; others may be answered all the same."""


class Fetcher(Struct, frozen=True):
    """What all chunks of a harvest share; its repr shows no subject."""

    folder: Path
    plan: Plan
    call: Callable[..., Any]
    kinds: Mapping[str, Any]
    """By name, what the client takes for an argument."""
    fixed: Mapping[str, Any]
    """Arguments that are the same in every call."""
    subjects: Mapping[str, str]
    """By hash."""

    def __repr__(self) -> str:
        return f"<Fetcher of {self.plan.system}.{self.plan.operation}>"

    def fetch(self, ledger: Ledger, chunk: Chunk) -> None:
        """Read a chunk.

        Raises:
            UnreachableError: no connection could be made; the chunk is due again.
            RefusedSubjectError: the account may not ask about this subject; all chunks of it that
                were due have failed.
            Stopped: no other chunk could be read either.
        """
        try:
            self._fetch(ledger, chunk)
        except NoDataError as error:
            came = _time_of(datetime.now(UTC), chunk)
            ledger.finish(chunk, "nothing", fetched_at=came, code=error.code or "")
        except ConsentError as error:
            code = error.code or ""
            if error.consent_from is None:
                ledger.finish(chunk, "refused", code=code, error=_describe_error(error))
            else:
                ledger.refuse_before(chunk, error.consent_from, code)
        except LimitError as error:
            said = _describe_error(error)
            ledger.finish(chunk, "due", code=error.code or "", error=said)
            raise Stopped(said, by_limit=True, retry_at=error.retry_at) from None
        except NotSubscribedError as error:
            code, said = error.code or "", _describe_error(error)
            if self.plan.subject:
                ledger.fail_subject(chunk, code=code, error=said)
                raise RefusedSubjectError(said) from None
            ledger.finish(chunk, "due", code=code, error=said)
            raise Stopped(said) from None
        except (AuthenticationError, ConfigurationError) as error:
            code, said = getattr(error, "code", None) or "", _describe_error(error)
            ledger.finish(chunk, "due", code=code, error=said)
            raise Stopped(said) from None
        except GridwrightError as error:
            if _is_unreachable(error):
                said = f"the service cannot be reached: {_describe_error(error)}"
                ledger.finish(chunk, "due", error=said)
                raise UnreachableError(said) from None
            code = getattr(error, "code", None) or ""
            ledger.finish(chunk, "failed", code=code, error=_describe_error(error))
        except LedgerError:
            raise  # who has lost the ledger has lost the chunk
        except OSError as error:
            ledger.finish(chunk, "due")
            raise Stopped(f"a part cannot be written: {error.strerror}") from None
        except ValueError as error:
            # Ours: they name columns, and never a value.
            ledger.finish(chunk, "failed", error=_describe_error(error))
        except BaseException:
            ledger.finish(chunk, "due")
            raise

    def _fetch(self, ledger: Ledger, chunk: Chunk) -> None:
        subject = self.subjects.get(chunk.subject)
        if subject is None:
            ledger.finish(chunk, "failed", error="the subject is not in the list any more")
            return
        asked = arguments_for(self.plan, self.kinds, subject, chunk.start, chunk.end)
        try:
            reply = self.call(**{**self.fixed, **asked})
        except ProviderError as error:
            if not _is_of_items(error):
                raise
            said = f"all {len(error.failures)} items failed, the first by {_describe_error(error)}"
            ledger.finish(chunk, "failed", code=error.code or "", error=said)
            return
        came = _time_of(reply.raw.received_at or datetime.now(UTC), chunk)
        found: dict[str, pa.Table] = {}
        for of, table in _tables(reply, self.plan):
            whole = _with_time(_with_subject(table, self.plan.subject, subject), came)
            check_key(whole, key_of(self.plan, of))
            if whole.num_rows:
                found[of] = whole
        parts = write_parts(self.folder, f"{chunk.start:%Y-%m}", found) if found else {}
        end = _end_of(reply)
        ledger.finish(chunk, end.state, fetched_at=came, parts=parts, code=end.code, error=end.said)


def key_of(plan: Plan, of: str) -> tuple[str, ...]:
    """Return the columns that tell rows of a kind of table apart.

    Whoever writes a key may forget what no reply can show to be lacking, since it has one of it
    alone: whose its rows are, and of which interval the only one is.
    """
    names = [*([plan.subject] if plan.subject else []), *plan.key]
    if of != "records":
        names += ["interval_start", "quantity"]
    if of == "registers":
        names = ["read_at" if name == "interval_start" else name for name in names]
    return tuple(dict.fromkeys(names))


class _End(NamedTuple):
    """What became of a chunk that was answered."""

    state: State
    code: str
    said: str


def _end_of(reply: Any) -> _End:
    """Return what became of a chunk whose records are kept: its other items may have failed."""
    failures: Sequence[ItemFailure] = getattr(reply, "failures", ())
    told = []
    failed = [one for one in failures if not isinstance(one.error, NoDataError)]
    if failed:
        told.append(f"{len(failed)} items failed, the first by {_describe_error(failed[0].error)}")
    deviations: Sequence[Deviation] = getattr(reply, "deviations", ())
    unanswered = [one for one in deviations if one.rule in _INCOMPLETE]
    told += [printable(f"{one.rule}: {one.message}") for one in unanswered]
    if lacking := len(failures) - len(failed):
        told.append(f"of {lacking} items the service says that it has no data")
    if departs := _departures([one for one in deviations if one not in unanswered]):
        told.append(departs)
    code = (failed[0].error.code or "") if failed else ""
    return _End("failed" if failed or unanswered else "done", code, "; ".join(told))


# What a walk says at its end of records that never came.
_INCOMPLETE = frozenset({"not-answered", "fewer-than-total", "more-than-total"})


def _departures(deviations: Sequence[Deviation]) -> str:
    """Say by rule how often a reply departs from the document; empty: nowhere."""
    rules = Counter(one.rule for one in deviations)
    if not rules:
        return ""
    counts = ", ".join(f"{rule} ({number})" for rule, number in sorted(rules.items()))
    return printable(f"departs from the document: {counts}, the first at {deviations[0]}", 500)


def _is_of_items(error: ProviderError) -> bool:
    """Say whether items failed in ways that mean nothing for the chunk as a whole."""
    if not error.failures or isinstance(error, LimitError):
        return False
    if isinstance(error, ConsentError) and len(error.failures) == 1:
        return False
    return not all(isinstance(one.error, NoDataError) for one in error.failures)


def _tables(reply: Any, plan: Plan) -> list[tuple[str, pa.Table]]:
    from ..tables.reading_sources import sources_of

    model: type[Record] = getattr(reply, "model", None) or type(reply.body)
    told: dict[str, Any] = {"label_marks": plan.label_marks, "repeated": plan.repeated}
    first = tables.kind_of(model)
    found: list[tuple[str, pa.Table]] = [(first, tables.table(reply, model=model, **told))]
    if first == "readings" and sources_of(model, "registers"):
        found.append(("registers", tables.table(reply, of="registers", model=model, **told)))
    return found


def _with_subject(table: pa.Table, name: str, subject: str) -> pa.Table:
    """Return a table that says of each row whose it is.

    Raises:
        ValueError: the reply is about somebody else, or does not say about whom.
    """
    if not name:
        return table
    if name not in table.column_names:
        return table.append_column(name, pa.array([subject] * table.num_rows, pa.string()))
    column = table.column(name).cast(pa.string())  # a number, for example
    if table.num_rows and not pc.all(pc.equal(column, subject), skip_nulls=False).as_py():
        raise ValueError(f"the reply is not about the {name} that was asked for")
    return table


def _time_of(came: datetime, chunk: Chunk) -> datetime:
    """Return when a reply had come, later than the one before, though a clock was set back.

    What was read last counts as the newest; by a clock that was ahead once, no correction would.
    """
    if not chunk.fetched_at:
        return came
    return max(came, datetime.fromisoformat(chunk.fetched_at) + timedelta(microseconds=1))


def _with_time(table: pa.Table, came: datetime) -> pa.Table:
    """Return a table that says of each row when its reply had come."""
    place = table.schema.get_field_index("fetched_at")
    if place < 0:
        return table
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array([came] * table.num_rows, field.type))


def _is_unreachable(error: GridwrightError) -> bool:
    """Say whether no connection was made, so that any other call would have failed, too."""
    if isinstance(error, RequestTimeoutError):
        return error.phase == "connect"
    return isinstance(error, ConnectError)


def _describe_error(error: Exception) -> str:
    name = type(error).__name__
    return printable(str(error) if name in str(error) else f"{name}: {error}", 300)
