"""The logins of a mock: the steps of the spec served, and their results known again.

The spec says what a step sends and where its result comes back; what a step answers to a login that
is not known, it does not say: that is 400 where the login is a form, as ticket servers and OAuth
have it, and otherwise 401. Results are random even where other data come from a seed: one that a
client kept from an earlier run must not be good in this one.
"""

import base64
import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.types import Receive, Scope, Send

from ...clock import Clock
from ...codecs.body import MalformedBody
from ...interface import Part, Step, System
from ..limits.watch import LimitsWatch
from ..requests.incoming import IncomingRequest, receive_whole
from ..requests.part_values import PartValues, text_of
from ..requests.source_texts import holes_in
from ..serving.sending import send_reply, wait
from ..texts.wire_text import read_json
from ..world import Refusal
from .accounts import CandidateAccounts, Mismatch, MockAccount, present
from .places import check_place, write_login
from .step_variants import StepVariant, places_of, renewals_of, variants_of

__all__ = ["LOG_IN", "Issued", "LoginAddress", "LoginServer"]


LOG_IN = "(login)"
"""What logins are called where requests are counted."""


@dataclass(slots=True)
class Issued:
    """The results of one step that was taken."""

    step: str
    account: int = field(repr=False)
    servers: frozenset[str]
    """The environments that it serves."""
    since: datetime
    is_used: bool = False
    replaced: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """The results that it takes the place of, by step and part."""


class LoginAddress(NamedTuple):
    """Where a step is served."""

    method: str
    path: str
    step: int
    is_whole: bool
    """Whether the path stands below that of no server."""


