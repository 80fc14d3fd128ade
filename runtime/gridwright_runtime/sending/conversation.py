"""The conversation of a call, once for all operations, for threads and tasks.

``build -> ( enter -> turn -> send -> read? )* -> read``. The order of an attempt: the results of
logins that are kept, or a login; a turn, where there are limits; the results that serve once; are
all results still alive and the turn still current? Then the request leaves. Where they are not, the
turn is given back unspent and all is got anew, so that nothing that aged while the call waited is
ever sent.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct, structs

from ..clock import Clock
from ..errors import GridwrightError
from ..limits.turns import Touched, Turns
from ..message import Hidden, HttpRequest, RawReply
from ..redact import mask, printable, scrub
from .attempts import Attempts
from .io import IO
from .outcome import Failed, NotAdmitted, identify

if TYPE_CHECKING:
    from ..multipart.upload import Reporting
    from .download import FileSink

__all__ = [
    "CallAccess",
    "Conversation",
    "Draft",
    "OpenAccess",
    "Refused",
    "Replies",
    "Terms",
    "converse",
    "run",
]

FoundT = TypeVar("FoundT")
FoundT_co = TypeVar("FoundT_co", covariant=True)


class Terms(Struct, frozen=True):
    """How long a call may take."""

    timeout_seconds: float
    """Longest single wait."""
    until: float | None = None
    """The time by which the call ends in any case, by the clock's `monotonic`; None: never."""
    wait_for_turn: bool = True
    longest_wait_seconds: float | None = None
    """How long an attempt waits for its turn; None: as long as need be."""

    def wait_until(self, clock: Clock) -> float | None:
        """Return until when a wait for a turn that begins now may last."""
        longest = self.longest_wait_seconds
        if longest is None:
            return self.until
        waited = clock.monotonic() + longest
        return waited if self.until is None else min(waited, self.until)


class Draft(Protocol):
    """A request that was built and checked; see `gridwright_runtime.requests.build`."""

    @property
    def identity(self) -> str:
        """The identifier of the call, for callers its transaction id; empty: it has none."""

    @property
    def sensitive(self) -> Hidden:
        """The secret and personal values that no text about the call may show."""

    @property
    def steps(self) -> frozenset[str]:
        """The names of the login steps whose results the request carries."""

    @property
    def can_be_repeated(self) -> bool:
        """Whether the request can be sent a second time; a stream may be at its end."""

    def follow(self, link: str) -> None:
        """Send the request to an address that the service gave, in place of its own."""

    def request(
        self, *, results: Mapping[str, Mapping[str, str]], now: datetime, serial: str = ""
    ) -> HttpRequest:
        """Return the request as it has to leave now."""


class Refused(Protocol):
    """A reply by which a call has failed; see `gridwright_runtime.decodings.reader`."""

    @property
    def error(self) -> GridwrightError:
        """The error that the reply means."""

    @property
    def is_own_word(self) -> bool:
        """Whether the service itself said so, and not merely a status or a page on the way."""

    @property
    def is_access(self) -> bool:
        """Whether the failure is about the login."""

    @property
    def breaks(self) -> str:
        """The limit that the reply says is used up; empty: none."""


class CallAccess(Protocol):
    """The access of one call; see `gridwright_runtime.access.step_access`."""

    @property
    def requests_sent(self) -> int:
        """The number of requests of login steps that the call has sent."""

    @property
    def results(self) -> Mapping[str, Mapping[str, str]]:
        """The results of logins that the request carries, by step and part."""

    @property
    def sensitive(self) -> Hidden:
        """The secret and personal values that no text about the call may show."""

    async def enter(self, io: IO) -> NotAdmitted | None:
        """Get the login results that must be there before the call takes its turn."""

    async def mint(self, io: IO) -> NotAdmitted | None:
        """Get the results that serve one request, now that the call has its turn."""

    def is_alive(self) -> bool:
        """Say whether all results may still be sent, and drop those that may not."""

    def is_ready(self) -> bool:
        """Say whether the call has all results that the request carries, and may send them."""

    def leave(self) -> None:
        """Note that a request with the results at hand leaves now."""

    async def note_use(self, io: IO) -> None:
        """Note in the store of logins which results were used."""

    async def renew(self, io: IO, *, can_repeat: bool) -> bool:
        """Say whether to send again with other results, after the service refused these."""


