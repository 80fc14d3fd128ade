"""Choose in which of its declared forms a service says no. Never writes."""

from typing import Any

from msgspec import Struct

from ..errors import (
    AuthenticationError,
    ConfigurationError,
    NoDataError,
    ProviderError,
    RejectedError,
    SystemFailureError,
)
from ..interface import Case, Operation, Verdict
from .world import Refusal

__all__ = ["RefusalForm", "error_of", "form_of"]


class RefusalForm(Struct, frozen=True):
    """A form in which a refusal can be said, so that whoever reads it understands it."""

    verdict: Verdict
    case: Case | None
    """None: by code and text, where the verdict has its fields."""


def form_of(operation: Operation[Any], refusal: Refusal) -> RefusalForm | None:
    """Return the form of a refusal; None: no verdict can say it, and a status has to.

    Raises:
        ConfigurationError: a case was asked for that there is not, or that is a success.
    """
    cases = [(verdict, case) for verdict in operation.verdicts for case in verdict.cases]
    if refusal.case:
        return _numbered(operation, cases, refusal.case)
    for verdict in operation.verdicts:
        if refusal.code in verdict.errors:
            return RefusalForm(verdict, None)
    for verdict, case in cases:
        if case.meaning is not None and refusal.code in case.when.get(verdict.code, ()):
            return RefusalForm(verdict, case)
    own = operation.verdict
    if own is not None and _takes_any_code(own):
        return RefusalForm(own, None)
    wanted = error_of(refusal)
    for error in (wanted, RejectedError):
        for verdict, case in cases:
            if case.meaning is not None and issubclass(case.meaning.error, error):
                return RefusalForm(verdict, case)
    gateway = next((one for one in operation.gateways if _takes_any_code(one)), None)
    return None if gateway is None else RefusalForm(gateway, None)


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


def _takes_any_code(verdict: Verdict) -> bool:
    """Say whether a code that nobody knows is a failure."""
    return bool(verdict.success) or not verdict.cases


_ACCESS = ("-key", "-login", "-session", "-ticket")
