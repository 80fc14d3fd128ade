"""Keep the state of limits in a file for each account, for all processes of one user.

The file holds the state twice. A new state is written over the older one, with a checksum, so that
one which a killed process left half-written is not seen: who was killed had not gone yet.

Seconds are counted from the start of the machine. What was saved before it was started again counts
on by the clock on the wall; where that has been set back, as if it were saved just now.

Behind what is written there are two kinds of locks, which the kernel releases when their holder
ends, however it ends: one byte that is locked while the state is held, and one byte for each
process, which it locks for as long as it lives. They belong to processes, so that a forked child
has none of its parent's.
"""

import errno
import math
import os
import struct
import sys
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from secrets import randbits
from time import sleep
from typing import NamedTuple
from zlib import crc32

import msgspec

from ..clock import Clock
from ..errors import ConfigurationError
from ..private_folder import PrivateFolder, is_private, open_private, unusable
from .ledger import Held
from .queue import AccountQueue
from .scheduling import is_sound, rebase
from .state import State

try:
    import fcntl
except ImportError:  # not a Unix; said when limits are kept
    fcntl = None  # type: ignore[assignment]

__all__ = ["FileLimitStore"]


class FileLimitStore:
    """Keeps limits in a folder that its owner alone can read, for all processes of one machine.

    Args:
        folder: by default ``gridwright/limits`` in the user's cache folder (``$XDG_CACHE_HOME`` or
            ``~/.cache``). It must be on a disk of this machine. Processes of several users share
            limits only where they run with one user id, or each has a part of the limits.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._place = PrivateFolder("limits", folder)

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        """Return where calls wait for an account; stores of one folder have the same."""
        if fcntl is None:
            raise ConfigurationError(
                "this platform has no fcntl to lock files with: "
                "keep limits in a MemoryLimitStore, and call from one process"
            )
        path = self._place.path().resolve() / f"{account}.limits"
        key = (os.getpid(), str(path))
        found = _QUEUES.get(key)
        if found is None:
            # One descriptor a process: closing another would release the locks of this one.
            found = _QUEUES.setdefault(key, AccountQueue(FileLedger(path, self._place)))
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class FileLedger:
    """The state of one account in a file."""

    is_shared = True
    is_remote = False
    ends_by_time = False
    unseen_seconds = 0.0
    beat_seconds = 0.0
    freed_when_held = 0
    busy = "another process holds the limits and does not go on"

    def __init__(self, path: Path, place: PrivateFolder) -> None:
        self.owner = randbits(60)
        self._path = path
        self._place = place
        self._descriptor = -1
        self._earlier: list[int] = []
        """Of files that were lost: the locks of others there say who still holds something."""
        self._is_marked = False
        self._boot = _boot()
        self._head_before = _NO_HEAD
        self._slot = 0
        self._before = b""
        self._newest = 0
        """The version of the newest state that this process has seen."""
        self._saved = b""
        """What this process has saved last, which needs no check when it comes back."""
        self._now = 0.0
        self._epoch = 0.0
        """What the clock on the wall said when that of the machine began to count."""

    def hold(self, clock: Clock) -> Held | None:
        """Take the state; see `Ledger`."""
        try:
            if self._is_lost():
                self._open()
            if not self._try_lock():
                return None
        except OSError as error:
            raise unusable("limits", self._path.parent, error) from None
        try:
            return self._read(clock)
        except BaseException as error:
            self.let_go()
            if isinstance(error, OSError):
                raise unusable("limits", self._path.parent, error) from None
            raise

    def save(self, state: State, *, frees: bool) -> bool:
        """Save where anything has changed, and let go."""
        try:
            payload = _ENCODER.encode(state)
            if payload != self._before:
                if abs(state.epoch - self._epoch) > _SAME_SECONDS:  # the clock was set
                    state.epoch = self._epoch
                    payload = _ENCODER.encode(state)
                self._write(payload, frees)
                self._saved = payload
        except OSError as error:
            raise unusable("limits", self._path.parent, error) from None
        finally:
            self.let_go()
        return True

    def let_go(self) -> None:
        """Let go of the state as it was."""
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _STATE_LOCK)

    def freed(self) -> int:
        """Return how many saves have freed anything; -2 when it cannot be told."""
        try:
            if self._is_lost():
                return -2
            return max(self._head(slot).freed for slot in (0, 1))
        except OSError:
            return -2

    def mark(self, *, holds: bool) -> None:
        """Lock a byte while this process holds something."""
        if holds is self._is_marked:
            return
        at = _HOLDER_LOCKS + self.owner
        try:
            if holds:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, at)
            else:
                for descriptor in (self._descriptor, *self._earlier):
                    fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, at)
        except OSError as error:
            raise unusable("limits", self._path.parent, error) from None
        self._is_marked = holds

    def holders(self) -> set[int]:
        """Return the other processes that have such a byte locked, here or in a lost file."""
        return {
            found
            for descriptor in (self._descriptor, *self._earlier)
            for found in _locked(descriptor, _HOLDER_LOCKS)
        }

    def common_place(self, owners: Collection[int]) -> int:
        """Return the number of the file, where all these have such a byte locked in it."""
        if not _locked(self._descriptor, _HOLDER_LOCKS).issuperset(owners):
            return 0
        return os.fstat(self._descriptor).st_ino

    def ended(self, owners: Collection[int]) -> set[int]:
        """Return those whose byte can be had."""
        gone = set()
        for owner in owners:
            try:
                fcntl.lockf(
                    self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _OWNER_LOCKS + owner
                )
            except OSError:
                continue
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _OWNER_LOCKS + owner)
            gone.add(owner)
        return gone

    def seconds(self, clock: Clock) -> float:
        """Return what the clock says: the machine has one."""
        return clock.monotonic()

    def since(self, clock: Clock) -> float:
        """Return what it says."""
        return clock.monotonic()

    def wall(self, clock: Clock, now: float) -> datetime:
        """Return what it says."""
        return clock.now()

    def _open(self) -> None:
        """Open the file, and say by a lock that this process lives.

        What was open before stays so: its locks say the same to those who still look there.
        """
        self._place.prepare(self._path.parent)
        descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
        try:
            if not is_private(os.fstat(descriptor)):
                raise ConfigurationError(
                    f"{self._path} must belong to you, and to you alone: chmod 600 {self._path}"
                )
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _OWNER_LOCKS + self.owner)
        except BaseException:
            os.close(descriptor)
            raise
        if self._descriptor >= 0:
            self._earlier.append(self._descriptor)
        self._descriptor, self._is_marked = descriptor, False

    def _is_lost(self) -> bool:
        """Say whether the file is not open, or is no longer where it should be."""
        if self._descriptor < 0:
            return True
        try:
            return not os.path.samestat(os.fstat(self._descriptor), os.lstat(self._path))
        except FileNotFoundError:
            return True

    def _try_lock(self) -> bool:
        for pause in _PAUSES:
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _STATE_LOCK)
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EAGAIN):
                    raise
                sleep(pause)  # of the machine, not of the clock: it is held for microseconds
            else:
                return True
        return False

    def _head(self, slot: int) -> "_Head":
        head = os.pread(self._descriptor, _HEAD.size, slot * _SLOT_BYTES)
        return _Head._make(_HEAD.unpack(head.ljust(_HEAD.size, b"\0")))

    def _read(self, clock: Clock) -> Held:
        now = self._now = clock.monotonic()
        self._epoch = clock.now().timestamp() - now
        heads = sorted(((self._head(slot), slot) for slot in (0, 1)), reverse=True)
        for head, slot in heads:
            if not 0 < head.length <= _SLOT_BYTES - _HEAD.size:
                continue
            if max(head.version, head.freed) > _MOST_SAVES:
                continue
            payload = os.pread(self._descriptor, head.length, slot * _SLOT_BYTES + _HEAD.size)
            if _checksum(head, payload) != head.checksum:
                continue
            try:
                state = _DECODER.decode(payload)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                continue
            if head.version < self._newest:
                break  # a backup was put back: what has come and gone since is not in it
            if state.boot != self._boot:
                if not math.isfinite(head.saved_at):
                    continue
                rebase(state, self._seconds_from_before(state, head))
                state.boot = self._boot
            elif head.saved_at > now:  # began anew, on a machine that does not say so
                rebase(state, now - head.saved_at)
            if payload != self._saved and not is_sound(state, now):
                continue
            self._head_before, self._slot, self._before = head, slot, payload
            self._newest = head.version
            return Held(state, now, False)
        is_lost = any(head != _NO_HEAD for head, _ in heads)
        for slot in (0, 1):  # what stands there may count as newer than all that will be written
            os.pwrite(self._descriptor, bytes(_HEAD.size), slot * _SLOT_BYTES)
        self._head_before, self._slot, self._before = _NO_HEAD, 0, b""
        return Held(State(boot=self._boot), now, True, is_lost)

    def _seconds_from_before(self, state: State, head: "_Head") -> float:
        """Return by how much to move what was counted from an earlier start of the machine.

        A clock that was set back must shorten no wait, nor one that is wrong make it endless.
        """
        as_if_now = self._now - head.saved_at
        if not state.epoch or not math.isfinite(state.epoch):
            return as_if_now
        return min(state.epoch - self._epoch, as_if_now)

    def _write(self, payload: bytes, frees: bool) -> None:
        if len(payload) > _SLOT_BYTES - _HEAD.size:
            raise OSError(errno.EFBIG, "too many calls wait")
        before = self._head_before
        # By the time, so that what follows a state that is lost is newer than all that was before.
        version = max(before.version + 1, self._newest + 1, _microseconds(self._now))
        head = _Head(version, before.freed + frees, len(payload), 0, self._now)
        head = head._replace(checksum=_checksum(head, payload))
        whole = _HEAD.pack(*head) + payload
        if os.pwrite(self._descriptor, whole, (1 - self._slot) * _SLOT_BYTES) != len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._newest = version


class _Head(NamedTuple):
    """What stands before a state."""

    version: int
    """Grows with each save; the higher is the newer."""
    freed: int
    """Counts saves by which others may go sooner."""
    length: int
    checksum: int
    saved_at: float


def _microseconds(seconds: float) -> int:
    return int(seconds * 1e6) if 0 < seconds < _MOST_SECONDS else 0


def _checksum(head: _Head, payload: bytes) -> int:
    return crc32(payload, crc32(_HEAD.pack(*head._replace(checksum=0))))


def _locked(descriptor: int, first: int) -> set[int]:
    """Return which bytes from a first one on are locked by other processes, counted from it."""
    form, found, at, end = _FLOCKS.get(sys.platform), set(), first, first + (1 << 60)
    while form is not None and at < end:
        if form.startswith("h"):
            asked = struct.pack(form, fcntl.F_WRLCK, os.SEEK_SET, at, end - at, 0)
            kind, _, at, _, _ = struct.unpack(form, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        else:
            asked = struct.pack(form, at, end - at, 0, fcntl.F_WRLCK, os.SEEK_SET)
            at, _, _, kind, _ = struct.unpack(form, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        if kind == fcntl.F_UNLCK:
            break
        found.add(at - first)
        at += 1
    return found


def _boot() -> str:
    """Return what tells one start of the machine from the next; empty where it does not say."""
    if sys.platform != "linux":
        return ""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


_NO_HEAD = _Head(0, 0, 0, 0, 0.0)
"""That of a file in which nothing was saved yet."""
_QUEUES: dict[tuple[int, str], AccountQueue] = {}
_HEAD = struct.Struct("<QQQQd")
_SLOT_BYTES = 1 << 24
# Offsets far behind all content; a lock needs no byte there.
_STATE_LOCK = 1 << 60
_OWNER_LOCKS = 1 << 61
_HOLDER_LOCKS = _OWNER_LOCKS + (1 << 60)
# More than can have been saved, and room to count on.
_MOST_SAVES = 1 << 62
_MOST_SECONDS = 1e12
"""No clock has counted more; in microseconds it is far below `_MOST_SAVES`."""
# How `struct flock` is laid out, for F_GETLK; elsewhere nobody waits for what others held.
_FLOCKS = {"linux": "hhqqi", "darwin": "qqihh"}
_SAME_SECONDS = 1.0
"""Two readings of the clock that are no further apart say the same."""
_PAUSES = (0.0, 0.00005, 0.00005, 0.0001, 0.0001, 0.0002, 0.0002, 0.0005)
_DECODER = msgspec.msgpack.Decoder(State)
_ENCODER = msgspec.msgpack.Encoder()