class LoginServer:
    """Gives results of login steps and knows them again; safe to share between threads.

    Args:
        system: whose steps they are.
        accounts: who may log in.
        clock: what time it is.
        watch: is told of every login.
        place: where the last step puts its result; the first place in which the spec looks unless
            given.

    Raises:
        ConfigurationError: an account lacks a credential, or there is no such place.
    """

    def __init__(
        self,
        system: System,
        accounts: Sequence[MockAccount],
        *,
        clock: Clock,
        watch: LimitsWatch,
        place: str = "",
    ) -> None:
        self._steps = system.steps
        self._requests = [*system.steps, *renewals_of(system.steps)]
        """What is served, by number: the steps, and after them what renews their results."""
        self._number = {step.name: number for number, step in enumerate(system.steps)}
        self._clock = clock
        self._watch = watch
        self._hosts = {name: urlsplit(address).hostname for name, address in system.servers.items()}
        self._variants = [variants_of(system, one, accounts, self._hosts) for one in self._requests]
        self._place = check_place(place) if place else ""
        self._lock = Lock()
        self._issued: OrderedDict[tuple[str, str, str], Issued] = OrderedDict()
        self._failures: list[tuple[int, dict[str, str]]] = []
        self.logins = 0
        """How many logins were accepted: results of the first step."""
        self.refused_logins = 0
        """How many requests for the first step were refused."""
        self.tickets = 0
        """How many results the later steps gave."""
        self.renewals = 0
        """How many results were renewed."""
        self.consumed = 0
        """How many results that serve once were spent well."""
        self.refused_sessions = 0
        """How many calls came with a result that is not good, or with none."""
        self.login_seconds = 0.0
        """How long the first step takes."""

    @property
    def place(self) -> str:
        """Where the last step puts its next result."""
        return self._place or _first_place(self._steps[-1])

    @place.setter
    def place(self, place: str) -> None:
        self._place = check_place(place)

    def addresses(self) -> list[LoginAddress]:
        """Return where the steps are to be served."""
        found: dict[LoginAddress, None] = {}
        for number, step in enumerate(self._requests):
            # A step at whose address its renewal is served as well answers both.
            to = self._number[step.name] if self._is_beside(number) else number
            for address in step.address.values():
                parts = urlsplit(address)
                is_whole = bool(parts.netloc)
                found[LoginAddress(step.method, parts.path, to, is_whole)] = None
        return list(found)

    def step_name(self, number: int) -> str:
        """Return the name of the step that is served by a number."""
        return self._requests[number].name

    def use(
        self,
        results: Mapping[tuple[str, str], str],
        servers: frozenset[str] | None,
        wires: Mapping[tuple[str, str], str],
    ) -> Issued | Refusal:
        """Use the results that a request carries; what serves once, is spent in any case.

        Args:
            results: by step and part; of one or several steps.
            servers: the environments that the request may be for; None: its host does not say.
            wires: what the parts that carry results are called.
        """
        with self._lock:
            found = self._use(results, servers, wires)
            if isinstance(found, Refusal):
                self.refused_sessions += 1
            return found

    def missing(self, part: Part) -> Refusal:
        """Refuse a request that carries no result."""
        return self._refused(part, "missing")

    def unknown(self, part: Part) -> Refusal:
        """Refuse a request whose result is not written as it has to be."""
        return self._refused(part, "unknown")

    def fail(self, status: int, *, times: int = 1, retry_after_seconds: int | None = None) -> None:
        """Answer the next requests for a step with a status of failure, whatever they say."""
        headers = {} if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
        self._failures.extend([(status, headers)] * times)

    def log_in(self) -> dict[tuple[str, str], str]:
        """Take every step for the first account, and return the results by step and part.

        The environment is the first. No request was made, so nothing is counted.
        """
        servers = frozenset(list(self._hosts)[:1])
        found: dict[tuple[str, str], str] = {}
        with self._lock:
            for step in self._steps:
                issued = Issued(step.name, 0, servers, self._clock.now())
                for part in step.read:
                    token = f"{step.name}-{secrets.token_urlsafe(30)}"
                    self._issued[(step.name, part, token)] = issued
                    found[(step.name, part)] = token
            self._forget_oldest()
        return found

    def forget(self) -> None:
        """Forget all results, as after a restart; the counts stay."""
        with self._lock:
            self._issued.clear()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.logins} logins, {self.tickets} tickets>"

    def fits(self, number: int, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        """Say whether a request holds the constants of a step."""
        return any(self._fits(one, incoming, path) for one in self._served_with(number))

    def _fits(self, number: int, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        placed = self._read_body(number, incoming, path)
        return any(
            all(text_of(placed.find(part)) == text for part, text in variant.constants)
            for variant in self._variants[number]
        )

    def _served_with(self, number: int) -> list[int]:
        """Return what a request may be for that comes to the address of a number."""
        name = self._requests[number].name
        beside = range(len(self._steps), len(self._requests))
        return [number, *(n for n in beside if n != number and self._is_renewal_of(n, name))]

    def _is_renewal_of(self, number: int, name: str) -> bool:
        return self._requests[number].name == name and self._is_beside(number)

    def _is_beside(self, number: int) -> bool:
        """Say whether a number is of a renewal, at the address of its step."""
        step, own = self._requests[number], self._steps[self._number[self._requests[number].name]]
        same = places_of(step) == places_of(own)
        return number >= len(self._steps) and same

    async def serve(
        self,
        number: int,
        scope: Scope,
        receive: Receive,
        send: Send,
        path: Mapping[str, str],
        incoming: IncomingRequest | None = None,
    ) -> None:
        """Answer a request for a step."""
        visit, _broken = self._watch.arrive(LOG_IN)
        try:
            if incoming is None:
                incoming = await receive_whole(
                    scope, receive, largest=_LARGEST_BODY, takes_files=False
                )
            status, body, headers = await self._answer(number, incoming, path)
        finally:
            self._watch.leave(visit)
        await send_reply(send, status, headers, body)

    async def _answer(
        self, number: int, incoming: IncomingRequest, path: Mapping[str, str]
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        with self._lock:
            failure = self._failures.pop(0) if self._failures else None
        if failure is not None:
            return _reply(f"mock: failure {failure[0]}", failure[0], failure[1])
        if number == 0 and self.login_seconds:
            await wait(self._clock, incoming.scope, self.login_seconds)
        if incoming.problem is not None or incoming.body is None:
            return _reply("mock: the request stops halfway, or is too large", 400, {})
        with self._lock:
            worst: tuple[int, Refusal] | None = None
            for one in self._served_with(number):
                found = self._take_step(one, self._read_body(one, incoming, path))
                if isinstance(found, Issued):
                    return self._give_result(one, found)
                if worst is None or found[0] > worst[0]:
                    worst = found
            refusal = worst[1] if worst else _not_as_documented("the request")
            if number == 0:
                self.refused_logins += 1
            return _reply(refusal.text, refusal.status or 400, {})

    def _take_step(self, number: int, placed: PartValues) -> Issued | tuple[int, Refusal]:
        """Take a step, or say how far a request got and what is wrong."""
        step = self._requests[number]
        host = _host_of(placed.incoming)
        issued: list[Issued] = []
        worst: tuple[int, Refusal] | None = None
        for variant in self._variants[number]:
            servers = variant.servers
            if len(self._variants[number]) == 1 and host in variant.hosts:
                servers = variant.hosts[host]
            found = self._take(step, variant, placed, servers)
            if isinstance(found, Issued):
                issued.append(found)
            elif worst is None or found[0] > worst[0]:
                worst = found
        if issued:
            servers = frozenset().union(*(one.servers for one in issued))
            first = issued[0]
            return Issued(
                step.name, first.account, servers, self._clock.now(), replaced=first.replaced
            )
        return worst or (0, Refusal("malformed", "mock-2003", "mock: no such login", 400))

    def _take(
        self, step: Step, variant: StepVariant, placed: PartValues, servers: frozenset[str]
    ) -> Issued | tuple[int, Refusal]:
        """Take a step as some environments have it; a refusal comes with how far it got."""
        sent = dict(placed.incoming.query)
        for name, text in variant.query:
            if sent.get(name) != text:
                return 0, _not_as_documented(name)
        for part, text in variant.constants:
            if text_of(placed.find(part)) != text:
                return 1, _not_as_documented(part.wire)
        for part in variant.needed:
            if not text_of(placed.find(part)):
                return 1, Refusal("missing", "mock-2001", f"mock: {part.wire} is missing", 400)
        everyone = frozenset(range(len(variant.access[0][1]))) if variant.access else frozenset()
        found = present(
            CandidateAccounts(everyone, {}),
            variant.access,
            {at: text_of(placed.find(part)) for at, (part, _) in enumerate(variant.access)},
        )
        if isinstance(found, Mismatch):
            if any(hole for hole in _steps_of(found.part)):
                return 2, self._not_known(found.part)
            status = 400 if step.encoding == "form" else 401
            return 2, Refusal("wrong-login", "mock-1002", "mock: this login is not known", status)
        account = min(found.accounts, default=0)
        own = {place: text for place, text in found.results.items() if place[0] == step.name}
        for (name, key), text in own.items():
            former = self._issued.get((name, key, text))
            if former is None or former.account not in found.accounts:
                carrier = next(part for part, _ in variant.access if name in _steps_of(part))
                return 2, self._not_known(carrier)
            account = former.account
        others = {place: text for place, text in found.results.items() if place not in own}
        if others:
            host = _host_of(placed.incoming)
            used = self._use(others, variant.hosts.get(host), {})
            if isinstance(used, Refusal):
                part = next(part for part, _ in variant.access if _steps_of(part))
                return 2, self._not_known(part)
            account = used.account
        return Issued(step.name, account, servers, self._clock.now(), replaced=own)

    def _give_result(
        self, number: int, issued: Issued
    ) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
        step = self._requests[number]
        # What is replaced dies; what else the former reply gave lives as long as it does.
        for (name, part), text in issued.replaced.items():
            del self._issued[(name, part, text)]
        if number >= len(self._steps):
            self.renewals += 1
        elif number == 0:
            self.logins += 1
        else:
            self.tickets += 1
        count = self.renewals + (self.logins if step.name == self._steps[0].name else self.tickets)
        values: dict[str, object] = {}
        for part, places in step.read.items():
            token = f"{step.name}-{count}-{secrets.token_urlsafe(30)}"
            if step.lifetime_read.startswith("jwt ") and part not in step.optional:
                token = self._signed(step, count)
            self._issued[(step.name, part, token)] = issued
            is_last = step.name == self._steps[-1].name
            is_told = is_last and len(step.read) == 1 and self._place
            values[self._place if is_told else _default(places)] = token
        self._forget_oldest()
        if step.lifetime_read and not step.lifetime_read.startswith("jwt "):
            values[step.lifetime_read] = self._lifetime_text(step)
        reply = write_login(values, step.never[0] if step.never else "OK")
        headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        headers.append((b"content-type", reply.media_type.encode()))
        return step.success_status or 200, reply.body, headers

    def _lifetime_text(self, step: Step) -> int:
        """Return what is said of how long a result lives: a length, or the moment of its end."""
        seconds = int(step.lifetime_seconds or _LIFETIME_SECONDS)
        return int(self._clock.now().timestamp()) + seconds if step.lifetime_ends else seconds

    def _signed(self, step: Step, count: int) -> str:
        """Return a JWT with the claim that is read; its signature is invented."""
        claim = step.lifetime_read.removeprefix("jwt ")
        claims = {"jti": f"{step.name}-{count}", claim: self._lifetime_text(step)}
        head = {"alg": "HS256", "typ": "JWT"}
        pieces = [base64.urlsafe_b64encode(json.dumps(one).encode()) for one in (head, claims)]
        signed = [piece.rstrip(b"=").decode() for piece in pieces]
        return ".".join([*signed, secrets.token_urlsafe(32)])

    def _forget_oldest(self) -> None:
        while len(self._issued) > _MOST_RESULTS:
            self._issued.popitem(last=False)

    def _use(
        self,
        results: Mapping[tuple[str, str], str],
        servers: frozenset[str] | None,
        wires: Mapping[tuple[str, str], str],
    ) -> Issued | Refusal:
        used: list[Issued] = []
        for (name, part), token in results.items():
            step, wire = self._steps[self._number[name]], wires.get((name, part), "")
            issued = self._issued.get((name, part, token))
            if issued is None:
                return self._refusal(name, "unknown" if token else "missing", wire)
            if any(issued is one for one in used):
                continue
            was_used, issued.is_used = issued.is_used, True
            if step.once and was_used:
                return self._refusal(name, "used", wire)
            if self._is_old(step, issued):
                return self._refusal(name, "expired", wire)
            if servers is not None and issued.servers and not (issued.servers & servers):
                return self._refusal(name, "other-service", wire)
            used.append(issued)
        accounts = {one.account for one in used}
        if not used or len(accounts) > 1:
            return self._refusal(next(iter(results), ("", ""))[0], "unknown")
        for one in used:
            step = self._steps[self._number[one.step]]
            if step.counts_from == "last_use":
                one.since = self._clock.now()
            self.consumed += step.once
        return used[-1]

    def _is_old(self, step: Step, issued: Issued) -> bool:
        lifetime = step.lifetime_seconds
        if lifetime is None and step.lifetime_read:
            lifetime = _LIFETIME_SECONDS
        age = (self._clock.now() - issued.since).total_seconds()
        return lifetime is not None and age > lifetime

    def _refused(self, part: Part, reason: str) -> Refusal:
        """Refuse a request for what one of its parts carries, and count it."""
        with self._lock:
            self.refused_sessions += 1
        return self._refusal(_steps_of(part)[-1], reason, part.wire)

    def _refusal(self, name: str, reason: str, wire: str = "") -> Refusal:
        step = self._steps[self._number[name]] if name in self._number else self._steps[-1]
        code, text = _REFUSALS[reason]
        kind = "ticket" if step.once else "session"
        what = wire or f"the {kind}"
        status = step.refused[0] if step.refused else 401
        return Refusal(f"{reason}-{kind}", code, f"mock: {what} {text}", status)

    def _not_known(self, part: Part) -> Refusal:
        """Refuse a step whose part carries a result of an earlier one that is not good."""
        step = self._steps[self._number[_steps_of(part)[0]]]
        # What an address leads to is not there.
        otherwise = 404 if part.place == "path" else 401
        status = step.refused[0] if step.refused else otherwise
        text = f"mock: {part.wire} could not be found or is considered invalid"
        return Refusal("unknown-session", "mock-1002", text, status)

    def _read_body(
        self, number: int, incoming: IncomingRequest, path: Mapping[str, str]
    ) -> PartValues:
        body = incoming.body or b""
        tree: object = {}
        if self._requests[number].encoding == "form":
            tree = dict(parse_qsl(body.decode("utf-8", "replace")[:_LARGEST_BODY]))
        elif self._requests[number].encoding == "json":
            try:
                tree = read_json(body)
            except MalformedBody:
                tree = {}
        return PartValues(incoming, path, tree=tree if isinstance(tree, Mapping) else {})


def _steps_of(part: Part) -> list[str]:
    return [hole.name for hole in holes_in(part.source) if hole.kind == "step"]


def _first_place(step: Step) -> str:
    return next(iter(step.read.values()), ("body",))[0]


def _default(places: Sequence[str]) -> str:
    # A whole body that holds nothing else is a bare text unless somebody asks for JSON.
    return "text" if places[0] == "body" else places[0]


def _host_of(incoming: IncomingRequest) -> str:
    return urlsplit(f"//{incoming.headers.get('host', '')}").hostname or ""


def _not_as_documented(wire: str) -> Refusal:
    text = f"mock: {wire} is not as documented"
    return Refusal("malformed", "mock-2003", text, 400)


def _reply(
    text: str, status: int, headers: Mapping[str, str]
) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    found = [(name.encode(), value.encode()) for name, value in headers.items()]
    return status, text.encode(), [*found, (b"content-type", b"text/plain; charset=utf-8")]


_REFUSALS = {
    "missing": ("mock-1001", "is missing"),
    "unknown": ("mock-1002", "is not known"),
    "used": ("mock-1003", "was used before"),
    "expired": ("mock-1004", "is too old"),
    "other-service": ("mock-1005", "was given for another service"),
}
_LARGEST_BODY = 1_048_576
_LIFETIME_SECONDS = 3600
"""Of a result whose lifetime only the reply says."""
_MOST_RESULTS = 10_000
