"""The options of a client: one table, each row with when it is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.ir import Credential, Interface
from gridwright.targets.calls.limits import client_limits
from gridwright.targets.calls.parts import encodings
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.calls.systems import (
    carried_credentials,
    choices,
    sure_servers,
    why_no_address,
)
from gridwright.targets.expressions import Either, Expression, Name, Subscript
from gridwright.targets.package.arguments import NOTHING

__all__ = ["OPTIONAL", "ClientOption", "client_options", "has_formats"]

OPTIONAL = "; what carries it is left out where there is none"
"""What is said of a credential that a client may do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOption:
    """One argument of a client's constructor.

    Attributes:
        default: None: it must be given.
        about: how it is described.
        keyword: as what it reaches the runtime; empty: among what `among` names.
        among: credentials or options.
    """

    name: str
    annotation: Expression
    default: Expression
    about: str
    keyword: str = ""
    among: str = ""


def client_options(interface: Interface, transport: Name) -> tuple[ClientOption, ...]:
    """Return the arguments of a client's constructor, in order; ``transport`` is its class."""
    return (
        *_credentials(interface),
        *_environment(interface),
        *_choices(interface),
        *_base_url(interface),
        *_login(interface),
        *_limits(interface),
        *_shared(interface),
        *_connection(interface, transport),
        *_format(interface),
        *_reading(),
    )


def has_formats(interface: Interface) -> bool:
    """Whether a caller can choose between formats."""
    return any(len(operation.formats) > 1 for operation in interface.operations)


def _or_nothing(annotation: Expression) -> Either:
    return Either((annotation, NOTHING))


def _option(
    name: str, annotation: Expression, default: Expression, about: str, keyword: str = ""
) -> ClientOption:
    return ClientOption(
        name=name, annotation=annotation, default=default, about=about, keyword=keyword or name
    )


def _credentials(interface: Interface) -> Iterator[ClientOption]:
    for credential in carried_credentials(interface):
        yield ClientOption(
            name=credential.name,
            annotation=_or_nothing(Name("str")),
            default=NOTHING,
            about=_credential_doc(credential),
            among="credentials",
        )


def _credential_doc(credential: Credential) -> str:
    fallback = (
        f"; taken from the environment variable {credential.environment} when not given"
        if credential.environment
        else ""
    )
    form = f"; matches {credential.matches}" if credential.matches else ""
    return f"{credential.en}{form}{fallback}{OPTIONAL if credential.optional else ''}."


def _environment(interface: Interface) -> Iterator[ClientOption]:
    default = interface.default_server
    servers = sure_servers(interface)
    if len(servers) > 1 or (servers and default is None):
        kind = Subscript(Name("Literal", "typing"), tuple(server.name for server in servers))
        about = "which of the service's environments"
        about += "; their logins never mix." if interface.auth_steps else "."
        name = default.name if default else None
        yield _option("environment", kind, name, about, keyword="server")


def _choices(interface: Interface) -> Iterator[ClientOption]:
    for choice in choices(interface):
        annotation: Expression = Name("str")
        default: Expression = choice.default or (None if choice.is_needed else NOTHING)
        if choice.values:
            annotation = Subscript(Name("Literal", "typing"), choice.values)
        elif default is NOTHING:
            annotation = _or_nothing(annotation)
        yield ClientOption(
            name=choice.name, annotation=annotation, default=default, about=f"{choice.about}.",
            among="options",
        )  # fmt: skip


def _base_url(interface: Interface) -> Iterator[ClientOption]:
    servers, default = sure_servers(interface), interface.default_server
    if len(servers) == 1 and default is not None:
        yield _option("base_url", Name("str"), default.address, "address of the service.")
        return
    about = "address of the service, in place of the environment's."
    if not servers:
        why = why_no_address(interface)
        about = "address of the service; there is none by default"
        about += f": {why}." if why else "."
    yield _option("base_url", _or_nothing(Name("str")), NOTHING, about)


