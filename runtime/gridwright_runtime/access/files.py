"""Keep results of logins in files, for all processes of one user.

For each account there are two files: the result, replaced as a whole so that a reader needs no
lock, and a lock, which the kernel releases when its holder ends, however it ends.
"""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from ..errors import ConfigurationError
from ..private_folder import PrivateFolder, is_private, open_private, unusable
from .kept_result import KeptResult, is_sound
from .login_lock import LoginLock, LoginLocks

try:
    import fcntl
except ImportError:  # not a Unix; said when logins are kept
    fcntl = None  # type: ignore[assignment]

__all__ = ["FileLoginStore"]


class FileLoginStore:
    """Keeps results of logins in a folder that its owner alone can read.

    Args:
        folder: by default ``gridwright/tickets`` in the user's cache folder (``$XDG_CACHE_HOME``
            or ``~/.cache``). Not in ``$XDG_RUNTIME_DIR``, which services and cron jobs do not
            have, so that they would not share a login with the user's sessions; that is the
            second choice, for users without a home.
    """

    proof_cost = 16384  # 16 MiB and some hundredths of a second for each guess

    def __init__(self, folder: Path | None = None) -> None:
        self._place = PrivateFolder("tickets", folder)

    def login_lock(self, account: str) -> LoginLock:
        """Return the lock of an account; stores of one folder have the same."""
        return _LOCKS[str(self._path(account, "lock"))]

    def try_hold(self, account: str) -> Callable[[], None] | None:
        """Take an account without waiting; see `LoginStore`."""
        path = self._path(account, "lock")
        try:
            self._place.prepare(path.parent)  # somebody may have cleaned up
            return _try_lock(path)
        except OSError as error:
            raise unusable("tickets", path.parent, error) from None

    def load(self, account: str) -> KeptResult | None:
        """Return what was saved last, unless others could have read or written it.

        What no login can have given, such as a text that no request can carry, counts as nothing.
        """
        try:
            descriptor = open_private(self._path(account, "json"), os.O_RDONLY)
        except OSError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            if not is_private(os.fstat(descriptor)):
                return None
            try:
                kept_result = _DECODER.decode(file.read(_MOST_BYTES))
            except (OSError, ValueError, RecursionError):
                return None
        return kept_result if is_sound(kept_result) else None

    def save(self, account: str, kept_result: KeptResult) -> None:
        """Save; the account must be held."""
        path = self._path(account, "json")
        # One name for all: what a killed process left half-written is written over.
        draft = self._path(account, "new")
        try:
            draft.unlink(missing_ok=True)
            with os.fdopen(open_private(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                file.write(msgspec.json.encode(kept_result))
                if kept_result.renewal:
                    # The service has made the former one invalid: this one must not get lost.
                    file.flush()
                    os.fsync(file.fileno())
            draft.replace(path)
            if kept_result.renewal:
                _sync_folder(path.parent)
        except OSError as error:
            raise unusable("tickets", path.parent, error) from None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _path(self, account: str, kind: str) -> Path:
        return self._folder() / f"{account}.{kind}"

    def _folder(self) -> Path:
        if fcntl is None:
            raise ConfigurationError(
                "this platform has no fcntl to lock files with: "
                "keep logins in a MemoryLoginStore, and log in from one process"
            )
        return self._place.path()


def _try_lock(path: Path) -> Callable[[], None] | None:
    while True:
        descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
        _held.add(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                return lambda: _release(descriptor)
        except BlockingIOError:
            _release(descriptor)
            return None
        except OSError:
            _release(descriptor)
            raise
        _release(descriptor)  # deleted by somebody between opening and locking


def _sync_folder(folder: Path) -> None:
    """Let the file that has taken the place of another be there after a loss of power, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _release(descriptor: int) -> None:
    if descriptor in _held:  # in a forked child it is not: the lock is the parent's
        _held.discard(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _close_inherited() -> None:
    """In a forked child, let go of the parent's locks: else they would outlive the parent."""
    while _held:
        os.close(_held.pop())


_LOCKS = LoginLocks()
_DECODER = msgspec.json.Decoder(KeptResult)
_MOST_BYTES = 1_048_576
_held: set[int] = set()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_inherited)
