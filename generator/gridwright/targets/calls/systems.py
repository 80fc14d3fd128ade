"""A system as a constant of the runtime's types: servers, credentials, options, steps, limits."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.analysis.memoize import memoize
from gridwright.ir import AuthStep, Credential, Filled, Interface, Server, referred
from gridwright.targets.calls.limits import client_limits
from gridwright.targets.calls.requests import request_of
from gridwright.targets.calls.sources import INTERFACE, part, source_of_step
from gridwright.targets.expressions import Call, Name, call, dict_display
from gridwright.targets.python import source_of

__all__ = [
    "LIMITS",
    "Choice",
    "carried_credentials",
    "choices",
    "sure_servers",
    "system",
    "why_no_address",
]

LIMITS = "LIMITS"
"""The constant of all limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that a client is told once.

    Attributes:
        default: empty: there is none.
        values: what it may be; empty: any text.
        is_needed: the client must be told it.
        about: how it is described.
    """

    name: str
    default: str
    values: tuple[str, ...]
    is_needed: bool
    about: str


def system(interface: Interface) -> Call:
    """Return what all operations of a system share."""
    default = interface.default_server
    return call(Name("System", INTERFACE), name=interface.system).with_options(
        servers=dict_display((server.name, server.address) for server in sure_servers(interface)),
        default_server=default.name if default is not None else "",
        no_address=why_no_address(interface),
        credentials=tuple(map(_credential, carried_credentials(interface))),
        options=tuple(map(_option, choices(interface))),
        certificate=interface.certificate.en if interface.certificate is not None else "",
        steps=tuple(_step(interface, step) for step in interface.auth_steps),
        limits=Name(LIMITS) if client_limits(interface) else None,
    )


def sure_servers(interface: Interface) -> tuple[Server, ...]:
    """Return the servers whose address nobody doubts."""
    return tuple(server for server in interface.servers if not server.doubtful)


def why_no_address(interface: Interface) -> str:
    """Say why a client has no address of its own; empty where it has one."""
    if sure_servers(interface) or not interface.servers:
        return ""
    server = interface.servers[0]
    if not server.address:
        return f"the document names no host ({source_of(server.cite)})"
    amended = (
        f"; see {', '.join(server.cite.amended)} in the reference pages"
        if server.cite.amended
        else ""
    )
    return (
        f"the document prints {server.address} ({source_of(server.cite)}), an address that nobody "
        f"has confirmed{amended}"
    )


@memoize
def carried_credentials(interface: Interface) -> tuple[Credential, ...]:
    """Return the credentials that a login or a request carries."""
    sources = [p.source for o in interface.operations for p in o.parameters]
    sources += [part.source for step in interface.auth_steps for part in step.all_parts]
    sources += [presented.source for presented in interface.presented]
    if interface.soap is not None and interface.soap.security is not None:
        sources.append(interface.soap.security.token)
    names = {name for s in sources for kind, name in referred(s) if kind == "credential"}
    requests = [request_of(interface, operation).record for operation in interface.operations]
    names |= {f.credential for record in requests for f in record.fields if f.credential}
    fields = interface.soap.all_fields if interface.soap else ()
    names |= {item.name for item in fields if item.source == "credential"}
    return tuple(credential for credential in interface.credentials if credential.name in names)


def choices(interface: Interface) -> tuple[Choice, ...]:
    """Return what a client is told once, each once."""
    found: dict[str, Choice] = {}
    for choice in _choices(interface):
        found.setdefault(choice.name, choice)
    return tuple(found.values())


def _choices(interface: Interface) -> Iterator[Choice]:
    for item in interface.soap.all_fields if interface.soap else ():
        if item.source == "option":
            yield Choice(
                name=item.name, default=item.default, values=(), is_needed=not item.default,
                about=f"{item.field.en}, sent with every request",
            )  # fmt: skip
    for envelope in interface.envelopes:
        for pair in envelope.pairs.fill if envelope.pairs else ():
            if pair.source == "option":
                about = (
                    f"{pair.en}, sent with every request{'' if pair.default else ' where given'}"
                )
                yield Choice(
                    name=pair.name, default=pair.default, values=(), is_needed=False, about=about
                )
    for operation in interface.operations:
        for parameter in operation.parameters:
            source, field = parameter.source, parameter.field
            if isinstance(source, Filled) and source.with_ == "option":
                default, is_needed = field.default or "", field.required and not field.default
                where = "" if default or is_needed else " where given"
                yield Choice(
                    name=source.name, default=default, values=(), is_needed=is_needed,
                    about=f"{field.en}, sent with requests{where}",
                )  # fmt: skip
    for envelope in interface.envelopes:
        if envelope.language is not None:
            yield Choice(
                name="language", default=envelope.language.default,
                values=envelope.language.values, is_needed=False, about=envelope.language.en,
            )  # fmt: skip


def _credential(credential: Credential) -> Call:
    is_hidden = credential.secret or credential.personal
    return call(
        Name("Credential", INTERFACE),
        name=credential.name,
        environment=credential.environment,
        **({} if is_hidden else {"secret": False}),
    ).with_options(optional=credential.optional, matches=credential.matches)


def _option(choice: Choice) -> Call:
    option = call(Name("Option", INTERFACE), name=choice.name)
    return option.with_options(default=choice.default, values=choice.values)


def _step(interface: Interface, step: AuthStep) -> Call:
    statuses = [when.removeprefix("status ") for when in step.renew_when]
    success, lifetime = step.success_status, step.lifetime
    return call(
        Name("Step", INTERFACE),
        name=step.name,
        method=step.method,
        address=dict_display(step.address),
        parts=dict_display(
            (server, _step_parts(interface, step, server)) for server in _servers(step)
        ),
        read=dict_display(step.read_parts),
    ).with_options(
        encoding=step.body if step.body != "none" else "",
        success_status=int(success) if success.isdecimal() else None,
        lifetime_seconds=lifetime.total_seconds() if lifetime is not None else None,
        lifetime_read=step.lifetime_read,
        lifetime_ends=step.lifetime_ends,
        counts_from=step.lifetime_from if step.lifetime_from == "last_use" else "",
        once=step.once,
        refused=tuple(int(status) for status in statuses if status.isdecimal()),
        never=step.never,
        optional=interface.spare_parts(step),
        renewal=_renewal(interface, step.renewal) if step.renewal is not None else None,
    )


def _renewal(interface: Interface, step: AuthStep) -> Call:
    success = step.success_status
    return call(
        Name("Renewal", INTERFACE),
        method=step.method,
        address=dict_display(step.address),
        parts=dict_display(
            (server, _step_parts(interface, step, server)) for server in _servers(step)
        ),
    ).with_options(
        encoding=step.body if step.body != "none" else "",
        success_status=int(success) if success.isdecimal() else None,
    )


def _servers(step: AuthStep) -> list[str]:
    """Return the servers for which a step sends something of its own; "": all send the same."""
    return list(dict.fromkeys(p.server for p in step.parts if p.server)) or [""]


def _step_parts(interface: Interface, step: AuthStep, server: str) -> tuple[Call, ...]:
    return tuple(
        part(
            item.wire, item.place.value, source_of_step(item.source),
            optional=interface.may_be_left_out(item.source),
        )
        for item in step.parts
        if item.server in (server, "")
    )  # fmt: skip
