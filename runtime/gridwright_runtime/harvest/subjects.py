"""Names for subjects that tell nobody who they are: a keyed hash, and a masked text."""

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from ..redact import masked

__all__ = ["Subjects", "masked"]

_KEY = "subjects.key"


class Subjects:
    """Hashes subjects with a key that lies in the lake, readable for its owner alone."""

    def __init__(self, folder: Path) -> None:
        path = folder / _KEY
        if not path.exists():
            made = folder / f".{_KEY}.{os.getpid()}"
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(made, path)  # whoever comes first has made it
            made.unlink()
        self._key = path.read_bytes()

    def hashed(self, subject: str) -> str:
        """Return what stands for a subject in the ledger."""
        return hmac.new(self._key, subject.encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def mark(self) -> str:
        """What tells this key from every other; the ledger remembers it."""
        return self.hashed("\n")  # no subject

    def require(self, mark: str) -> None:
        """Make sure that the ledger names subjects by this key.

        Args:
            mark: as the ledger has it; empty: an older release has made it.

        Raises:
            ValueError: it does so by another.
        """
        if mark and mark != self.mark:
            raise ValueError(
                f"{_KEY} is not the key by which this lake knows its subjects: put that one back "
                "from a backup, or read into another folder; all would be read again, and what "
                "is there would be nobody's"
            )

    def __repr__(self) -> str:
        return "<Subjects>"
