"""Check the arguments of a client when it is made, and fill in what was not given."""

import math
import os
import re
from collections.abc import Mapping
from typing import get_args

from ..errors import ConfigurationError
from ..interface import Credential, Format, Option, System
from ..private_folder import FOLDER, is_folder_name
from ..sending.addresses import checked_address
from ..sources import Values, colon_in_user
from .client_options import ClientOptions

__all__ = [
    "WAIT",
    "check_basic_users",
    "check_certificate",
    "check_options",
    "check_written_credentials",
    "is_wait",
    "require",
    "resolve_address",
    "resolve_credentials",
    "resolve_options",
    "resolve_server",
]

_COUNT = "must be a whole number of at least 1"
_TEXT = "must be a text without halves of characters"
WAIT = "must be a finite number of seconds above 0"


def check_options(system: str, given: ClientOptions) -> None:
    """Refuse what a client cannot be told.

    Raises:
        ConfigurationError: an option does not hold to its rule.
    """
    in_all, longest = given["longest_call_seconds"], given["longest_wait_seconds"]
    store, shared, folder = given["limit_store"], given["shared_store"], given["login_folder"]
    is_offered = given["format"] is None or given["format"] in get_args(Format)
    is_long = longest is None or (isinstance(longest, int | float) and longest >= 0)
    for name, holds, rule in (
        ("format", is_offered, "must be json or xml"),
        ("max_connections", _is_count(given["max_connections"]), _COUNT),
        ("max_body_bytes", _is_count(given["max_body_bytes"]), _COUNT),
        ("attempts of retry", _is_count(given["retry"].attempts), _COUNT),
        ("timeout_seconds", is_wait(given["timeout_seconds"]), WAIT),
        ("longest_call_seconds", in_all is None or is_wait(in_all), WAIT),
        ("longest_wait_seconds", is_long, "must be 0 or more seconds"),
        ("company", _is_whole_text(given["company"]), _TEXT),
        ("limit_store", store is None or hasattr(store, "queue"), "keeps no limits"),
        ("shared_store", shared is None or isinstance(shared, str), "must be an address"),
        ("the folder of logins", folder is None or is_folder_name(folder), FOLDER),
    ):
        require(system, name, holds, rule)
    if shared is not None:
        from ..shared_server.address import address_of  # most clients name none

        address_of(shared)


def check_certificate(system: System, base_url: str) -> None:
    """Refuse to go without the certificate that a service asks for.

    Raises:
        ConfigurationError: the service asks for one.
    """
    if system.certificate and base_url.lower().startswith("https:"):
        raise ConfigurationError(
            f"{system.name}: the service asks for a certificate ({system.certificate}); pass "
            "ssl_context=…, which has it by load_cert_chain()"
        )


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


def resolve_credentials(system: System, given: Mapping[str, str | None]) -> dict[str, str]:
    """Return the credentials of a client by name, without those that nobody gave.

    Raises:
        ConfigurationError: one is missing, or cannot be one.
    """
    found = {
        item.name: _credential(system.name, item, given.get(item.name))
        for item in system.credentials
    }
    return {name: value for name, value in found.items() if value is not None}


def resolve_options(system: System, given: Mapping[str, str | None]) -> dict[str, str]:
    """Return what is sent with every call by name, without what is not sent.

    Raises:
        ConfigurationError: one cannot be sent.
    """
    found = {item.name: _option(system.name, item, given.get(item.name)) for item in system.options}
    return {name: value for name, value in found.items() if value is not None}


def check_basic_users(
    system: System, credentials: Mapping[str, str], options: Mapping[str, str]
) -> None:
    """Refuse a user with whom no step can log in by HTTP Basic authentication.

    Raises:
        ConfigurationError: it holds a colon.
    """
    given = Values(credentials=credentials, options=options)
    requests = [one for step in system.steps for one in (step, step.renewal) if one is not None]
    for request in requests:
        for part in (part for parts in request.parts.values() for part in parts):
            said = colon_in_user(part.source, given)
            if said:
                raise ConfigurationError(f"{system.name}: {said}")


def check_written_credentials(system: System, credentials: Mapping[str, str]) -> None:
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


def require(where: str, name: str, holds: bool, rule: str) -> None:
    """Raise where an argument does not hold to its rule."""
    if not holds:
        raise ConfigurationError(f"{where}: {name} {rule}")


def is_wait(value: object) -> bool:
    """Say whether something can be a time to wait."""
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def _credential(system: str, credential: Credential, value: str | None) -> str | None:
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


def _option(system: str, option: Option, value: str | None) -> str | None:
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


def _is_count(value: object) -> bool:
    """Say whether something can be a number of things."""
    return isinstance(value, int) and value >= 1


def _is_whole_text(value: object) -> bool:
    """Say whether something is a text without halves of characters."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)
