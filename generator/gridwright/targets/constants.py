"""Constants of generated modules: what they look like, and what they need imported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["ConstantView", "error_class", "errors_in", "runtime_names"]

_ERRORS = {
    "authentication": "AuthenticationError",
    "closed_hours": "ClosedHoursError",
    "consent": "ConsentError",
    "limit": "LimitError",
    "no_data": "NoDataError",
    "not_subscribed": "NotSubscribedError",
    "rejected": "RejectedError",
    "session_expired": "SessionExpiredError",
    "system": "SystemFailureError",
    "wrong_address": "WrongAddressError",
}


@dataclass(frozen=True, slots=True)
class ConstantView:
    """One constant: its name, annotation (empty: none), class and arguments, all Python."""

    name: str
    annotation: str
    type: str
    arguments: tuple[str, ...]
    opening: str = "("
    closing: str = ")"


def error_class(slug: str) -> str:
    """Return the runtime's class of an error of the spec's error tree."""
    return _ERRORS[slug]


def errors_in(constants: Iterable[ConstantView]) -> list[str]:
    """Return the classes of errors that the constants name."""
    text = _text(constants)
    return sorted(name for name in _ERRORS.values() if name in text)


def runtime_names(
    constants: Iterable[ConstantView], modules: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """Return the runtime's modules with the names that the constants use.

    Args:
        constants: what is generated.
        modules: module by name.
    """
    text = _text(constants)
    used: dict[str, list[str]] = {}
    for name, module in modules.items():
        if f"{name}(" in text:
            used.setdefault(module, []).append(name)
    return sorted(used.items())


def _text(constants: Iterable[ConstantView]) -> str:
    return "\n".join(f"{c.type}(" + "\n".join(c.arguments) for c in constants)
