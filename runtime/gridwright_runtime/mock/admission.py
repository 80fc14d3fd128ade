"""Find out who makes a request, and for which environment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..interface import Operation, System
from .logins.accounts import CandidateAccounts, Expectations, Mismatch, expectations, present
from .replies.refusals import missing_part, stale_token, unknown_token, wrong_part
from .replies.verdicts import credential_code
from .requests.incoming import IncomingRequest
from .requests.part_values import PartValues, text_of
from .requests.request_reader import RequestReader
from .requests.source_texts import holes_in
from .state import Mock
from .world import Refusal

__all__ = ["Admission", "Admitted", "Caller"]


class Caller(NamedTuple):
    """Who makes a request."""

    account: str
    server: str
    """The environment that the request is for."""


class Admitted(NamedTuple):
    """Who may make a request, as far as it has been looked at."""

    who: CandidateAccounts
    caller: Caller | None
    """None: no result of a login has said so yet."""


class Admission:
    """Who may call one operation."""

    __slots__ = (
        "_default_server", "_everyone", "_has_token", "_hosts", "_inside", "_mock", "_operation",
        "_outside", "_own_code", "_wires",
    )  # fmt: skip

    def __init__(
        self, mock: Mock, system: System, operation: Operation[Any], reader: RequestReader
    ) -> None:
        self._mock = mock
        self._operation = operation
        self._everyone = CandidateAccounts(frozenset(range(len(mock.accounts))), {})
        known = (mock.accounts, system.credentials, operation.call)
        self._outside = expectations(reader.access_outside, *known)
        self._inside = expectations(reader.access_inside, *known)
        self._wires = {
            (hole.name, hole.part): part.wire
            for part in reader.access
            for hole in holes_in(part.source)
            if hole.kind == "step"
        }
        # Where there is one environment, every request is for it.
        self._hosts = _hosts(mock.servers) if len(mock.servers) > 1 else {}
        self._default_server = system.default_server or next(iter(system.servers), "")
        self._has_token = any(part.place == "soap_security" for part in operation.request.parts)
        known_codes = map(credential_code, (operation.verdict, *operation.partial))
        self._own_code = next(filter(None, known_codes), None)

    @property
    def uses_results(self) -> bool:
        """Whether requests carry results of a login."""
        return bool(self._wires)

    @property
    def depends_on_host(self) -> bool:
        """Whether the host of a request says for which environment it is."""
        return bool(self._hosts)

    def outside(self, placed: PartValues, servers: frozenset[str]) -> Admitted | Refusal:
        """Return who makes a request, by what stands outside of its body.

        Args:
            placed: the request.
            servers: the environments that have its path; empty: the system has none.
        """
        who = self._admitted(self._everyone, placed, self._outside)
        if isinstance(who, Refusal):
            return who
        # What serves once is spent before anything else is looked at.
        caller = self._entered(who.results, placed, servers) if who.results else None
        return caller if isinstance(caller, Refusal) else Admitted(who, caller)

    def inside(
        self, admitted: Admitted, placed: PartValues, servers: frozenset[str]
    ) -> Caller | Refusal:
        """Return who makes a request, now that its body has been read."""
        who = self._admitted(admitted.who, placed, self._inside)
        if isinstance(who, Refusal):
            return who
        if placed.soap_security and self._has_token:
            reason = self._mock.nonces.fault_in(placed.soap_security, self._mock.clock.now())
            if reason:
                return stale_token(reason)
        # What serves once has been used up where it stands outside of the body.
        used = admitted.who.results
        inner = {name: value for name, value in who.results.items() if name not in used}
        caller = self._entered(inner, placed, servers) if inner else admitted.caller
        return caller or self._without_results(who, placed, servers)

    def _admitted(
        self, before: CandidateAccounts, placed: PartValues, expected: Expectations
    ) -> CandidateAccounts | Refusal:
        if not expected:
            return before
        values = {at: text_of(placed.find(part)) for at, (part, _) in enumerate(expected)}
        found = present(before, expected, values)
        if not isinstance(found, Mismatch):
            return found
        server = self._mock.server
        is_result = any(hole.kind == "step" for hole in holes_in(found.part.source))
        if is_result and server is not None:
            return server.missing(found.part) if found.is_missing else server.unknown(found.part)
        if found.part.place == "soap_security":
            return unknown_token(found)
        refuse = missing_part if found.is_missing else wrong_part
        return replace(refuse(found.part, self._own_code), status=self._status_of_wrong_login())

    def _entered(
        self,
        results: Mapping[tuple[str, str], str],
        placed: PartValues,
        servers: frozenset[str],
    ) -> Caller | Refusal:
        """Use results of login steps."""
        login = self._mock.server
        if login is None:
            raise ValueError("a result of a login without logins")
        named = self._named_servers(servers, placed.incoming)
        used = login.use(results, named, self._wires)
        if isinstance(used, Refusal):
            return used
        possible = used.servers if named is None else used.servers & named
        account = self._mock.accounts[used.account].name
        return Caller(account, self._first_server(possible, servers))

    def _without_results(
        self, who: CandidateAccounts, placed: PartValues, servers: frozenset[str]
    ) -> Caller:
        named = self._named_servers(servers, placed.incoming)
        account = self._mock.accounts[min(who.accounts, default=0)].name
        return Caller(account, self._first_server(named or frozenset(), servers))

    def _named_servers(
        self, servers: frozenset[str], incoming: IncomingRequest
    ) -> frozenset[str] | None:
        """Return the environments that the host stands for; None: it stands for none."""
        if not self._hosts:
            return None
        host = urlsplit(f"//{incoming.headers.get('host', '')}").hostname or ""
        named = self._hosts.get(host)
        if named is None:
            return None
        return named & servers if servers else named

    def _first_server(self, possible: frozenset[str], servers: frozenset[str]) -> str:
        for name in (self._default_server, *self._mock.servers):
            if name in possible:
                return name
        if possible:
            return min(possible)
        if servers and self._default_server not in servers:
            return min(servers)
        return self._default_server

    def _status_of_wrong_login(self) -> int | None:
        """Return the HTTP status of a credential that is not known; None: the verdict says it."""
        if self._operation.verdict is not None:
            return None
        documented = [status for status in (401, 403) if status in self._operation.statuses]
        return documented[0] if documented else 401


def _hosts(servers: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, address in servers.items():
        if host := urlsplit(address).hostname:
            found.setdefault(host, set()).add(name)
    return {host: frozenset(names) for host, names in found.items()}
