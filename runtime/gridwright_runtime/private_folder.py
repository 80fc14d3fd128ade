"""Find the folder of a user's own in which something is kept."""

import errno
import os
import stat
from pathlib import Path

from .errors import ConfigurationError

__all__ = ["FOLDER", "PrivateFolder", "is_folder_name", "is_private", "open_private", "unusable"]

FOLDER = "must be a path that a folder can have"


class PrivateFolder:
    """A folder that its owner alone can read.

    Args:
        what: what is kept there, such as ``tickets``; in errors, and the name of the folder.
        folder: by default ``gridwright/<what>`` in the user's cache folder (``$XDG_CACHE_HOME``
            or ``~/.cache``). Not in ``$XDG_RUNTIME_DIR``, which services and cron jobs do not
            have, so that they would not share with the user's sessions; that is the second
            choice, for users without a home.

    Raises:
        ConfigurationError: no folder can be called so.
    """

    __slots__ = ("_choices", "_chosen", "_what")

    def __init__(self, what: str, folder: Path | None = None) -> None:
        if folder is not None and not is_folder_name(folder):
            raise ConfigurationError(f"the folder for {what} {FOLDER}")
        self._what = what
        self._choices = _default_choices(what) if folder is None else (folder.absolute(),)
        self._chosen: Path | None = None

    def path(self) -> Path:
        """Return the folder, which is there and usable; chosen when first asked for.

        Raises:
            ConfigurationError: none can be used.
        """
        if self._chosen is None:
            self._chosen = self._find_usable()
        return self._chosen

    def prepare(self, folder: Path) -> None:
        """Make a folder if need be, and make sure that it is the user's alone.

        Raises:
            ConfigurationError: others can read it.
            OSError: it cannot be made or used.
        """
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        if not is_private(folder.stat()):
            raise ConfigurationError(
                f"{folder} must belong to you, and to you alone, to keep {self._what} in: "
                f"chmod 700 {folder}"
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied")

    def _find_usable(self) -> Path:
        said = "there is no home directory"
        for folder in self._choices:
            try:
                self.prepare(folder)
            except OSError as error:
                said = str(unusable(self._what, folder, error))
            else:
                return folder
        raise ConfigurationError(f"{said}; name a folder for {self._what}")


def is_folder_name(value: object) -> bool:
    """Say whether a folder can be called so."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or not path or "\0" in path:
        return False
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def is_private(found: os.stat_result) -> bool:
    """Say whether a file or folder is the user's alone."""
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077


def open_private(path: Path, flags: int) -> int:
    """Open a file that is no link; a new one is the user's alone.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe or a device; a pipe is not waited for.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"{path.name} is no regular file")
    return descriptor


def unusable(what: str, path: Path, error: OSError) -> ConfigurationError:
    """Say that something cannot be kept in a place, and why."""
    return ConfigurationError(f"{what} cannot be kept in {path}: {error.strerror or error}")


def _default_choices(what: str) -> tuple[Path, ...]:
    choices = []
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(cache).is_absolute():
        try:
            cache = str(Path.home() / ".cache")
        except RuntimeError:  # no such user
            cache = ""
    for base in (cache, os.environ.get("XDG_RUNTIME_DIR", "")):
        if Path(base).is_absolute():
            choices.append(Path(base, "gridwright", what))
    return tuple(choices)
