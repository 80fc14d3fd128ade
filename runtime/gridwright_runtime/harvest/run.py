"""Run a harvest once: some threads read all chunks that are due, until there are none."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

from msgspec import Struct

from ..record import Record
from .databases.places import has_ledger, place_ledger
from .fetch import Fetcher, RefusedSubjectError, Stopped, UnreachableError
from .history import Lake, continue_lake
from .ledger import COMPLETE, Ledger, LedgerError
from .manifest import write_manifest
from .meaning import Meaning, meaning_of, model_of
from .part_files import find_parts, remove_part
from .plan import Plan, PlanError, check_kinds, subject_text, windows
from .subjects import Subjects, masked

__all__ = ["Outcome", "Progress", "due_until", "harvest", "settled_days", "sweep_parts"]


class Progress(NamedTuple):
    """How far a run has come."""

    done: int
    """Chunks that this run has finished."""
    left: int
    seconds_left: float | None
    """By the speed so far; None: nothing is known."""
    waits_until: datetime | None = None
    """When an attempt follows, while the service cannot be reached."""


class Outcome(Struct, frozen=True, kw_only=True):
    """How a run ended."""

    counts: Mapping[str, int]
    """Chunks by state."""
    calls: int
    """Chunks that this run has finished."""
    released: int
    """Chunks that workers had in hand which died."""
    orphans: int
    """Files that no chunk named, and that are removed."""
    lost: tuple[str, ...] = ()
    """Part files that the ledger names, and that are gone: their chunks count as done."""
    told: int = 0
    """Chunks that are done and have something to tell, such as replies that depart from the
    document."""
    notes: tuple[str, ...] = ()
    """What has changed since the run before, and stops nothing."""
    stopped: str = ""
    """Why it ended before its end; empty: it did not."""
    by_limit: bool = False
    by_user: bool = False
    """Whether Ctrl-C ended it, after the chunks in hand."""
    retry_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every chunk is done, or has nothing, and no file is lost."""
        is_read = all(state in COMPLETE for state in self.counts)
        return is_read and not (self.stopped or self.lost)

    @property
    def exit_status(self) -> int:
        """0 complete, 1 gaps or failures, 3 stopped by a limit or closed hours, 130 by Ctrl-C."""
        if self.by_user:
            return 130
        if self.by_limit:
            return 3
        return 0 if self.is_complete else 1


