"""A call can succeed: its status of success is no failure, and no status of failure is success."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface, Status

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report statuses that would make a success of a failure, or of each success a failure."""
    for operation in interface.operations:
        yield from map(_no_success, filter(_is_false_success, operation.statuses))
    yield from map(_no_success, filter(_is_false_success, interface.statuses))
    for operation in interface.operations:
        own = {status.code: status for status in operation.statuses}
        known = {status.code: status for status in interface.statuses} | own
        said = known.get(operation.success_status)
        if said is not None and said.error != "none":
            yield Diagnostic(
                said.span,
                "status-contradicts",
                f"status {said.wire} is that with which {operation.name!r} succeeds, and it is "
                f"listed as the error {said.error!r}",
                "list the status of success at the operation, such as "
                '`statuses: {"201": {error: none, …}}`, or tell the failure by an envelope',
            )


def _is_false_success(status: Status) -> bool:
    return status.error == "none" and not status.wire.startswith("2")


def _no_success(status: Status) -> Diagnostic:
    return Diagnostic(
        status.span,
        "status-contradicts",
        f"status {status.wire} is none of success, and it is listed as one",
        "say which error it is, or leave it out",
    )