def _login(interface: Interface) -> Iterator[ClientOption]:
    steps = interface.auth_steps
    folder_name, url_name = interface.login_names
    if any("://" in address for step in steps for _, address in step.address):
        yield _option(
            url_name,
            _or_nothing(Name("str")),
            NOTHING,
            "address of the server that logs in, in place of the "
            + ("environment's." if len(sure_servers(interface)) > 1 else "document's."),
            keyword="login_url",
        )
    if any(not step.once for step in steps):
        yield _option(
            folder_name,
            Either((Name("str"), Name("Path", "pathlib"), NOTHING)),
            NOTHING,
            "where logins are kept; a folder of the user's when not given.",
            keyword="login_folder",
        )


def _limits(interface: Interface) -> tuple[ClientOption, ...]:
    if not client_limits(interface):
        return ()
    store = Name("LimitStore", "gridwright_runtime.limits.store")
    return (
        _option(
            "company", Name("str"), "",
            "whose limits these are, where one machine serves several.",
        ),
        _option(
            "wait_for_turn", Name("bool"), True,
            "wait until the limits let a call go; else raise, and say when it may.",
        ),
        _option(
            "longest_wait_seconds", _or_nothing(Name("float")), NOTHING,
            "how long a call waits for its turn; as long as need be if not given.",
        ),
        _option(
            "limit_store", _or_nothing(store), NOTHING,
            "where the limits are kept, in place of a file of the user's.",
        ),
    )  # fmt: skip


def _shared(interface: Interface) -> Iterator[ClientOption]:
    """Yield where all machines keep what limits and logins need, where there are such."""
    if client_limits(interface) or any(not step.once for step in interface.auth_steps):
        yield _option(
            "shared_store", _or_nothing(Name("str")), NOTHING,
            "address of a server of Valkey or Redis at which all machines share limits and logins; "
            "taken from the environment variable GRIDWRIGHT_STORE when not given.",
        )  # fmt: skip


def _connection(interface: Interface, transport: Name) -> tuple[ClientOption, ...]:
    return (
        _option(
            "ssl_context", _or_nothing(Name("ssl.SSLContext", "ssl", whole=True)), NOTHING,
            f"with {interface.certificate.en}, which the service asks for; needed at any address "
            "with TLS, unless a transport is given."
            if interface.certificate is not None
            else "for client certificates, or other authorities than the system's.",
        ),
        _option(
            "timeout_seconds", Name("float"), 30.0,
            "longest wait, in seconds, in each phase of an attempt: connecting, sending, each part "
            "of the reply.",
        ),
        _option(
            "longest_call_seconds", _or_nothing(Name("float")), NOTHING,
            "longest time of a call in all, attempts, pauses and waits included; no limit if not "
            "given.",
        ),
        _option(
            "retry", Name("RetryPolicy", "gridwright_runtime.retry"), Name("_RETRY"),
            "how often and how long reads are tried again.",
        ),
        _option(
            "transport", _or_nothing(transport), NOTHING,
            "carries the requests; for proxies and for tests without a socket.",
        ),
        _option(
            "clock", _or_nothing(Name("Clock", "gridwright_runtime.clock")), NOTHING,
            "tells the time and waits; for tests.",
        ),
    )  # fmt: skip


def _format(interface: Interface) -> Iterator[ClientOption]:
    if has_formats(interface):
        offered = [o.formats for o in interface.operations]
        default = "json" if any("json" in formats for formats in offered) else offered[0][0]
        varies = any(len(set(encodings(o).values())) > 1 for o in interface.operations)
        about = "requests and replies" if varies else "the replies"
        names = [name for name in _FORMATS if any(name in formats for formats in offered)]
        equal = "both" if len(names) == 2 else "all"
        yield _option(
            "format", Name("Format", INTERFACE), default,
            f"form of {about}, {' or '.join(names)}; {equal} give equal objects.",
        )  # fmt: skip


_FORMATS = ("json", "xml", "csv", "jsonl", "text")


def _reading() -> tuple[ClientOption, ...]:
    return (
        _option(
            "strict", Name("bool"), False,
            "raise DeviationError where a reply departs from the document.",
        ),
        _option("max_connections", Name("int"), 10, "size of the connection pool."),
        _option(
            "max_body_bytes", Name("int"), Name("33_554_432"),
            "longest reply that is read, in bytes.",
        ),
    )  # fmt: skip
