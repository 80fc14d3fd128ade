"""Servers, credentials and the steps of a login."""

from dataclasses import dataclass
from datetime import timedelta

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.requests import Place, Source, holes_in
from gridwright.ir.words import StepBody, StepLife

__all__ = ["AuthStep", "Certificate", "Credential", "Presented", "Server", "StepPart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server address; doubtful ones are nobody's default, undocumented ones empty.

    Attributes:
        doubtful: there is none, or the spec says that it is not confirmed; whether one that is
            not doubtful is printed or inferred is for the citation to say.
    """

    name: str
    address: str
    doubtful: bool
    default: bool
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Something that an account holder is given, by its Python name.

    Attributes:
        optional: a client may do without it; what carries it is then left out.
        matches: regular expression that the whole of it matches; empty: any text will do.
    """

    name: str
    label: str
    en: str
    secret: bool
    personal: bool
    environment: str
    optional: bool
    matches: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that a client shows in TLS."""

    label: str
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """One value that a step of a login sends.

    Attributes:
        server: the server that it is for; empty: all.
    """

    server: str
    wire: str
    place: Place
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthStep:
    """One step of a login, run before a request.

    Attributes:
        path: what fills a place of the address, by its name; such as ``credential.agent_id``.
        address: by server name; the name is empty where one address serves all.
        send: parameter and what it carries, by server name likewise; such as
            ``credential.password``.
        read: places to look for the result, in order; of all parts, where there are several.
        lifetime: None: it does not end by itself, or the reply says when.
        once: the result serves one request.
        parts: all that it sends, each with its place.
        read_parts: places to look for each part of the result; its name is empty where it is one.
        lifetime_read: the place that says how long the result lives; empty: none does.
        lifetime_ends: what stands there is the moment at which it ends, not a number of seconds.
        renewal: the request that renews a kept result, whole: a step of the same name, which says
            of the result what this one says; None: the step is taken anew.
    """

    name: str
    method: str
    address: tuple[tuple[str, str], ...]
    body: StepBody
    path: tuple[tuple[str, str], ...]
    send: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    success_status: str
    read: tuple[str, ...]
    lifetime: timedelta | None
    lifetime_from: StepLife
    once: bool
    shared: bool
    renew_when: tuple[str, ...]
    never: tuple[str, ...]
    parts: tuple[StepPart, ...]
    read_parts: tuple[tuple[str, tuple[str, ...]], ...]
    lifetime_read: str
    lifetime_ends: bool
    renewal: "AuthStep | None"
    en: str
    cite: Citation
    span: Span

    @property
    def all_parts(self) -> tuple[StepPart, ...]:
        """What it sends, and what its renewal sends."""
        return self.parts if self.renewal is None else (*self.parts, *self.renewal.parts)

    @property
    def renewing_parts(self) -> tuple[str, ...]:
        """The parts of its own result that its renewal sends, by name."""
        parts = () if self.renewal is None else self.renewal.parts
        holes = [hole for part in parts for hole in holes_in(part.source)]
        return tuple(dict.fromkeys(h.part for h in holes if (h.kind, h.name) == self._own))

    @property
    def _own(self) -> tuple[str, str]:
        return "step", self.name

    @property
    def further_parts(self) -> tuple[StepPart, ...]:
        """What it sends beside what fills its address and its short parameters."""
        told = {key for key, _ in (*self.path, *self.send)}
        return tuple(p for p in self.parts if p.wire not in told and p.place is not Place.PATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What each request carries, after a login or without one.

    Attributes:
        value: as the spec writes it; empty where it is Basic authentication.
        operations: names of those that carry it; empty: all.
        under: the containers around it, by wire names, where it travels in a body.
    """

    wire: str
    place: Place
    value: str
    source: Source
    operations: tuple[str, ...]
    under: tuple[str, ...]
    cite: Citation
    span: Span
