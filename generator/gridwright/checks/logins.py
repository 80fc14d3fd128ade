"""The steps of a login can be carried out: addresses filled, results found and carried."""

import re
from collections.abc import Collection, Iterator

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import AuthStep, Basic, Interface, Place, Source, Text, referred

__all__ = ["check"]

_CLAIM = re.compile("jwt .+")
_READ = re.compile("body|body .+|header [A-Za-z0-9-]+|cookie [!#$%&'*+.^_`|~A-Za-z0-9-]+")
_RENEW = re.compile("refused|status [1-5][0-9][0-9]|(?!status )[^ ]+ .+")
_STATUS = re.compile("[1-5][0-9][0-9]|")


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report steps that no client could take, and results that nothing carries."""
    for step in interface.auth_steps:
        yield from _of_step(step, _placeholders(step), interface.spare_parts(step))
        if step.renewal is not None:
            yield from _of_renewal(step, step.renewal)
    yield from _named_as_texts(interface)
    for step in interface.auth_steps:
        if not interface.carried_parts(step):
            yield Diagnostic(
                step.span,
                "step-unused",
                f"nothing carries the result of login step {step.name!r}",
                f"add `present: {{NAME: {{in: header, value: step.{step.name}}}}}`",
            )


def _named_as_texts(interface: Interface) -> Iterator[Diagnostic]:
    """Report texts that are the name of a credential, which would be sent in place of it.

    A word of the service may be the same, such as `grant_type: password`: then the credential
    travels elsewhere.
    """
    names = {credential.name for credential in interface.credentials}
    carried = {name for source in _sources(interface) for _, name in referred(source)}
    records = [o.body.record for o in interface.operations if o.body is not None]
    fields = [field for one in records for r in interface.reachable(one) for field in r.fields]
    carried |= {field.credential for field in fields if field.credential}
    carried |= {one.name for one in (interface.soap.all_fields if interface.soap else ())}
    for span, wire, source in _sent(interface):
        texts = (source.user, source.password) if isinstance(source, Basic) else (source,)
        for text in texts:
            said = text.constant if isinstance(text, Text) else None
            if said in names and (said not in carried or wire == said):
                yield Diagnostic(
                    span,
                    "credential-as-text",
                    f"{wire!r} would carry the text {said!r}, which is the name of a credential",
                    f"write `credential.{said}`",
                )


def _sent(interface: Interface) -> Iterator[tuple[Span, str, Source]]:
    """Yield what logins and requests carry, each with its name."""
    for step in interface.auth_steps:
        yield from ((step.span, part.wire, part.source) for part in step.all_parts)
    for presented in interface.presented:
        yield presented.span, presented.wire, presented.source
    for operation in interface.operations:
        for one in operation.parameters:
            # What `auth: {present: …}` fills is said there.
            if not any(presented.source is one.source for presented in interface.presented):
                yield one.field.span, one.field.wire, one.source


def _of_renewal(step: AuthStep, renewal: AuthStep) -> Iterator[Diagnostic]:
    """Report renewals that renew nothing, and those that could not be sent."""
    if step.once:
        yield Diagnostic(
            renewal.span,
            "misplaced-key",
            f"the result of step {step.name!r} serves once, and is not kept: nothing renews it",
            "remove `renew:`, or `uses: once` where many requests may carry the result",
        )
    elif not step.renewing_parts:
        part = next((name for name, _ in step.read_parts[::-1] if name), "")
        yield Diagnostic(
            renewal.span,
            "step-unused",
            f"what renews step {step.name!r} carries nothing of its result",
            f"add to `send:` there a field with `step.{step.name}{f'.{part}' if part else ''}`",
        )
    yield from _of_request(renewal, _placeholders(renewal))


def _of_step(step: AuthStep, filled: set[str], spare: Collection[str]) -> Iterator[Diagnostic]:
    yield from _of_request(step, filled)
    yield from _of_result(step, spare)


def _of_request(step: AuthStep, filled: set[str]) -> Iterator[Diagnostic]:
    given = {part.wire for part in step.parts if part.place is Place.PATH}
    for name in sorted(filled - given):
        yield Diagnostic(
            step.span,
            "path-without-parameter",
            f"the address of step {step.name!r} holds {{{name}}}, which nothing fills",
            f"add `path: {{{name}: credential.NAME}}`, or name an earlier step there",
        )
    for name in sorted(given - filled):
        yield Diagnostic(
            step.span,
            "parameter-without-place",
            f"{name!r} is to fill the address of step {step.name!r}, which has no place for it",
            "write {name} into the address by an erratum",
        )
    if not _STATUS.fullmatch(step.success_status):
        yield Diagnostic(
            step.span,
            "malformed-value",
            f"{step.success_status!r} is no HTTP status",
            "write three digits, or leave it out for any from 200 to 299",
        )
    in_body = any(part.place is Place.BODY for part in step.parts)
    if in_body != (step.body != "none"):
        yield Diagnostic(
            step.span,
            "body-without-encoding" if in_body else "encoding-without-body",
            f"step {step.name!r} sends values in a body, and nothing says how it is written"
            if in_body
            else f"step {step.name!r} has a body, and nothing travels in it",
            "add `body: form` or `body: json`" if in_body else "remove `body:`, or add `send:`",
        )


def _of_result(step: AuthStep, spare: Collection[str]) -> Iterator[Diagnostic]:
    told = [step.lifetime_read] if step.lifetime_read else []
    if told and _CLAIM.fullmatch(step.lifetime_read):
        told = []
        if len([name for name, _ in step.read_parts if name not in spare]) > 1:
            yield Diagnostic(
                step.span,
                "malformed-value",
                f"step {step.name!r} gives several results, and a claim is of one",
                "write body NAME or header NAME, where the reply says how long they live",
            )
    for place in (*step.read, *told):
        if not _READ.fullmatch(place):
            yield Diagnostic(
                step.span,
                "malformed-value",
                f"{place!r} is no place of a reply",
                "write body, body NAME, header NAME or cookie NAME",
            )
    for when in step.renew_when:
        if not _RENEW.fullmatch(when):
            yield Diagnostic(
                step.span,
                "malformed-value",
                f"{when!r} does not say when a result is to be renewed",
                "write refused, status and a number, or a field of the envelope and its value",
            )


def _placeholders(step: AuthStep) -> set[str]:
    return {name for _, address in step.address for name in re.findall(r"\{([^{}]*)\}", address)}


def _sources(interface: Interface) -> Iterator[Source]:
    yield from (presented.source for presented in interface.presented)
    if interface.soap is not None and interface.soap.security is not None:
        yield interface.soap.security.token
    yield from (part.source for step in interface.auth_steps for part in step.all_parts)
    for operation in interface.operations:
        yield from (parameter.source for parameter in operation.parameters)
