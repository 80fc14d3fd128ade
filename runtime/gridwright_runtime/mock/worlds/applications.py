"""Applications that a mock has received: numbers that it gives, and what was sent with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..world import ReceivedFile, Table

__all__ = ["Application", "Applications", "applications_table"]


@dataclass(slots=True)
class Application:
    """One application, as it now stands."""

    number: str
    kind: str
    """The operation that it came by, or a kind of its own for one that was there from the start."""
    received_at: datetime
    changed_at: datetime
    sent: dict[str, object] = field(repr=False)
    """What it was sent with, by Python names."""
    files: list[ReceivedFile] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    """What has become of it, in order."""
    is_cancelled: bool = False


class Applications:
    """The applications of one mock, by number; whoever uses it holds a lock.

    Args:
        prefix: what all numbers begin with.
        digits: how many digits follow.
    """

    def __init__(self, prefix: str, digits: int) -> None:
        self._prefix = prefix
        self._digits = digits
        self._known: dict[str, Application] = {}

    def add(
        self,
        kind: str,
        sent: Mapping[str, object],
        now: datetime,
        *,
        files: tuple[ReceivedFile, ...] = (),
    ) -> Application:
        """Receive an application under the next number."""
        number = f"{self._prefix}{len(self._known) + 1:0{self._digits}d}"
        application = Application(number, kind, now, now, dict(sent), list(files))
        self._known[number] = application
        return application

    def find(self, number: object) -> Application | None:
        """Return the application of a number."""
        return self._known.get(number) if isinstance(number, str) else None

    def __iter__(self) -> Iterator[Application]:
        return iter(tuple(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)


def applications_table(applications: Applications) -> Table:
    """Return what is to be seen of applications."""
    return Table(
        title="Applications",
        heads=("Number", "Kind", "Received", "Files", "Cancelled"),
        rows=tuple(
            (
                one.number,
                one.kind,
                one.received_at.isoformat(timespec="minutes"),
                str(len(one.files)),
                "yes" if one.is_cancelled else "no",
            )
            for one in applications
        ),
    )
