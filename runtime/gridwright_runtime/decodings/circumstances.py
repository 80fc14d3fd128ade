"""What is known of a call beside its reply, and a call that failed."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ..errors import GridwrightError
from ..problems import Problem
from ..redact import scrub
from .echoes import Answers, Asked

if TYPE_CHECKING:
    from ..sending.download import Download

__all__ = ["Circumstances", "Refused", "scrubbed"]


class Circumstances(Struct, frozen=True, kw_only=True):
    """Facts about a call that its reply cannot tell."""

    hide: tuple[str, ...] = ()
    """Values that no message may show."""
    identity: str = ""
    """The identifier of the call, which callers know as its transaction id; empty: it has none."""
    opens_at: datetime | None = None
    """The time at which the service opens, if it is known to be closed."""
    refused: tuple[int, ...] = ()
    """The statuses by which the document says that a login is no longer valid."""
    scopes: tuple[str, ...] = ()
    """The scopes that the login asked for, where the reply refuses the call."""
    download: "Download | None" = None
    """The file that came, where one did; it is no longer in the reply."""
    asked: Asked = ()
    """The values that were asked for, by each echo of the reply."""
    walked: Answers | None = None
    """Takes what was asked and what the reply is about, where a walk judges that at its end."""

    most_bytes: int = 32 * 1024 * 1024
    """How many bytes a packed body may have when it is unpacked."""
    keeps_failures: bool = False
    """Whether a list without records, of which something failed, is a reply like any other."""

    def __repr__(self) -> str:
        return "<circumstances>"


class Refused(Struct, frozen=True, kw_only=True):
    """A call that failed."""

    error: GridwrightError
    is_own_word: bool
    """Whether the service itself said so, and not merely a status or a page on the way."""
    is_access: bool
    """Whether the failure is about the login."""
    breaks: str = ""
    """The limit that the reply says is used up; empty: none."""

    def __repr__(self) -> str:
        return f"Refused({type(self.error).__name__})"


def scrubbed(problem: Problem, hide: tuple[str, ...]) -> Problem:
    """Hide values in what a problem shows: some services sort by customer."""
    path, wire, message = (
        scrub(one, hide) for one in (problem.path, problem.wire, problem.message)
    )
    if (path, wire, message) == (problem.path, problem.wire, problem.message):
        return problem
    return structs.replace(problem, path=path, wire=wire, message=message)
