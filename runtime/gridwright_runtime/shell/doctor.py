"""`gridwright doctor`: what a client of a system needs, looked at one after another.

Each finding says what was found and, where something is wrong, what to do. One login and one cheap
read are all that the service is asked for; nothing is written.
"""

import argparse
import inspect
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..errors import (
    ConfigurationError,
    GridwrightError,
    LimitError,
    NoDataError,
    ProviderError,
)
from ..interface import Operation
from ..message import RawReply
from ..redact import printable
from ..sending.conversation import run
from ..sending.outcome import NotAdmitted
from ..shared_server.address import address_in_environment
from .advice import advice_on
from .credentials import credentials_of, missing_credentials
from .operation_options import CommandLineOption, add_client_options
from .option_parser import OptionParser
from .packages import PackageLocation, SystemPackage, load_package
from .usage_error import UsageError

__all__ = ["Finding", "clock_finding", "examine"]

_SECONDS = 10.0
_MOST_OFF = 60.0
_FEW_DAYS = 14
_UNREACHED = {"address": "the address cannot be reached", "tls": "TLS fails"}
_UNTRUSTED = "install the authority that the provider names, or ask for a valid certificate"
_OTHER_NAME = "check the name in --base-url: it is to be one of those in the certificate"
_OTHER_TIME = "check the clock of this machine; where it is right, ask for a valid certificate"
_HELP_BY_VERDICT = {9: _OTHER_TIME, 10: _OTHER_TIME, 62: _OTHER_NAME, 64: _OTHER_NAME}
"""What to do, by the number that OpenSSL gives to what is wrong with a certificate."""


class Finding(Struct, frozen=True):
    """What was found of one thing that a client needs."""

    what: str
    state: str
    """``ok``, ``warning``, ``problem`` or ``skipped``."""
    said: str
    help: str = ""
    """What to do; empty where nothing is to be done."""

    def as_dict(self) -> dict[str, str]:
        """Return it for a machine."""
        return {"what": self.what, "state": self.state, "said": self.said, "help": self.help}

    def __str__(self) -> str:
        help = f"\n{'':<13}do: {self.help}" if self.help else ""
        return f"{self.state:<8} {self.what}: {self.said}{help}"


def examine(words: Sequence[str], *, place: PackageLocation, exits: str = "") -> Iterator[Finding]:
    """Yield the findings as they are made.

    Args:
        words: the system, and options of its client.
        place: where generated packages are looked for.
        exits: what the exit status means, for the help.

    Raises:
        UsageError: it cannot be run as it was typed.
    """
    if not words or words[0].startswith("-"):
        raise UsageError("name a system, such as `gridwright doctor SYSTEM`")
    package = load_package(place, words[0])
    options, client_options = _options(package, words[1:], exits)
    typed = vars(options)
    told = {one.name: one.read(typed[one.dest]) for one in client_options if one.dest in typed}
    if "wait_for_turn" in inspect.signature(package.client.__init__).parameters:
        told["wait_for_turn"] = False
    given = credentials_of(package.system, options.credentials)
    yield from _findings(package, told, given)


def _findings(
    package: SystemPackage, told: dict[str, Any], given: dict[str, str]
) -> Iterator[Finding]:
    missing = missing_credentials(package.system, given)
    names = {item.environment: item.name for item in package.system.credentials}
    # Address and store can be looked at without a key; nothing is sent with what stands for one.
    invented = {names[variable]: "no-credential" for variable in missing}
    try:
        client = _examining(package.client)(**told, **given, **invented)
    except ConfigurationError as error:
        help = advice_on(error, package) or "correct what the message names"
        yield Finding("set-up", "problem", str(error), help)
        return
    with client:
        address = client.base_url_of()
        why_not = ""
        for finding in _address(address):
            if finding.state == "problem":
                why_not = _UNREACHED.get(finding.what, "")
            yield finding
        if missing:
            help = f"set {', '.join(missing)}, or give --credentials FILE"
            yield Finding("credentials", "problem", f"missing: {', '.join(missing)}", help)
        elif package.system.credentials:
            yield Finding("credentials", "ok", "all are given")
        yield from _stores(package)
        if missing or why_not:
            why = "credentials are missing" if missing else why_not
            yield Finding("login", "skipped", why)
            yield Finding("read", "skipped", why)
            return
        yield from _talks(package, client)


def _address(address: str) -> Iterator[Finding]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    import urllib.request

    proxies = urllib.request.getproxies()
    if parts.scheme in proxies and not urllib.request.proxy_bypass(host):
        yield Finding("address", "skipped", f"{host}:{port} is reached through a proxy")
        return
    try:
        found = socket.create_connection((host, port), timeout=_SECONDS)
    except socket.gaierror:
        help = "check the network and the name server of this machine, or --base-url"
        yield Finding("address", "problem", f"nobody knows the name {host}", help)
        return
    except OSError as error:
        said = f"no connection to {host}:{port} ({error.strerror or type(error).__name__})"
        help = (
            "check --base-url, the network, the firewall, and whether the service lets this "
            "machine in"
        )
        yield Finding("address", "problem", said, help)
        return
    with found:
        yield Finding("address", "ok", f"{host}:{port} takes connections")
        if parts.scheme == "https":
            yield _certificate(found, host)
        else:
            yield Finding("tls", "skipped", "http, on this machine")


