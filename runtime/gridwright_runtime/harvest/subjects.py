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

    def __repr__(self) -> str:
        return "<Subjects>"
