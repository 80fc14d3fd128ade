"""Security schemes of an OpenAPI document: keys, and what a login gives."""

from collections.abc import Iterable, Iterator

from gridwright.analysis.source_words import source_words
from gridwright.ir import (
    AuthStep,
    Field,
    Interface,
    Operation,
    Parameter,
    Place,
    Presented,
    TextType,
    referred,
)
from gridwright.targets.calls.parts import presented_by
from gridwright.targets.calls.requests import IN_BODY
from gridwright.targets.openapi.facts import Json, drop_empty
from gridwright.targets.python import source_of

__all__ = ["PLACES", "carried_in_request", "security_requirements", "security_schemes"]

CERTIFICATE = "client_certificate"
"""The name of the scheme of a certificate."""
PLACES = {
    Place.QUERY: "query",
    Place.PATH: "path",
    Place.HEADER: "header",
    Place.COOKIE: "cookie",
}
_NO_SCHEME = frozenset({*IN_BODY, Place.PATH})


def carried_in_request(interface: Interface, operation: Operation) -> Iterator[Parameter]:
    """Yield what a request carries in path or body beside its own items.

    No scheme of OpenAPI has a key there: it is described as the value of the request that it is.
    """
    for one in presented_by(interface, operation):
        if one.place in _NO_SCHEME:
            steps = interface.auth_steps if _steps_of(interface, one) else ()
            about = _describe_login(steps, one)
            field = Field(
                name=one.wire, wire=one.wire, provisional=False, label=one.wire, en=about,
                type=TextType(size=None), unit=None, optional=False, personal=False, secret=False,
                required=not interface.may_be_left_out(one.source), default=None, note="",
                printed_size="", also=(), series=None, instant=None, cite=one.cite, span=one.span,
            )  # fmt: skip
            yield Parameter(field=field, place=one.place, source=one.source, under=one.under)


def security_schemes(interface: Interface) -> Json:
    """Describe what a request carries."""
    schemes: Json = {}
    credentials = {credential.name: credential for credential in interface.credentials}
    for operation in interface.operations:
        for parameter in operation.parameters:
            credential = credentials.get(parameter.credential or "")
            if credential is not None and parameter.place not in _NO_SCHEME:
                schemes[credential.name] = {
                    "type": "apiKey",
                    "in": PLACES.get(parameter.place, "query"),
                    "name": parameter.field.wire,
                    "description": f"{credential.en}; {source_of(credential.cite)}",
                }
    for presented in interface.presented:
        if presented.place in _NO_SCHEME:
            continue
        steps = _steps_of(interface, presented)
        name = _scheme_name(presented)
        if name in schemes and schemes[name]["name"] != presented.wire:
            name = f"{name}-{presented.wire}"  # one key in two places
        schemes[name] = {
            "type": "apiKey",
            "in": presented.place.value,
            "name": presented.wire,
            "description": _describe_login(interface.auth_steps if steps else (), presented),
        }
        if steps:
            login = [_step(interface, s.name) for s in interface.auth_steps]
            schemes[name]["x-gridwright"] = {"login": login}
    if (certificate := interface.certificate) is not None:
        about = f"{certificate.en}; {source_of(certificate.cite)}"
        schemes[CERTIFICATE] = {"type": "mutualTLS", "description": about}
    return schemes


def _steps_of(interface: Interface, presented: Presented) -> list[AuthStep]:
    """Return the steps of a login whose results are presented."""
    carried = referred(presented.source)
    return [step for step in interface.auth_steps if ("step", step.name) in carried]


def _scheme_name(presented: Presented) -> str:
    carried = referred(presented.source)
    return carried[-1][1] if carried else presented.wire


def security_requirements(interface: Interface) -> list[Json]:
    """Return which schemes go together: all, and where a client may do without some, the others."""
    every: Json = {name: [] for name in security_schemes(interface)}
    if not every:
        return []
    optional = {credential.name for credential in interface.credentials if credential.optional}
    optional |= {
        carried[-1][1]
        for presented in interface.presented
        if interface.may_be_left_out(presented.source) and (carried := referred(presented.source))
    }
    needed: Json = {name: [] for name in every if name not in optional}
    return [every] if needed == every else [every, needed]


def _describe_login(steps: Iterable[AuthStep], presented: Presented) -> str:
    """Tell a person how to log in."""
    if not steps:
        return f"What requests carry; {source_of(presented.cite)}."
    lines = [f"What the login gives; {source_of(presented.cite)}.", ""]
    lines += [f"{number}. {_step_told(step)}" for number, step in enumerate(steps, 1)]
    return "\n".join(lines)


def _step_told(step: AuthStep) -> str:
    told = _request_told(step)
    told += f" The result stands in {', '.join(f'`{place}`' for place in step.read)}."
    if step.once:
        told += " It serves one request."
    if step.lifetime is not None:
        since = "its issue" if step.lifetime_from == "issue" else "its last use"
        told += f" It lives for {int(step.lifetime.total_seconds())} seconds from {since}."
    if step.renewal is not None:
        told += f" It is renewed, each time with what came last: {_request_told(step.renewal)}"
    return told


def _request_told(step: AuthStep) -> str:
    addresses = " or ".join(
        f"`{step.method} {address}`{f' ({server})' if server else ''}"
        for server, address in step.address
    )
    sent = ", ".join(
        f"`{name}`: {' or '.join(value.removeprefix('credential.') for _, value in values)}"
        for name, values in step.send
    )
    placed = "".join(
        f", `{place}`: {value.removeprefix('credential.')}" for place, value in step.path
    )
    placed += "".join(
        f", `{part.wire}` in the {part.place}: {source_words(part.source)}"
        for part in step.further_parts
    )
    told = f"{step.en}: {addresses}{placed}"
    return told + (f", with {sent} as {step.body}." if sent else ".")


def _step(interface: Interface, name: str) -> Json:
    step = next(step for step in interface.auth_steps if step.name == name)
    return drop_empty(
        name=step.name,
        **_request(step),
        renew=_request(step.renewal) if step.renewal is not None else None,
        read=list(step.read),
        lifetime_seconds=step.lifetime.total_seconds() if step.lifetime else None,
        lifetime_from=step.lifetime_from,
        once=step.once,
        shared=step.shared,
        renew_when=list(step.renew_when),
        never=list(step.never),
        at=str(step.cite),
    )


def _request(step: AuthStep) -> Json:
    """Return what is sent for the result of a step."""
    return drop_empty(
        en=step.en,
        method=step.method,
        address=dict(step.address),
        path=dict(step.path),
        body=step.body,
        send={name: dict(values) for name, values in step.send},
        request={
            part.wire: {"in": part.place.value, "value": source_words(part.source)}
            for part in step.further_parts
        },
        success_status=step.success_status,
    )
