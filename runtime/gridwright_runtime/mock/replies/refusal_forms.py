"""Choose in which of its declared forms a service refuses."""

from typing import Any

from msgspec import Struct

from ...errors import (
    AuthenticationError,
    ConfigurationError,
    NoDataError,
    ProviderError,
    RejectedError,
    SystemFailureError,
)
from ...interface import Case, Operation, Verdict
from ..world import Refusal

__all__ = ["RefusalForm", "error_of", "form_of"]


class RefusalForm(Struct, frozen=True):
    """A form in which a refusal can be said, so that whoever reads it understands it."""

    verdict: Verdict
    case: Case | None
    """None: by code and text, where the verdict has its fields."""
    status: int | None = None
    """The HTTP status that goes with it; None: that of the case, or of a success."""


def form_of(operation: Operation[Any], refusal: Refusal) -> RefusalForm | None:
    """Return the form of a refusal; None: no verdict can say it, and a status has to.

    Raises:
        ConfigurationError: a case was asked for that there is not, or that is a success; or a code
            by a fault that no form can say.
    """
    cases = [(verdict, case) for verdict in operation.verdicts for case in verdict.cases]
    if refusal.case:
        return _numbered(operation, cases, refusal.case)
    for verdict in operation.verdicts:
        named = any(refusal.code in case.when.get(verdict.code, ()) for case in verdict.cases)
        if refusal.code in verdict.errors and not named:
            error = verdict.errors[refusal.code].error
            return RefusalForm(verdict, None, _status_of(operation, verdict, error))
    for verdict, case in cases:
        if case.meaning is not None and refusal.code in case.when.get(verdict.code, ()):
            return RefusalForm(verdict, case)
    for verdict in operation.partial:
        if refusal.code in verdict.errors:
            return RefusalForm(verdict, None)
    own = operation.verdict
    wanted = error_of(refusal)
    if own is not None and _takes_any_code(own):
        return RefusalForm(own, None, _status_of(operation, own, wanted))
    for error in (wanted, RejectedError):
        if error is not wanted and refusal.kind != "fault" and _has_status(operation, wanted):
            return None
        # Of several refusals, the one of a page that is not there is not that of an argument.
        for verdict, case in sorted(cases, key=lambda one: _is_of_other_status(one[1])):
            is_meant = case.meaning is not None and issubclass(case.meaning.error, error)
            # A case of other codes would send one of those instead.
            if is_meant and not (refusal.kind == "fault" and case.when.get(verdict.code)):
                return RefusalForm(verdict, case)
    gateway = next((one for one in operation.gateways if _takes_any_code(one)), None)
    if gateway is not None:
        return RefusalForm(gateway, None)
    if operation.partial:
        return RefusalForm(operation.partial[0], None)
    if refusal.kind != "fault" or not operation.verdicts:
        return None
    status = None if own is None else _status_of(operation, own, wanted)
    if own is None or status is None:
        known = [code for verdict in operation.verdicts for code in verdict.errors]
        known += [c for v, case in cases for c in case.when.get(v.code, ())]
        raise ConfigurationError(
            f"{operation.call} has no form of failure for the code {refusal.code!r}: its cases are "
            f"of other codes, and it would be read as one of those, or as a success; "
            f"known: {', '.join(dict.fromkeys(known)) or 'none'}"
        )
    return RefusalForm(own, None, status)


def error_of(refusal: Refusal) -> type[ProviderError]:
    """Return the error that a refusal is to be understood as."""
    if refusal.kind.startswith("system-"):
        return SystemFailureError
    if refusal.kind == "no-data":
        return NoDataError
    is_access = refusal.kind == "security-error" or refusal.kind.endswith(_ACCESS)
    return AuthenticationError if is_access else RejectedError


def _numbered(
    operation: Operation[Any], cases: list[tuple[Verdict, Case]], number: int
) -> RefusalForm:
    if number > len(cases):
        raise ConfigurationError(f"{operation.call} has {len(cases)} cases, and no case {number}")
    verdict, case = cases[number - 1]
    if case.meaning is None:
        raise ConfigurationError(f"case {number} of {operation.call} is a success, and no refusal")
    return RefusalForm(verdict, case)


def _status_of(
    operation: Operation[Any], verdict: Verdict, error: type[ProviderError]
) -> int | None:
    """Return the status that the document has for an error whose body says more; None: none.

    Where a success has the fields of the verdict too, its failures come like successes.
    """
    if not verdict.is_optional or verdict.success:
        return None
    decided = {status for case in verdict.cases for status in case.statuses}
    return next(
        (
            status
            for status, known in operation.statuses.items()
            if known.error is error and status >= 100 and not {status, status // 100} & decided
        ),
        None,
    )


def _has_status(operation: Operation[Any], error: type[ProviderError]) -> bool:
    """Say whether the document has a status for an error."""
    return any(known.error is error for known in operation.statuses.values())


def _is_of_other_status(case: Case) -> bool:
    """Say whether a case comes with statuses of which none is that of a wrong request."""
    is_rejection = case.meaning is not None and case.meaning.error is RejectedError
    return is_rejection and bool(case.statuses) and not {400, 422, 4} & {*case.statuses}


def _takes_any_code(verdict: Verdict) -> bool:
    """Say whether a code that nobody knows is a failure."""
    return bool(verdict.success) or not verdict.cases


_ACCESS = ("-key", "-login", "-session", "-ticket")