def harvest(
    folder: Path,
    plan: Plan,
    call: Callable[..., Any],
    kinds: Mapping[str, Any],
    subjects: Iterable[str],
    *,
    until: date,
    since: Mapping[str, date] | None = None,
    fixed: Mapping[str, Any] | None = None,
    ledger: str = "",
    workers: int = 1,
    about: Mapping[str, Any] | None = None,
    model: type[Record] | None = None,
    tell: Callable[[Progress], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Outcome:
    """Read all that is due, and return how it ended; Ctrl-C finishes the chunks in hand.

    Args:
        folder: of the lake; made if need be.
        plan: what is read.
        call: the method of the client; safe to share between threads.
        kinds: by name, what it takes for an argument.
        subjects: all of them; those that are new get chunks.
        until: the first day that is not read; days that are not published yet wait.
        since: first days of subjects; the plan's, where one has none here.
        fixed: arguments that are the same in every call.
        ledger: address of a PostgreSQL database for a lake that several machines work on; empty: in
            the folder, or where the lake has it.
        workers: how many calls are under way at once; limits of the client hold all the same.
        about: what the manifest says beside the plan, such as the hash of the document.
        model: of the records; by default the one that ``call`` is annotated with.
        tell: is told how far it has come.
        now: the time, aware.

    Raises:
        PlanError: rows of the lake mean something else than those that would be read.
        OSError: the folder cannot be used.
    """
    check_kinds(plan, kinds)
    if plan.subject:
        subjects = [subject_text(subject, kinds[plan.subject]) for subject in subjects]
    names = _open_lake(folder, ledger)
    hashes = {names.hashed(subject): subject for subject in subjects}
    with Ledger(folder) as book:
        meaning = meaning_of(plan, model or model_of(call), fixed or {}, names)
        lake = _continue_lake(book, plan, meaning, about or {}, names, now())
        swept = sweep_parts(folder, book)
        book.work()
        released = book.release_dead()
        _add_windows(book, lake, hashes, due_until(lake.plan, until, now()), since or {})
        # A run that was killed goes on: what it has read is not read again.
        book.begin_run(_settled_until(lake.plan, now()))
        fetcher = Fetcher(folder, lake.plan, call, kinds, fixed or {}, hashes)
        before = book.counts()
        has_answers = any(before.get(state) for state in COMPLETE)
        run = _Run(folder, fetcher, before.get("due", 0), tell, now, has_answers=has_answers)
        run.work(workers)
        counts, told = book.counts(), len(book.told())
        if not run.stopped and not counts.get("due") and not counts.get("running"):
            book.set_fact("run", "closed")
        with suppress(LedgerError):  # a full disk has stopped the run, and that is said
            book.set_fact("stopped", str(run.stopped or ""))
        unwritten = _try_manifest(folder, lake.plan, about or {}, book, now())
    ended = run.stopped or unwritten or Stopped("")
    return Outcome(
        counts=counts,
        calls=run.finished,
        released=released,
        orphans=swept.removed,
        lost=swept.lost,
        told=told,
        notes=lake.notes,
        stopped=str(ended),
        by_limit=ended.by_limit,
        by_user=run.is_interrupted,
        retry_at=ended.retry_at,
    )


def _open_lake(folder: Path, ledger: str) -> Subjects:
    """Make the folder and say where its ledger is, if need be; returns the names of subjects."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        place_ledger(folder, ledger)
    except ValueError as error:
        raise PlanError(str(error)) from None
    return Subjects(folder)


def _continue_lake(
    book: Ledger,
    plan: Plan,
    meaning: Meaning,
    about: Mapping[str, Any],
    names: Subjects,
    now: datetime,
) -> Lake:
    """Note what is read from now on, if it means the same as what is there."""
    try:
        names.require(book.fact("subjects"))
    except ValueError as error:
        raise PlanError(str(error)) from None
    lake = continue_lake(book, plan, meaning, about, now)
    book.set_fact("subjects", names.mark)
    return lake


def _add_windows(
    book: Ledger, lake: Lake, hashes: Mapping[str, str], end: date, since: Mapping[str, date]
) -> None:
    """Add the chunks of all subjects that are not there yet, up to a day."""
    book.add(
        (hash, masked(subject) if subject else "", start, stop)
        for hash, subject in hashes.items()
        for start, stop in windows(lake.plan, end, since.get(subject), lake.cuts)
    )


def _try_manifest(
    folder: Path, plan: Plan, about: Mapping[str, Any], book: Ledger, now: datetime
) -> Stopped | None:
    """Write the manifest; returns why it cannot be written."""
    try:
        write_manifest(folder, plan, about, book, now)
    except OSError as error:
        return Stopped(f"manifest.json cannot be written: {error.strerror or error}")
    return None


def due_until(plan: Plan, until: date, now: datetime) -> date:
    """Return the first day that is not read yet: it is to come, or not published."""
    end = until
    while end > plan.since and plan.published_at(end) > now:
        end -= timedelta(days=1)
    return end


def settled_days(
    folder: Path, plan: Plan, subjects: Iterable[str], now: datetime
) -> dict[str, list[tuple[date, date]]]:
    """Return for each subject the periods that the next run would not read, joined; for a forecast.

    Raises:
        OSError: the ledger cannot be used.
        ValueError: the key of the lake's subjects is lost.
    """
    if not has_ledger(folder):
        return {}
    names = Subjects(folder)
    by_hash = {names.hashed(subject): subject for subject in subjects}
    found: dict[str, list[tuple[date, date]]] = {}
    with Ledger(folder) as ledger:
        names.require(ledger.fact("subjects"))
        for hash, start, end in ledger.settled(_settled_until(plan, now)):
            if hash not in by_hash:
                continue
            periods = found.setdefault(by_hash[hash], [])
            first, last = date.fromisoformat(start), date.fromisoformat(end)
            if periods and periods[-1][1] >= first:
                periods[-1] = (periods[-1][0], max(last, periods[-1][1]))
            else:
                periods.append((first, last))
    return found


class Swept(NamedTuple):
    """What was found when the files of a lake were compared with its ledger."""

    removed: int = 0
    """Files that no chunk named, and that are removed."""
    lost: tuple[str, ...] = ()
    """Files that the ledger names, and that are gone."""


def sweep_parts(folder: Path, ledger: Ledger) -> Swept:
    """Remove files that no chunk names, and find those that are lost, if no worker is at work."""
    with ledger.alone() as is_alone:
        if not is_alone:
            return Swept()
        found, named = find_parts(folder), set(ledger.parts())
        orphans = found - named
        for name in orphans:
            remove_part(folder, name)
        # What another machine has written may be missing from what a shared disk lists.
        lost = sorted(name for name in named - found if not (folder / name).is_file())
        return Swept(len(orphans), tuple(lost))


def _settled_until(plan: Plan, now: datetime) -> date:
    """Return the day up to which values do not change any more."""
    day = now.date() + timedelta(days=1)
    while day > plan.since and plan.settled_at(day) > now:
        day -= timedelta(days=1)
    return day


class _Run:
    """Threads that fetch until nothing is due, somebody stops them, or no call can succeed."""

    def __init__(
        self,
        folder: Path,
        fetcher: Fetcher,
        due: int,
        tell: Callable[[Progress], None] | None,
        now: Callable[[], datetime],
        *,
        has_answers: bool,
    ) -> None:
        self._folder = folder
        self._has_answers = has_answers
        """Whether the service has ever answered what was asked for this lake."""
        self._refused = 0
        """Subjects about which the account may not ask, as far as nobody was answered."""
        self._fetcher = fetcher
        self._due = due
        self._tell = tell
        self._now = now
        self._lock = Lock()
        self._end = Event()
        self._idle = Event()
        """Set when all threads are through, or all that have begun where the run ends."""
        self._to_end = 0
        self._at_work = 0
        self._began = time.monotonic()
        self._broken: BaseException | None = None
        self.finished = 0
        self.is_interrupted = False
        self.stopped: Stopped | None = None

    def work(self, workers: int) -> None:
        self._to_end = max(workers, 1)
        # Not by `join`: in Python 3.11 and 3.12 one that Ctrl-C cuts short takes the thread for
        # ended, and its chunk would be lost.
        try:
            for _ in range(self._to_end):
                Thread(target=self._worked, daemon=True).start()
            while not self._idle.wait(0.2):
                pass
        except KeyboardInterrupt:
            self._end.set()
            with self._lock:  # a thread that begins later claims nothing
                if not self._at_work:
                    self._idle.set()
            self.is_interrupted = True
            self.stopped = Stopped("interrupted")
            while not self._idle.wait(0.2):
                pass
        if self._broken is not None:
            raise self._broken

    def _worked(self) -> None:
        with self._lock:
            self._at_work += 1
        try:
            with Ledger(self._folder) as ledger:
                ledger.work()
                unreachable = 0
                while not self._end.is_set():
                    chunk = ledger.claim()
                    if chunk is None:
                        return
                    try:
                        self._fetcher.fetch(ledger, chunk)
                    except UnreachableError:
                        if unreachable == len(_PAUSES):
                            raise
                        self._tell_waiting(_PAUSES[unreachable])
                        self._end.wait(_PAUSES[unreachable])
                        unreachable += 1
                        continue
                    except RefusedSubjectError as error:
                        self._note_refusal(error)
                    else:
                        self._has_answers = True
                    unreachable = 0
                    self._count()
        except Stopped as stopped:
            self.stopped = self.stopped or stopped
            self._end.set()
        except LedgerError as error:
            self.stopped = self.stopped or Stopped(str(error))
            self._end.set()
        except BaseException as error:
            self._broken = error
            self._end.set()
        finally:
            with self._lock:
                self._at_work -= 1
                self._to_end -= 1
                if not self._to_end or (not self._at_work and self._end.is_set()):
                    self._idle.set()

    def _note_refusal(self, error: RefusedSubjectError) -> None:
        """Note that the account may not ask about a subject; maybe it may about none.

        Raises:
            Stopped: it seems so.
        """
        with self._lock:
            self._refused += 1
            if not self._has_answers and self._refused == _MOST_REFUSED:
                raise Stopped(f"{_MOST_REFUSED} subjects were refused, and none answered: {error}")

    def _tell_waiting(self, seconds: float) -> None:
        with self._lock:
            if self._tell is not None:
                left = max(self._due - self.finished, 0)
                until = self._now() + timedelta(seconds=seconds)
                self._tell(Progress(self.finished, left, None, until))

    def _count(self) -> None:
        with self._lock:
            self.finished += 1
            if self._tell is not None:
                left = max(self._due - self.finished, 0)
                speed = (time.monotonic() - self._began) / self.finished
                self._tell(Progress(self.finished, left, speed * left))


_MOST_REFUSED = 20
"""About so many subjects an account is refused before a run gives up, where none was answered."""
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0)
"""How long to wait for a network or a service that is away, in seconds, before the run gives up."""
