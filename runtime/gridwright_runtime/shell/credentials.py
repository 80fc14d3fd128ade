"""Read keys and passwords of a call from the environment or a file. Never from the command line."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from ..interface import System
from .usage_error import UsageError

__all__ = ["credentials_of", "missing_credentials"]


def credentials_of(system: System, path: Path | None) -> dict[str, str]:
    """Return credentials by Python name; those of the environment are left to the client.

    The file has a line ``NAME=value`` for each, by the name of its environment variable or ours.

    Raises:
        UsageError: others can read the file, or it has a line of another form.
    """
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise UsageError(f"{path}: others can read it: chmod 600 {path}")
            text = file.read().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is no text in UTF-8") from None
    names = {item.environment: item.name for item in system.credentials}
    names |= {item.name: item.name for item in system.credentials}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals:
            raise UsageError(f"{path}:{number}: write NAME=value")
        if key.strip() in names:  # a file may serve several systems
            found[names[key.strip()]] = _unquoted(value.strip())
    return found


def missing_credentials(system: System, given: Mapping[str, str]) -> list[str]:
    """Return the environment variables of credentials that nobody gives."""
    return [
        item.environment
        for item in system.credentials
        if not item.optional and not given.get(item.name) and not os.environ.get(item.environment)
    ]


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