def _certificate(connection: socket.socket, host: str) -> Finding:
    try:
        with ssl.create_default_context().wrap_socket(connection, server_hostname=host) as secure:
            certificate = secure.getpeercert() or {}
            version = secure.version()
    except ssl.SSLCertVerificationError as error:
        help = _HELP_BY_VERDICT.get(error.verify_code, _UNTRUSTED)
        return Finding("tls", "problem", printable(error.verify_message), help)
    except ssl.SSLError as error:
        reason = (error.reason or type(error).__name__).replace("_", " ").lower()
        help = "check scheme and port of --base-url, or ask the provider which TLS it has"
        return Finding("tls", "problem", f"what answers there speaks no TLS ({reason})", help)
    except (OSError, ValueError) as error:
        return Finding("tls", "problem", type(error).__name__, "ask the provider which TLS it has")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - datetime.now(UTC)).days
    said = f"{version}, certificate until {ends:%Y-%m-%d}"
    if days < _FEW_DAYS:
        return Finding("tls", "warning", said, "tell the provider that it ends soon")
    return Finding("tls", "ok", said)


def _stores(package: SystemPackage) -> Iterator[Finding]:
    if not address_in_environment():
        yield _limit_store(package)
        return
    from .store_command import store_findings  # it makes findings, too

    yield from store_findings()


def _limit_store(package: SystemPackage) -> Finding:
    if not package.system.limits:
        return Finding("limit store", "skipped", "the system states no limits")
    from ..private_folder import PrivateFolder

    try:
        folder = PrivateFolder("limits").path()
    except ConfigurationError as error:
        help = "make the folder writable for you alone, or set XDG_CACHE_HOME"
        return Finding("limit store", "problem", str(error), help)
    return Finding("limit store", "ok", f"{folder}")


def _talks(package: SystemPackage, client: Any) -> Iterator[Finding]:
    operation = _cheap_read(package)
    if operation is None:
        yield _login(package, client)
        help = f"try one: gridwright call {package.name}"
        yield Finding("read", "skipped", "every read needs arguments", help)
        return
    login = _login(package, client)
    yield login
    if login.state == "problem":
        yield Finding("read", "skipped", "there is no login")
        return
    yield from _read(package, client, operation)


def _login(package: SystemPackage, client: Any) -> Finding:
    if not package.system.steps:
        return Finding("login", "skipped", "the system has none")
    try:
        client.enter()
    except GridwrightError as error:
        return Finding("login", "problem", str(error), advice_on(error, package) or "try later")
    return Finding("login", "ok", "the service lets the account in")


def _read(package: SystemPackage, client: Any, operation: Operation[Any]) -> Iterator[Finding]:
    raw: RawReply | None = None
    try:
        found = getattr(client, operation.name)()
    except LimitError as error:
        raw = error.raw
        yield Finding("read", "warning", str(error), "look again when the limit allows it")
    except NoDataError as error:
        raw = error.raw
        yield Finding("read", "ok", f"{operation.name} answers that there is nothing")
    except GridwrightError as error:
        raw = getattr(error, "raw", None)
        help = advice_on(error, package) or "docs/clients.md lists the errors"
        if isinstance(error, ProviderError) and not package.system.credentials:
            # Nothing but the question can be wrong, and it was asked without arguments.
            help = f"ask with arguments: gridwright call {package.name} {operation.name} --help"
            yield Finding("read", "warning", f"the service answers: {error}", help)
        else:
            yield Finding("read", "problem", str(error), help)
    else:
        raw = found.raw
        count = len(found.deviations)
        said = f"{operation.name} answers in {raw.elapsed_seconds:.2f} s"
        if count:
            help = f"see them: gridwright call {operation.system} {operation.name}"
            yield Finding("read", "warning", f"{said}, {count} deviations", help)
        else:
            yield Finding("read", "ok", said)
    yield clock_finding(raw)


def clock_finding(raw: RawReply | None) -> Finding:
    """Compare the clock of this machine with what a reply says."""
    sent = None
    if raw is not None and raw.received_at is not None:
        with suppress(TypeError, ValueError):
            sent = parsedate_to_datetime(raw.header("date") or "")
    if sent is None or raw is None or raw.received_at is None:
        return Finding("clock", "skipped", "the service does not say what time it has")
    off = (raw.received_at - sent.replace(tzinfo=sent.tzinfo or UTC)).total_seconds()
    if abs(off) > _MOST_OFF:
        length = timedelta(seconds=round(abs(off)))
        said = f"is {'ahead of' if off > 0 else 'behind'} the service's by {length}"
        return Finding("clock", "problem", said, "set the clock of this machine, by NTP")
    return Finding("clock", "ok", f"agrees with the service's within {_MOST_OFF:.0f} s")


def _cheap_read(package: SystemPackage) -> Operation[Any] | None:
    """Return a read that needs no arguments."""
    for operation in package.operations.values():
        if operation.kind != "read" or operation.reply.shape == "file":
            continue
        parameters = inspect.signature(getattr(package.client, operation.name)).parameters
        if all(one.default is not one.empty for name, one in parameters.items() if name != "self"):
            return operation
    return None


def _examining(client: type[Any]) -> type[Any]:
    class Examining(client):  # type: ignore[misc]  # the class is known when it runs
        def base_url_of(self) -> str:
            address: str = self._settings.base_url
            return address

        def enter(self) -> None:
            """Log in by all steps whose results are kept."""
            found = run(self._settings.entering().enter(self._connections.own()))
            if isinstance(found, NotAdmitted):
                raise found.error

    return Examining


def _options(
    package: SystemPackage, words: Sequence[str], exits: str
) -> tuple[argparse.Namespace, list[CommandLineOption]]:
    parser = OptionParser(
        f"gridwright doctor {package.name}",
        description="Look at all that a client needs, and say what to do.",
        epilog=exits,
    )
    parser.add_argument(
        "--credentials", type=Path, metavar="FILE",
        help="lines NAME=value, readable for you alone; else the environment has them",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the findings as one object")
    parser.add_argument("--quiet", action="store_true", help="print what is wrong alone")
    client_options = add_client_options(parser, package, ())
    return parser.parse_args(words), client_options
