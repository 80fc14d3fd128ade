"""Advise what to do about an error, for whoever typed the command. Never shows a value."""

import inspect
import re

from ..errors import (
    AuthenticationError,
    BusyError,
    ConfigurationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    OutcomeUnknownError,
    ProviderError,
    RequestTimeoutError,
    StoreError,
    SystemFailureError,
    TransportError,
    UnexpectedReplyError,
)
from .packages import SystemPackage

__all__ = ["advice_on"]

# The first that an error is one of counts; an empty text: its message says what to do.
_BY_KIND: tuple[tuple[tuple[type[GridwrightError], ...], str], ...] = (
    ((LimitError, NoDataError, OutcomeUnknownError), ""),
    ((AuthenticationError,), "check {credentials}; has the provider let the account in yet?"),
    ((NotSubscribedError,), "ask the provider for what the account may ask"),
    (
        (BusyError, SystemFailureError),
        "try again later; if it stays so, tell the provider the code",
    ),
    (
        (ProviderError,),
        "the service itself refuses: check {credentials}, and the arguments by "
        "gridwright call {system} OPERATION --help",
    ),
    ((RequestTimeoutError,), "try again, or wait longer: --timeout-seconds"),
    (
        (TransportError,),
        "check the network, the proxy and --base-url: gridwright doctor {system} looks at each",
    ),
    (
        (HtmlReplyError,),
        "open the address in a browser on this machine: a sign-in page or a proxy may answer in "
        "place of the service, or --base-url leads to a web site",
    ),
    (
        (HttpStatusError,),
        "call again later, where the status is 500 or above: the service has failed; else check "
        "--base-url: another server may answer there",
    ),
    (
        (UnexpectedReplyError,),
        "check --base-url; if that is right, the service departs from its document",
    ),
)


def advice_on(error: GridwrightError, package: SystemPackage) -> str:
    """Return what to do next; an empty text: the message says it."""
    if isinstance(error, StoreError):
        return ""  # its message says what to do, and speaks of the password of a server
    if isinstance(error, ConfigurationError):
        return _on_options(str(error), package)
    text = next((text for kinds, text in _BY_KIND if isinstance(error, kinds)), "")
    keys = ", ".join(item.environment for item in package.system.credentials if item.environment)
    return text.format(system=package.name, credentials=keys or "the account")


def _on_options(said: str, package: SystemPackage) -> str:
    """Return the options by which a client is told what a message names as arguments."""
    names = list(inspect.signature(package.client.__init__).parameters)
    variables = [item.environment for item in package.system.credentials if item.environment]
    if missing := [one for one in variables if one in said]:
        return f"set {', '.join(missing)}, or give --credentials FILE"
    named = [name for name in names if re.search(rf"\b{name}\b", said)]
    if "login_url" in said:  # a client may have another word for it
        named = [name for name in names if name.endswith("_url")]
    options = [
        f"--{name.replace('_', '-')} {'https://…' if name.endswith('_url') else 'VALUE'}"
        for name in named
    ]
    return f"give {' and '.join(options)}" if options else ""