class OpenAccess:
    """The access of a call that carries no result of a login."""

    results: Mapping[str, Mapping[str, str]] = {}
    requests_sent = 0

    def __init__(self, secrets: Hidden) -> None:
        self.sensitive = secrets

    async def enter(self, io: IO) -> NotAdmitted | None:
        """Do nothing."""
        return None

    async def mint(self, io: IO) -> NotAdmitted | None:
        """Do nothing."""
        return None

    def is_alive(self) -> bool:
        """Say that nothing can age."""
        return True

    def is_ready(self) -> bool:
        """Say that nothing is lacking."""
        return True

    def leave(self) -> None:
        """Do nothing."""

    async def note_use(self, io: IO) -> None:
        """Do nothing."""

    async def renew(self, io: IO, *, can_repeat: bool) -> bool:
        """Say that nothing can be renewed."""
        return False


class Replies(Protocol[FoundT_co]):
    """The reader of a call's replies; see `gridwright_runtime.calls.replies`."""

    @property
    def may_be_used_up(self) -> bool:
        """Whether some refusal says that a limit is used up, after which nothing is repeated."""

    def read(self, raw: RawReply, hide: Hidden) -> FoundT_co | Refused:
        """Read a reply; ``hide`` is what no text may show."""

    def is_refused(self, found: object) -> bool:
        """Say whether what was read is a `Refused`."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Conversation(Generic[FoundT]):
    """One call, from its first attempt to its reply or error.

    Attributes:
        operation: its Python name, which limits know it by.
        draft: what is sent.
        attempts: how often.
        access: its access.
        turns: where it takes its turns; None where there are no limits.
        touched: what it touches.
        terms: how long it may take.
        replies: reads what comes back.
        next_serial: makes the number of a request, where requests have one.
        sink: where the file goes that a reply brings; None: it brings none.
        reporting: reports how far an upload has come, where a caller wants to know.
    """

    operation: str
    draft: Draft
    attempts: Attempts
    access: CallAccess
    turns: Turns | None
    touched: Touched
    terms: Terms
    replies: Replies[FoundT]
    next_serial: Callable[[], str] | None
    sink: FileSink | None
    reporting: Reporting | None

    def request(self, now: datetime) -> HttpRequest:
        """Return the request as it has to leave now."""
        serial = "" if self.next_serial is None else self.next_serial()
        request = self.draft.request(results=self.access.results, now=now, serial=serial)
        if not self.access.results:
            return request
        return structs.replace(
            request, sensitive=Hidden((*request.sensitive, *self.access.sensitive))
        )

    def pause(self, outcome: RawReply | Failed, *, nothing_left: bool = False) -> float | None:
        """Return the seconds to wait before another attempt, or None when this one stands."""
        can_repeat = self.can_be_repeated and not self._is_used_up(outcome)
        return self.attempts.pause(outcome, nothing_left=nothing_left, can_repeat=can_repeat)

    def _is_used_up(self, outcome: RawReply | Failed) -> bool:
        """Say whether a reply says that a limit is used up."""
        if not self.replies.may_be_used_up or not isinstance(outcome, RawReply):
            return False
        found: Any = self.read_reply(outcome)
        return self.replies.is_refused(found) and bool(found.breaks)

    @property
    def can_be_repeated(self) -> bool:
        """Whether the request can be sent again; one that was read or written in pieces cannot."""
        return self.draft.can_be_repeated and not (self.sink is not None and self.sink.has_begun)

    def failure(self, failed: Failed) -> GridwrightError:
        """Return the error for an exchange that brought no whole reply."""
        reason = mask(failed.reason, self.access.sensitive)
        return self.attempts.failure(structs.replace(failed, reason=reason))

    def read_reply(self, raw: RawReply) -> FoundT | Refused:
        """Read a reply; whatever goes wrong in that, a write is not known to have failed."""
        try:
            return self.replies.read(raw, Hidden((*self.draft.sensitive, *self.access.sensitive)))
        except Exception as error:
            if not self.attempts.is_write:
                raise
            said = self._describe_error(error)
        raise self.attempts.unknown(f"the reply could not be read: {said}", raw)

    async def may_go_again(self, io: IO, found: Refused) -> bool:
        """Say whether to send it again with another access, after the service refused this one.

        A write goes again by the service's own word alone: else it may have been carried out.
        """
        if not found.is_access:
            return False
        is_safe = found.is_own_word or not self.attempts.is_write
        return await self.access.renew(io, can_repeat=is_safe and self.can_be_repeated)

    def was_ended_by(self, error: Exception) -> bool:
        """Say whether the caller ended an upload by an error."""
        return self.reporting is not None and self.reporting.raised is error

    def broken(self, error: Exception) -> GridwrightError:
        """Return the error of a write that an unforeseen failure cut off while it was sent."""
        return self.attempts.unknown(self._describe_error(error))

    def _describe_error(self, error: Exception) -> str:
        name = type(error).__name__
        hide = (*self.draft.sensitive, *self.access.sensitive)
        said = printable(scrub(str(error), hide), 200)
        return f"{name}: {said}" if said else name


async def converse(io: IO, call: Conversation[FoundT]) -> FoundT:
    """Carry out a call, and return its reply.

    Raises:
        GridwrightError: it failed; says which call it is about, where calls have an identity.
    """
    try:
        while True:
            outcome = await _attempt(io, call)
            if isinstance(outcome, NotAdmitted):
                pause = call.pause(outcome.outcome, nothing_left=True)
                if pause is None:
                    raise outcome.error
            elif (pause := call.pause(outcome)) is None:
                if isinstance(outcome, Failed):
                    raise call.failure(outcome)
                found: Any = call.read_reply(outcome)
                if not call.replies.is_refused(found):
                    kept: FoundT = found
                    return kept
                if not await call.may_go_again(io, found):
                    own = found.is_own_word
                    raise call.attempts.refused(found.error, outcome, is_own_word=own)
            if pause:
                await io.sleep(pause)
    except GridwrightError as error:
        if call.draft.identity:
            identify(error, call.draft.identity)
        raise


async def _attempt(io: IO, call: Conversation[FoundT]) -> RawReply | Failed | NotAdmitted:
    """Get in, take the turn and send; begin anew where something aged meanwhile."""
    access, terms, turns = call.access, call.terms, call.turns
    until, is_again = terms.wait_until(io.clock), False
    while True:
        barred = await access.enter(io)
        if barred is not None:
            return barred
        turn = None
        if turns is not None:
            turn = await io.take(
                turns,
                call.operation,
                call.touched,
                timeout_seconds=terms.timeout_seconds,
                until=until,
                wait=terms.wait_for_turn,
                again=is_again,
            )
        is_sent, is_answered, is_again = False, False, True
        try:
            if not access.is_alive():
                continue
            sent_before = access.requests_sent
            barred = await access.mint(io)
            if barred is not None:
                return barred
            if not access.is_ready():
                continue
            # While something was asked for, the turn grew older than the margin of a limit.
            if turn is not None and (access.requests_sent != sent_before or not turn.is_current()):
                continue
            if terms.until is not None and io.clock.monotonic() >= terms.until:
                return TOO_LATE
            request = call.request(io.clock.now())
            access.leave()
            is_sent = True
            outcome = await _send(io, call, request)
            is_answered = isinstance(outcome, RawReply) or not outcome.sent
        finally:
            if turn is not None:
                turn.done(answered=is_answered) if is_sent else turn.unspent()
        # Not before: while a server is told, the turn would grow old.
        await access.note_use(io)
        return outcome


async def _send(io: IO, call: Conversation[FoundT], request: HttpRequest) -> RawReply | Failed:
    """Send a request; whatever goes wrong in that, a write is not known to have failed."""
    terms = call.terms
    if not call.attempts.is_write:
        return await io.send(request, terms.timeout_seconds, terms.until, call.sink)
    try:
        return await io.send(request, terms.timeout_seconds, terms.until, call.sink)
    except GridwrightError:
        raise
    except Exception as error:  # it may have left all the same
        if call.was_ended_by(error):
            raise
        unknown = call.broken(error)
    raise unknown


def run(work: Coroutine[Any, Any, FoundT]) -> FoundT:
    """Run a coroutine that never suspends, and return what it returns.

    Raises:
        RuntimeError: it suspended; a `ThreadIO` never does.
    """
    try:
        work.send(None)
    except StopIteration as end:
        found: FoundT = end.value
        return found
    finally:
        work.close()
    raise RuntimeError("a call of a thread was about to wait as a task does")


TOO_LATE = Failed("timeout", "the call took longer than it may in all", "total", sent=False)
