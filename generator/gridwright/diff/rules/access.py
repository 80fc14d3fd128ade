"""Servers, credentials and logins: where a client goes, and how it is let in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import compare_bounds, differ, provenance, spelt, values
from gridwright.diff.index import Index
from gridwright.diff.match import Matched, Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.rules.fields import compare_marks
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import AuthStep, Credential, Interface, Presented, Server

__all__ = [
    "RULES",
    "compare_certificate",
    "compare_credentials",
    "compare_logins",
    "compare_servers",
    "match_credentials",
    "match_servers",
]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("server-added", "S/NN/S", "There is a further server."),
    rule("server-removed", "R/BN/B",
         "A server is gone.",
         "do not name {what} as the environment; give `base_url` where you still need it"),
    rule("server-renamed", "N/NN/B",
         "A server has been renamed: so has the environment of the client.",
         "name the environment `{new}` in place of `{old}`", reading=_WORDING),
    rule("server-address-changed", "R/BB/R",
         "A server has another address.",
         "let {new} through your firewall; the old package still calls {old}"),
    rule("server-address-supplied", "S/SS/S",
         "A server whose address was undocumented has one.",
         "nothing; leave `base_url` out where the server is the default"),
    rule("server-address-withdrawn", "R/RN/R",
         "The address of a server is undocumented now.",
         "give `base_url`; it was {old}"),
    rule("server-confirmed", "S/NN/S", "The address of a server counts as confirmed."),
    rule("server-doubted", "R/NN/B",
         "The address of a server counts as doubtful: no client has it by itself.",
         "give `base_url` yourself, once somebody has confirmed the address"),
    rule("server-reworded", "N/NN/N", "We describe a server in other words.",
         reading=_WORDING),
    rule("default-server-set", "S/NN/S",
         "A client knows by itself where to go.",
         "nothing; leave `base_url` out where you mean {new}"),
    rule("default-server-withdrawn", "R/NN/B",
         "A client no longer knows by itself where to go.",
         "say `base_url`, or the environment; it was {old}"),
    rule("default-server-moved", "R/RR/R",
         "A client that is not told otherwise goes to another server.",
         "say `base_url`, or the environment, where you mean {old}"),
    rule("credential-added", "R/BS/B",
         "A client needs a further credential.",
         "give the client {what}, or set its environment variable"),
    rule("credential-offered", "S/SR/S",
         "A client may be given a further credential.",
         "nothing; give the client {what} where you have it"),
    rule("credential-removed", "R/RB/B",
         "A client no longer takes a credential.",
         "do not give the client {what}"),
    rule("credential-renamed", "N/NN/B",
         "A credential has been renamed in Python.",
         "give the client `{new}` in place of `{old}`", reading=_WORDING),
    rule("login-argument-renamed", "N/NN/B",
         "An argument of the client about its login has another name in Python.",
         "give the client `{new}` in place of `{old}`", reading=_WORDING),
    rule("credential-environment-changed", "N/NN/B",
         "A credential is taken from another environment variable.",
         "set {new} in place of {old}", reading=_WORDING),
    rule("credential-optional", "S/SR/S",
         "A client may do without a credential.",
         "nothing; a service that still wants it refuses calls without it"),
    rule("credential-needed", "R/BS/B",
         "A client can no longer do without a credential.",
         "give the client {what}, or set its environment variable"),
    rule("credential-narrowed", "R/BS/R",
         "A credential is written in one form, or in another one.",
         "nothing where yours is right; {what} of another form goes to this machine alone"),
    rule("credential-widened", "S/SS/S",
         "A credential may be of any form."),
    rule("credential-label-changed", "S/NN/N", "The document calls a credential otherwise."),
    rule("credential-reworded", "N/NN/N", "We describe a credential in other words.",
         reading=_WORDING),
    rule("certificate-asked", "R/BS/B",
         "A client shows a certificate.",
         "get the certificate, and pass it in `ssl_context`"),
    rule("certificate-no-longer-asked", "S/SB/S",
         "A client no longer shows a certificate.",
         "nothing; `ssl_context` may stay"),
    rule("certificate-reworded", "N/NN/N",
         "The certificate that a client shows is described in other words.", reading=_WORDING),
    rule("login-step-added", "R/BB/S",
         "The login has a further step.",
         "upgrade when the service does"),
    rule("login-step-removed", "R/BB/S",
         "The login has lost a step.",
         "upgrade when the service does"),
    rule("login-steps-reordered", "R/BB/S",
         "The steps of the login come in another order.",
         "upgrade when the service does"),
    rule("login-step-renamed", "N/NN/N", "We call a step of the login otherwise.",
         reading=_WORDING),
    rule("login-method-changed", "R/BB/N",
         "A step of the login uses another HTTP method.",
         "upgrade when the service does"),
    rule("login-address-changed", "R/BB/S",
         "A step of the login has another address.",
         "let {new} through your firewall; upgrade when the service does"),
    rule("login-address-filled-otherwise", "R/BB/N",
         "A place in the address of a step of the login is filled otherwise.",
         "upgrade when the service does"),
    rule("login-body-changed", "R/BB/N",
         "A step of the login sends another kind of body.",
         "upgrade when the service does"),
    rule("login-sends-otherwise", "R/BB/N",
         "A step of the login sends other values.",
         "upgrade when the service does"),
    rule("login-success-changed", "R/BB/N",
         "Another HTTP status means that a step of the login succeeded.",
         "upgrade when the service does"),
    rule("login-result-read-elsewhere", "R/BB/N",
         "The result of a step of the login is looked for in other places.",
         "upgrade when the service does"),
    rule("login-life-shorter", "R/BN/S",
         "The result of a login lives for a shorter time.",
         "upgrade: the old package may use what has expired"),
    rule("login-life-longer", "S/NR/S",
         "The result of a login lives for a longer time.",
         "nothing; a server that keeps the former life refuses, and the client logs in anew"),
    rule("login-life-counted-otherwise", "R/RR/S",
         "The life of a login's result counts from another moment.",
         "upgrade when the service does: tickets may expire sooner or later than expected"),
    rule("login-result-serves-once", "R/BS/N",
         "The result of a step of the login serves a single request.",
         "upgrade: the old package uses it again, and is refused"),
    rule("login-result-serves-many", "S/SB/N",
         "The result of a step of the login serves many requests.",
         "upgrade when the service does: the former service refuses it the second time"),
    rule("login-sharing-changed", "R/NN/S",
         "The clients of one account share a login, or no longer do.",
         "check that no two programs throw each other out"),
    rule("login-renewal-changed", "R/RR/N",
         "Other replies mean that a login is to be renewed.",
         "upgrade when the service does"),
    rule("login-renewed-otherwise", "R/BR/N",
         "What is kept of a login is renewed by another request, or no longer.",
         "upgrade when the service does: else the former package logs in anew, where it can"),
    rule("login-never-changed", "R/RR/N",
         "Other texts are never taken for the result of a login."),
    rule("login-reworded", "N/NN/N", "We describe the login in other words.",
         reading=_WORDING),
    rule("presented-added", "R/BS/N",
         "Every request carries a further value of the login.",
         "upgrade when the service does"),
    rule("presented-removed", "S/SB/N",
         "Requests no longer carry a value of the login.",
         "upgrade only once the service no longer asks for it"),
    rule("presented-renamed", "R/BB/N",
         "What every request carries of the login has been renamed on the wire.",
         "upgrade when the service does"),
    rule("presented-moved", "R/BB/N",
         "What every request carries of the login travels in another place.",
         "upgrade when the service does"),
    rule("presented-value-changed", "R/BB/N",
         "Every request carries another value of the login.",
         "upgrade when the service does"),
)  # fmt: skip


def match_servers(old: Interface, new: Interface) -> Matched[Server]:
    """Pair servers: by name and address, by either, by being where a client goes.

    The server of a document that names no address is the one that clients go to by default, once
    the document names some.
    """
    is_said = {all(server.address for server in one.servers) for one in (old, new)}

    def usual(server: Server) -> bool | None:
        return True if len(is_said) == 2 and (server.default or not server.address) else None

    return match(
        old.servers,
        new.servers,
        (
            lambda s: (s.name, s.address) if s.address else None,
            lambda s: s.address or None,
            usual,
            lambda s: s.name,
        ),
    )


def compare_servers(old: Index, new: Index, matched: Matched[Server]) -> Iterator[RuleFinding]:
    """Compare all servers, and which one is the default."""
    for one, other in matched.pairs:
        spot = _server_spot(one, other)
        yield from differ(_named_spot(spot, one, old), "server-renamed", one.name, other.name)
        moved = "changed" if one.address and other.address else "supplied"
        yield from differ(
            spot.at("address"),
            f"server-address-{moved if other.address else 'withdrawn'}",
            one.address or "undocumented",
            other.address or "undocumented",
        )
        yield from values(spot, one, other, (("en", "server-reworded", "en"),))
        if one.doubtful != other.doubtful:
            rule_id = "server-doubted" if other.doubtful else "server-confirmed"
            yield spot.at("confirmed").found(rule_id, not one.doubtful, not other.doubtful)
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)
    for server in matched.gone:
        spot = _named_spot(_server_spot(server, server), server, old)
        idle = "" if server.address else "nobody knew its address"
        yield replace(spot, wire_idle=idle).gone().found("server-removed", server.address)
    for server in matched.added:
        yield _server_spot(server, server).added().found("server-added", "", server.address)
    yield from _default(old.interface, new.interface, {a.name: b.name for a, b in matched.pairs})


def _named_spot(spot: Spot, server: Server, side: Index) -> Spot:
    """Return the spot of a server; no calling code feels it where no client takes its name."""
    sure = [one for one in side.interface.servers if not one.doubtful]
    is_asked = len(sure) > 1 or (sure and side.interface.default_server is None)
    is_named = is_asked and not server.doubtful
    return replace(spot, python_idle="" if is_named else "no client takes the name of the server")


def _default(old: Interface, new: Interface, names: Mapping[str, str]) -> Iterator[RuleFinding]:
    before, after = old.default_server, new.default_server
    if before is None and after is None:
        return
    if before is None or after is None:
        known = before or after
        if known is None:
            return
        spot = _server_spot(known, known).at("default")
        if before is None:
            yield spot.found("default-server-set", "none", known.address)
        else:
            yield spot.found("default-server-withdrawn", known.address, "none")
    elif names.get(before.name) != after.name:
        yield (
            _server_spot(before, after)
            .at("default")
            .found("default-server-moved", before.address, after.address)
        )


def match_credentials(old: Interface, new: Interface) -> Matched[Credential]:
    """Pair credentials: by name, by environment variable, by label."""
    return match(
        old.credentials,
        new.credentials,
        (lambda c: c.name, lambda c: c.environment or None, lambda c: c.label or None),
    )


def compare_credentials(matched: Matched[Credential]) -> Iterator[RuleFinding]:
    """Compare all credentials of two interfaces."""
    for one, other in matched.pairs:
        spot = _credential_spot(one, other)
        rows = (
            ("name", "credential-renamed", ""),
            ("environment", "credential-environment-changed", "environment"),
            ("label", "credential-label-changed", "label"),
            ("en", "credential-reworded", "en"),
        )
        yield from values(spot, one, other, rows)
        if one.optional != other.optional:
            found = "credential-optional" if other.optional else "credential-needed"
            yield spot.at("optional").found(found)
        if one.matches != other.matches:
            found = "credential-narrowed" if other.matches else "credential-widened"
            yield spot.at("matches").found(found, one.matches, other.matches)
        yield from compare_marks(spot, one, other)
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)
    for credential in matched.gone:
        yield _credential_spot(credential, credential).gone().found("credential-removed")
    for credential in matched.added:
        found = "credential-offered" if credential.optional else "credential-added"
        yield _credential_spot(credential, credential).added().found(found)


def compare_certificate(old: Interface, new: Interface) -> Iterator[RuleFinding]:
    """Compare what clients show in TLS."""
    one, other = old.certificate, new.certificate
    place = ("auth", "certificate")
    spot = Spot(
        what="certificate", old=place, new=place,
        cites=(one.cite if one else None, other.cite if other else None),
        spans=(one.span if one else None, other.span if other else None),
    )  # fmt: skip
    if one is None and other is not None:
        yield spot.added().found("certificate-asked", "", other.en)
    elif one is not None and other is None:
        yield spot.gone().found("certificate-no-longer-asked", one.en, "")
    elif one is not None and other is not None:
        rows = (("en", "certificate-reworded", "en"), ("label", "certificate-reworded", "label"))
        yield from values(spot, one, other, rows)
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)


def compare_logins(old: Index, new: Index, names: Names) -> Iterator[RuleFinding]:
    """Compare the steps of the login, and what requests carry of it."""
    before, after = old.interface.auth_steps, new.interface.auth_steps
    matched = match(
        before, after,
        (lambda s: s.name, lambda s: s.address, lambda s: s.send, lambda s: s.cite.lines or None),
    )  # fmt: skip
    steps = {one.name: other.name for one, other in matched.pairs}
    values_now = {f"step.{one}": f"step.{other}" for one, other in steps.items()} | {
        f"credential.{one}": f"credential.{other}" for one, other in names.credentials.items()
    }
    for one, other in matched.pairs:
        yield from _step(_step_spot(one, other), one, other, values_now, names.servers)
    for step in matched.gone:
        yield _step_spot(step, step).gone().found("login-step-removed", step.en)
    for step in matched.added:
        yield _step_spot(step, step).added().found("login-step-added", "", step.en)
    kept = [steps[step.name] for step in before if step.name in steps]
    order = [step.name for step in after if step.name in kept]
    if kept != order:
        spot = Spot(what="login", old=("auth", "steps"), new=("auth", "steps"))
        yield spot.found("login-steps-reordered", tuple(kept), tuple(order))
    yield from _presented(old.interface, new.interface, values_now, names.operations)
    for key, before_name, after_name in zip(
        ("folder", "url"), old.interface.login_names, new.interface.login_names, strict=True
    ):
        spot = Spot(what="login", old=("auth", "names", key), new=("auth", "names", key))
        yield from differ(spot, "login-argument-renamed", before_name, after_name)


def _step(
    spot: Spot,
    old: AuthStep,
    new: AuthStep,
    values_now: Mapping[str, str],
    server_names: Mapping[str, str],
) -> Iterator[RuleFinding]:
    rows = (
        ("name", "login-step-renamed", "name"),
        ("method", "login-method-changed", "method"),
        ("body", "login-body-changed", "body"),
        ("success_status", "login-success-changed", "success_status"),
        ("read", "login-result-read-elsewhere", "read"),
        ("lifetime_from", "login-life-counted-otherwise", "lifetime_from"),
        ("shared", "login-sharing-changed", "shared"),
        ("renew_when", "login-renewal-changed", "renew_when"),
        ("never", "login-never-changed", "never"),
        ("en", "login-reworded", "en"),
    )
    yield from values(spot, old, new, rows)
    yield from _request_of_step(spot, old, new, values_now, server_names)
    yield from differ(
        spot.at("renew"),
        "login-renewed-otherwise",
        _renewed(old.renewal, values_now),
        _renewed(new.renewal),
    )
    yield from differ(
        spot.at("lifetime"),
        "login-life-counted-otherwise",
        _life_read(old),
        _life_read(new),
    )
    yield from compare_bounds(
        spot.at("lifetime"), old.lifetime, new.lifetime, "login-life-shorter", "login-life-longer"
    )
    if old.once != new.once:
        rule_id = "login-result-serves-once" if new.once else "login-result-serves-many"
        yield spot.at("uses").found(rule_id)
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _request_of_step(
    spot: Spot,
    old: AuthStep,
    new: AuthStep,
    values_now: Mapping[str, str],
    server_names: Mapping[str, str],
) -> Iterator[RuleFinding]:
    """Yield where the request of a step goes, and what it sends."""
    # A server that has come or gone brings its addresses with it.
    yield from differ(
        spot.at("address"),
        "login-address-changed",
        _by_server(old.address, values_now, server_names),
        _by_server(new.address, {}, {name: name for name in server_names.values()}),
    )
    path = tuple((key, values_now.get(value, value)) for key, value in old.path)
    yield from differ(spot.at("path"), "login-address-filled-otherwise", path, new.path)
    sent, sends = (
        tuple((key, _by_server(value, now, kept)) for key, value in step.send)
        for step, now, kept in (
            (old, values_now, server_names),
            (new, {}, {name: name for name in server_names.values()}),
        )
    )
    if sent != sends:
        yield spot.at("send").found(
            "login-sends-otherwise", _describe_sent(sent), _describe_sent(sends)
        )
    yield from differ(
        spot.at("request"), "login-sends-otherwise", _requested(old, values_now), _requested(new)
    )


def _presented(
    old: Interface,
    new: Interface,
    values_now: Mapping[str, str],
    operations: Mapping[str, str],
) -> Iterator[RuleFinding]:
    matched = match(
        old.presented,
        new.presented,
        (lambda p: p.wire, lambda p: (p.place, values_now.get(p.value, p.value))),
    )
    for one, other in matched.pairs:
        spot = _presented_spot(one, other)
        rows = (("wire", "presented-renamed", ""), ("place", "presented-moved", "in"))
        yield from values(spot, one, other, rows)
        value = values_now.get(one.value, one.value)
        yield from differ(spot.at("value"), "presented-value-changed", value, other.value)
        if not one.value or not other.value:  # user and password
            before, after = spelt(one.source, values_now), spelt(other.source)
            yield from differ(spot.at("basic"), "presented-value-changed", before, after)
        yield from differ(spot.at("under"), "presented-moved", one.under, other.under)
        carriers = tuple(operations.get(name, name) for name in one.operations)
        yield from differ(
            spot.at("operations"), "presented-moved", carriers or "all", other.operations or "all"
        )
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)
    for item in matched.gone:
        yield _presented_spot(item, item).gone().found("presented-removed", item.value)
    for item in matched.added:
        yield _presented_spot(item, item).added().found("presented-added", "", item.value)


def _by_server(
    pairs: tuple[tuple[str, str], ...], values_now: Mapping[str, str], servers: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return what is given by server in the new names, for the servers that both sides have."""
    kept = {"": "", **servers}
    return tuple(
        (kept[name], values_now.get(value, value)) for name, value in pairs if name in kept
    )


