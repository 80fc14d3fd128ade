"""Check the arguments of a client when it is made, and fill in what was not given."""

import math
import os
import re
from collections.abc import Mapping

from ..errors import ConfigurationError
from ..interface import Credential, Option, System
from ..sending.addresses import checked_address

__all__ = [
    "COUNT",
    "TEXT",
    "WAIT",
    "check_credentials",
    "is_count",
    "is_wait",
    "is_whole_text",
    "require",
    "resolve_address",
    "resolve_credential",
    "resolve_option",
    "resolve_server",
]

COUNT = "must be a whole number of at least 1"
TEXT = "must be a text without halves of characters"
WAIT = "must be a finite number of seconds above 0"


def resolve_server(system: System, server: str | None) -> str:
    """Return the name of the server; empty where it has none.

    Raises:
        ConfigurationError: the system has no such server.
    """
    chosen = system.default_server if server is None else server
    if server is not None and system.servers and server not in system.servers:
        known = ", ".join(system.servers)
        raise ConfigurationError(f"{system.name}: environment must be one of {known}")
    return chosen


def resolve_address(system: System, server: str, base_url: str | None, any_address: bool) -> str:
    """Return the address of the service.

    Raises:
        ConfigurationError: there is none, or it is no address for secrets.
    """
    address = system.servers.get(server) if base_url is None else base_url
    if address is None:
        because = f": {system.no_address}" if system.no_address else ""
        raise ConfigurationError(f"{system.name}: no base_url; pass base_url=…{because}")
    return checked_address(system.name, address, any_address)


def resolve_credential(system: str, credential: Credential, value: str | None) -> str | None:
    """Return a credential, from the environment where it was not given.

    Returns:
        The credential; None where it is optional and nobody gave it.

    Raises:
        ConfigurationError: it is missing, or cannot be one.
    """
    value = os.environ.get(credential.environment) if value is None else value
    require(system, credential.name, value is None or isinstance(value, str), "must be text")
    if not value:
        if credential.optional:
            return None
        raise ConfigurationError(
            f"{system}: no {credential.name}; pass {credential.name}=… "
            f"or set {credential.environment}"
        )
    if not value.isprintable() or value != value.strip():
        raise ConfigurationError(
            f"{system}: {credential.name} holds a line end, a control character or outer blanks"
        )
    return value


def check_credentials(system: System, credentials: Mapping[str, str]) -> None:
    """Refuse credentials that are none of this service.

    Raises:
        ConfigurationError: one is not written as the document says.
    """
    for item in system.credentials:
        value = credentials.get(item.name)
        if item.matches and value is not None and not re.fullmatch(item.matches, value):
            raise ConfigurationError(
                f"{system.name}: {item.name} does not match {item.matches}; an invented one goes "
                "to this machine alone"
            )


def resolve_option(system: str, option: Option, value: str | None) -> str | None:
    """Return what is sent as an option, its default where nothing was given.

    Returns:
        The text; None where nothing is sent.

    Raises:
        ConfigurationError: it cannot be sent.
    """
    value = option.default if value is None else value
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigurationError(f"{system}: {option.name} is no text on one line")
    if option.values and value not in option.values:
        known = ", ".join(option.values)
        raise ConfigurationError(f"{system}: {option.name} must be one of {known}")
    return value


def require(where: str, name: str, holds: bool, rule: str) -> None:
    """Raise where an argument does not hold to its rule."""
    if not holds:
        raise ConfigurationError(f"{where}: {name} {rule}")


def is_count(value: object) -> bool:
    """Say whether something can be a number of things."""
    return isinstance(value, int) and value >= 1


def is_whole_text(value: object) -> bool:
    """Say whether something is a text without halves of characters."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def is_wait(value: object) -> bool:
    """Say whether something can be a time to wait."""
    return isinstance(value, int | float) and math.isfinite(value) and value > 0