def _requested(step: AuthStep, values_now: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what a step sends besides what fills its address and its short parameters."""
    return "; ".join(
        f"{part.place} {part.wire}: {spelt(part.source, values_now)}" for part in step.further_parts
    )


def _renewed(step: AuthStep | None, values_now: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the request that renews a result, without what is said of the step as well."""
    if step is None:
        return "not at all"
    addresses = " or ".join(address for _, address in step.address)
    sent = "; ".join(
        f"{part.server} {part.place} {part.wire}: {spelt(part.source, values_now)}".strip()
        for part in step.parts
    )
    status = f", answered with {step.success_status}" if step.success_status else ""
    return f"{step.method} {addresses} as {step.body}{status}: {sent}"


def _describe_sent(send: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> str:
    return "; ".join(f"{key}: {', '.join(value for _, value in values)}" for key, values in send)


def _server_spot(one: Server, other: Server) -> Spot:
    return spot_of(f"server {other.name}", ("servers",), one, other)


def _life_read(step: AuthStep) -> str:
    """Say where a reply says how long a result lives, and whether as a length or as its end."""
    if not step.lifetime_read:
        return "no place of the reply"
    return (
        f"{step.lifetime_read}, the moment of its end" if step.lifetime_ends else step.lifetime_read
    )


def _credential_spot(one: Credential, other: Credential) -> Spot:
    return spot_of(f"credential {other.name}", ("credentials",), one, other)


def _step_spot(one: AuthStep, other: AuthStep) -> Spot:
    return spot_of(f"login step {other.name}", ("auth", "steps"), one, other)


def _presented_spot(one: Presented, other: Presented) -> Spot:
    return Spot(
        what=f"{other.wire} of every request",
        old=("auth", "present", one.wire),
        new=("auth", "present", other.wire),
        cites=(one.cite, other.cite),
        spans=(one.span, other.span),
    )
