"""Serve one operation, from the arrival of a request until its reply leaves.

For every request: faults, limits, who asks, the form of the request, the document's own check of
the whole of it, then the world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace
from starlette.types import Receive, Scope, Send

from ..codecs.body import MalformedBody
from ..errors import AuthenticationError, NoDataError
from ..interface import Format, FormatWord, Operation, System
from .faults import FAILURE, SOAP_FAULT, Fault
from .inventing.values import Inventor
from .journal import JournalEntry
from .limits.measures import Visit
from .limits.watch import BrokenLimit
from .logins.accounts import Mismatch, Presented, expectations, present
from .replies.item_verdicts import with_failures
from .replies.refusal_forms import error_of
from .replies.refusals import bad_request, missing_part, stale_token, unknown_token, wrong_part
from .replies.reply_writer import ReplyWriter, Written, edited, rows_of
from .replies.verdicts import credential_code
from .requests.incoming import IncomingRequest, has_body, receive_whole
from .requests.part_values import PartValues, text_of
from .requests.reach import too_far_back
from .requests.request_reader import RequestReader, Understood
from .requests.source_texts import holes_in
from .serving.cache import VersionedCache
from .serving.sending import page, send_reply, wait
from .state import Mock
from .texts.soap_envelopes import (
    SoapEnvelope,
    SoapFault,
    element_name,
    element_namespace,
    write_fault,
)
from .texts.xml_namespaces import strangers_in
from .world import (
    Answer,
    Question,
    Refusal,
    RefusesInReplies,
    TakesReadsAsForms,
    TellsTheTime,
    Versioned,
)

__all__ = ["CACHE_BYTES", "Endpoint", "Prepared"]

CACHE_BYTES = 33_554_432
"""How many bytes of written replies are kept."""


class Prepared(Struct, frozen=True, kw_only=True):
    """A reply, and what the journal says about it."""

    written: Written
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    format: Format | None = None
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[tuple[str, str], ...] = ()
    """What the reply is about, for limits."""

    def __repr__(self) -> str:
        return f"Prepared({self.status}, {self.outcome})"


class Endpoint:
    """One operation."""

    def __init__(
        self,
        mock: Mock,
        system: System,
        operation: Operation[Any],
        inventor: Inventor,
        cache: VersionedCache[Prepared],
    ) -> None:
        self.operation = operation
        self._mock = mock
        self.reader = RequestReader(operation, system.options)
        self._writer = ReplyWriter(operation, inventor)
        self._cache = cache
        self._everyone = Presented(frozenset(range(len(mock.accounts))), {})
        known = (mock.accounts, system.credentials, operation.call)
        self._outside = expectations(self.reader.access_outside, *known)
        self._inside = expectations(self.reader.access_inside, *known)
        self._wires = {
            (hole.name, hole.part): part.wire
            for part in self.reader.access
            for hole in holes_in(part.source)
            if hole.kind == "step"
        }
        # Where there is one environment, every request is for it.
        self._hosts = _hosts(mock.servers) if len(mock.servers) > 1 else {}
        self._default_server = system.default_server or next(iter(system.servers), "")
        self._has_token = any(part.place == "soap_security" for part in operation.request.parts)
        self._same = dict(operation.same)
        known_codes = map(credential_code, (operation.verdict, *operation.partial))
        self._own_code = next(filter(None, known_codes), None)
        self._headers = _header_names(operation, self.reader)
        if self._hosts:
            self._headers += ("host",)
        self._is_kept = (
            operation.kind == "read"
            and isinstance(mock.world, Versioned)
            and not self._wires
            and not operation.same
            and not operation.reaches
            and operation.soap is None
            and not self.reader.media.takes_files
        )
        self._versioned = mock.world if isinstance(mock.world, Versioned) else None
        self._tells_time = mock.world if isinstance(mock.world, TellsTheTime) else None
        self.reads_forms_as_queries = (
            self.reader.is_read_by_query
            and isinstance(mock.world, TakesReadsAsForms)
            and mock.world.takes_reads_as_forms
        )
        self._refuses = mock.world if isinstance(mock.world, RefusesInReplies) else None

    async def serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        path: Mapping[str, str],
        servers: frozenset[str],
        incoming: IncomingRequest | None = None,
    ) -> None:
        """Answer one request.

        Args:
            scope: its scope.
            receive: gives its body.
            send: takes the reply.
            path: what stands in its path.
            servers: the environments that have this path; empty: the system has none.
            incoming: the request, where it was read to find the operation.
        """
        mock = self._mock
        visit, broken = mock.watch.arrive(self.operation.name)
        prepared: Prepared | None = None
        try:
            if incoming is None:
                incoming = await self.receive(scope, receive)
            fault = mock.faults.take(self.operation.name)
            prepared = self._prepare(incoming, path, servers, visit, broken, fault)
            if fault is not None:
                if fault.http_status != 200:
                    prepared = replace(prepared, status=fault.http_status)
                prepared = replace(prepared, headers=(*prepared.headers, *fault.headers))
            # Before the wait: the client may give up meanwhile.
            mock.journal.write(self._entry(scope["method"], prepared, fault))
            if fault is not None and fault.delay_seconds:
                await wait(mock.clock, scope, fault.delay_seconds)
        finally:
            # Before the reply leaves: whoever reads it may call again at once.
            mock.watch.leave(visit, *(prepared.subjects if prepared is not None else ()))
        body = prepared.written.body(self._time() if prepared.written.has_time else "")
        if fault is not None and fault.rewrite is not None:
            body = fault.rewrite(body)
        kind = prepared.written.content_type.encode()
        headers = [(b"content-type", kind)] if body else []
        headers += [(name.encode(), value.encode()) for name, value in prepared.headers]
        is_cut_off = fault is not None and fault.is_cut_off
        await send_reply(send, prepared.status, headers, body, is_cut_off=is_cut_off)

    async def receive(self, scope: Scope, receive: Receive) -> IncomingRequest:
        """Receive a request; what cannot have a body is not waited for."""
        if not has_body(scope):
            return IncomingRequest(scope)
        return await receive_whole(
            scope,
            receive,
            largest=self.reader.media.largest_body,
            takes_files=self.reader.media.takes_files,
        )

    def fits(self, incoming: IncomingRequest, path: Mapping[str, str]) -> bool:
        """Say whether a request is meant for this operation, where several have its address."""
        read = self._read_whole(incoming, path)
        return read is not None and self.reader.fits(*read)

    def nearness(self, incoming: IncomingRequest, path: Mapping[str, str]) -> int:
        """Say how much of what decides is there, where a request is meant for no operation."""
        read = self._read_whole(incoming, path)
        return -1 if read is None else self.reader.constants_met(read[0])

    def _read_whole(
        self, incoming: IncomingRequest, path: Mapping[str, str]
    ) -> tuple[PartValues, SoapEnvelope | None] | None:
        try:
            envelope = self.reader.body.read_envelope(incoming)
            tree = self.reader.body.read_tree(incoming, envelope)
        except (MalformedBody, SoapFault):
            return None
        return self._opened(incoming, path, tree, envelope), envelope

    def _prepare(
        self,
        incoming: IncomingRequest,
        path: Mapping[str, str],
        servers: frozenset[str],
        visit: Visit,
        broken: Sequence[BrokenLimit],
        fault: Fault | None,
    ) -> Prepared:
        """Answer anew, or from what was answered to a request just like it."""
        if fault is not None and fault.page is not None:
            return _page(fault.http_status, "fault", fault.page)
        if (closed := self._limited(broken)) is not None:
            return closed
        world = self._versioned
        if fault is not None or not self._is_kept or world is None:
            return self._answer(incoming, path, servers, visit, fault)
        key = self._key(incoming, path, servers)
        version = world.version()
        prepared = self._cache.get(key, version)
        if prepared is None:
            prepared = self._answer(incoming, path, servers, visit, None)
            size = sum(map(len, prepared.written.pieces)) + len(incoming.body or b"")
            size += len(incoming.scope["query_string"]) + 1000
            self._cache.put(key, version, prepared, size)
        return prepared

    def _answer(
        self,
        incoming: IncomingRequest,
        path: Mapping[str, str],
        servers: frozenset[str],
        visit: Visit,
        fault: Fault | None,
    ) -> Prepared:
        placed = self._opened(incoming, path, {}, None)
        format = self.reader.media.format(placed)
        who = self._admitted(self._everyone, placed, self._outside)
        if isinstance(who, Refusal):
            return self._refused(who, format or "json", {})
        results = who.results
        # What serves once is spent before anything else is looked at.
        entered = self._entered(results, servers, incoming) if results else None
        if isinstance(entered, Refusal):
            return self._refused(entered, format or "json", {})
        if incoming.body is None and not self.reader.media.takes_any_size:
            return _page(413, "too-large")
        if not self.reader.media.takes(incoming):
            return _page(415, "unsupported-media-type")
        if format is None:
            return _page(406, "not-acceptable")
        try:
            envelope = self.reader.body.read_envelope(incoming)
            tree = self.reader.body.read_tree(incoming, envelope)
        except MalformedBody as error:
            return _page(400, "malformed-body", f"mock: {error}")
        except SoapFault as error:
            return _fault(error.code, error.text, SOAP_FAULT)
        if tree or envelope is not None:
            placed = self._opened(incoming, path, tree, envelope)
        attachments = envelope.attachments if envelope is not None else ()
        understood = self.reader.understand(placed, attachments)
        if self._same and (closed := self._note_subjects(visit, understood)) is not None:
            return closed
        if envelope is not None and (odd := self._odd_elements(envelope)) is not None:
            return odd
        who = self._admitted(who, placed, self._inside)
        if isinstance(who, Refusal):
            return self._refused(who, format, understood.shown)
        if placed.soap_security and self._has_token:
            stale = self._mock.nonces.fault_in(placed.soap_security, self._mock.clock.now())
            if stale:
                return self._refused(stale_token(stale), format, understood.shown)
        # What serves once has been used up where it stands outside of the body.
        inner = {name: value for name, value in who.results.items() if name not in results}
        if inner:
            entered = self._entered(inner, servers, incoming)
            if isinstance(entered, Refusal):
                return self._refused(entered, format, understood.shown)
        if understood.refusal is not None:
            return self._refused(understood.refusal, format, understood.shown, fault)
        if (early := self._too_early(understood)) is not None:
            return self._refused(early, format, understood.shown, fault)
        if fault is not None and fault.instead is not None:
            return self._refused(fault.instead, format, understood.shown, fault, is_of_service=True)
        account, server = entered or self._unentered(who, servers, incoming)
        return self._ask_world(understood, format, account, server, fault, incoming)

    def _too_early(self, understood: Understood) -> Refusal | None:
        """Refuse what asks for what is too long ago."""
        reaches = self.operation.reaches
        if not reaches:
            return None
        now = self._mock.clock.now()
        return bad_request(too_far_back(reaches, understood.arguments, now))

    def _ask_world(
        self,
        understood: Understood,
        format: Format,
        account: str,
        server: str,
        fault: Fault | None,
        incoming: IncomingRequest,
    ) -> Prepared:
        """Ask the world."""
        question = Question(
            arguments=understood.arguments,
            attachments=understood.attachments,
            account=account,
            server=server,
            address=incoming.address,
            page=incoming.page,
        )
        answer = self._mock.world.answer(self.operation.name, question)
        if isinstance(answer, Refusal):
            return self._refused(answer, format, understood.shown, fault, is_of_service=True)
        payload = self._writer.named(answer)
        rows = rows_of(payload)
        if fault is not None and fault.edit is not None:
            rows = fault.edit(rows)
            payload = edited(payload, rows)
        if failed := _failed_items(answer, fault, len(rows)):
            rows = with_failures(self.operation, rows, failed)
            payload = edited(payload, rows)
        beside = self._writer.named_beside(answer)
        failures = [*answer.partial, *([fault.listed] if fault and fault.listed else [])]
        if fault is not None and fault.is_without_data:
            rows = []
            written = self._writer.failed(format, failures)
        else:
            written = self._writer.accepted(format, payload, answer.attachments, beside, failures)
        is_nothing = self.operation.reply.shape == "none" and written.pieces == (b"",)
        return Prepared(
            written=written,
            headers=(*self._writer.headers(beside), *answer.headers),
            status=self._success_status(is_nothing),
            format=format,
            records=len(rows),
            shown=understood.shown,
            subjects=self._issued(answer),
        )

    def _success_status(self, is_nothing: bool) -> int:
        documented = self.operation.success_status
        return 204 if is_nothing and documented == 200 else documented

    # Who asks.

    def _admitted(
        self, before: Presented, placed: PartValues, expected: Any
    ) -> Presented | Refusal:
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
        return changed(refuse(found.part, self._own_code), status=self._status_of_wrong_login())

    def _entered(
        self,
        results: Mapping[tuple[str, str], str],
        servers: frozenset[str],
        incoming: IncomingRequest,
    ) -> tuple[str, str] | Refusal:
        """Use results of login steps; returns account and environment."""
        login = self._mock.server
        if login is None:
            raise ValueError("a result of a login without logins")
        named = self._named_servers(servers, incoming)
        used = login.use(results, named, self._wires)
        if isinstance(used, Refusal):
            return used
        possible = used.servers if named is None else used.servers & named
        return self._mock.accounts[used.account].name, self._first_server(possible, servers)

    def _unentered(
        self, who: Presented, servers: frozenset[str], incoming: IncomingRequest
    ) -> tuple[str, str]:
        named = self._named_servers(servers, incoming)
        account = self._mock.accounts[min(who.accounts, default=0)].name
        return account, self._first_server(named or frozenset(), servers)

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
        if self.operation.verdict is not None:
            return None
        documented = [status for status in (401, 403) if status in self.operation.statuses]
        return documented[0] if documented else 401

    # What is sent instead of an answer.

    def _refused(
        self,
        refusal: Refusal,
        format: Format,
        shown: Mapping[str, str],
        fault: Fault | None = None,
        *,
        is_of_service: bool = False,
    ) -> Prepared:
        """Say no: as a fault, where the verdict is, in the reply's own fields, or by a status.

        Args:
            refusal: what is wrong.
            format: of the reply.
            shown: what the journal may show of the request.
            fault: what is played.
            is_of_service: the world says no, or a fault in its place, and not the document.
        """
        prepared = self._refusal(refusal, format, fault, is_of_service)
        return replace(
            prepared,
            format=format,
            outcome=refusal.kind,
            code=refusal.code,
            shown=shown,
        )

    def _refusal(
        self, refusal: Refusal, format: Format, fault: Fault | None, is_of_service: bool
    ) -> Prepared:
        if refusal.kind == SOAP_FAULT:
            return self._failed(refusal.code, refusal)
        if refusal.kind == FAILURE:
            return _refusal_page(500, refusal)
        repeat = fault.repeat_refusal if fault is not None else 1
        refused = self._writer.refused(format, refusal, repeat)
        if refused is not None:
            written, status = refused
            return Prepared(written=written, status=status, outcome=refusal.kind)
        if is_of_service and self._refuses is not None and refusal.status is None:
            payload = self._refuses.refused(self.operation.name, refusal)
            if payload is not None:
                written = self._writer.own_words(format, payload, refusal)
                return Prepared(written=written, outcome=refusal.kind)
        return _refusal_page(refusal.status or self._status_of(refusal), refusal)

    def _status_of(self, refusal: Refusal) -> int:
        if refusal.kind.startswith("system-"):
            return 500
        if refusal.kind == "security-error":
            return 403
        if self.operation.verdicts and error_of(refusal) is AuthenticationError:
            statuses = self.operation.statuses.items()
            known = [status for status, one in statuses if one.error is AuthenticationError]
            return next((status for status in known if status in (401, 403)), 401)
        if refusal.kind == "no-data":
            statuses = self.operation.statuses.items()
            found = next((status for status, known in statuses if known.error is NoDataError), 400)
            return found if found >= 100 else found * 100
        return 400

    def _failed(self, code: str, refusal: Refusal) -> Prepared:
        if self.operation.soap is None:
            return _refusal_page(500, refusal)
        return _fault(code, refusal.text, refusal.kind)

    def _limited(self, broken: Sequence[BrokenLimit]) -> Prepared | None:
        """Return what broken limits are answered with; None: as if nothing were wrong."""
        for limit in broken:
            choice = self._mock.answers[limit.limit]
            if choice == "journal":
                continue
            is_closed = limit.kind == "closed_hours"
            refusal = Refusal(
                "closed" if is_closed else "limited",
                "mock-4001" if is_closed else "mock-4002",
                f"mock: {limit.limit}: {limit.breach}",
            )
            if choice == "fault":
                return self._failed("Server", refusal)
            prepared = _refusal_page(int(choice), refusal)
            if choice == "429":
                seconds = max(ceil(limit.breach.seconds_too_early), 1)
                prepared = replace(prepared, headers=(("retry-after", str(seconds)),))
            return prepared
        return None

    def _note_subjects(self, visit: Visit, understood: Understood) -> Prepared | None:
        """Take note of what a request touches."""
        closed = self._limited(self._mock.watch.about(visit, understood.subjects))
        return None if closed is None else replace(closed, shown=understood.shown)

    def _odd_elements(self, envelope: SoapEnvelope) -> Prepared | None:
        """Answer an envelope that does not hold the elements of the operation by a fault."""
        soap = self.operation.soap
        if soap is None:
            return None
        parts = [p for p in self.operation.request.parts if p.place == "soap_header"]
        wanted = [soap.header] if soap.header and any(not part.under for part in parts) else []
        needed = {part.under[0] for part in parts if part.under and not part.optional}
        wanted += [block for name, block in soap.headers.items() if name in needed]
        for block in wanted:
            if (element_namespace(block), element_name(block)) not in envelope.header_names:
                text = f"mock: the SOAP header does not hold {element_name(block)}"
                return _fault("Client", text, SOAP_FAULT)
        name = element_name(soap.request)
        if (envelope.namespace, envelope.name) != (element_namespace(soap.request), name):
            return _fault("Client", f"mock: the SOAP body does not hold {name}", SOAP_FAULT)
        body = self.operation.request.body
        if body is not None and body.namespaces is not None:
            for text in strangers_in(envelope.element, body.namespaces):
                return _fault("Client", f"mock: {text}", SOAP_FAULT)
        return None

    # Small things.

    def _opened(
        self,
        incoming: IncomingRequest,
        path: Mapping[str, str],
        tree: Mapping[str, object],
        envelope: SoapEnvelope | None,
    ) -> PartValues:
        return PartValues(
            incoming,
            path,
            reads_forms_as_queries=self.reads_forms_as_queries,
            tree=tree,
            soap_header=envelope.header if envelope is not None else None,
            soap_blocks=envelope.blocks if envelope is not None else None,
            soap_security=envelope.token if envelope is not None else "",
        )

    def _issued(self, answer: Answer) -> tuple[tuple[str, str], ...]:
        payload = answer.payload
        if not self._same or not isinstance(payload, Mapping):
            return ()
        found = ((same, text_of(payload.get(name))) for same, name in self._same.items())
        return tuple((same, value) for same, value in found if value)

    def _key(
        self, incoming: IncomingRequest, path: Mapping[str, str], servers: frozenset[str]
    ) -> tuple[object, ...]:
        headers = incoming.headers if self._headers else {}
        return (
            self.operation,
            incoming.scope["query_string"],
            incoming.body and (incoming.body, incoming.media_type),
            tuple(path.items()),
            servers,
            tuple([headers.get(name) for name in self._headers]),
        )

    def _time(self) -> str:
        if self._tells_time is not None:
            return self._tells_time.response_time()
        return self._mock.clock.now().isoformat(timespec="milliseconds")

    def _entry(self, method: str, prepared: Prepared, fault: Fault | None) -> JournalEntry:
        return JournalEntry(
            time=self._mock.clock.now(),
            operation=self.operation.name,
            method=method,
            format=prepared.format,
            parameters=prepared.shown,
            status=prepared.status,
            outcome=prepared.outcome,
            code=prepared.code,
            records=prepared.records,
            fault=fault.name if fault else None,
        )


def _failed_items(answer: Answer, fault: Fault | None, count: int) -> Mapping[int, Refusal]:
    """Return which items of a list failed, as the world has it and a fault adds to it."""
    failed = dict(answer.failed or {})
    if fault is not None and fault.failed is not None:
        failed |= dict.fromkeys(fault.failed_items or range(count), fault.failed)
    return failed


def _header_names(operation: Operation[Any], reader: RequestReader) -> tuple[str, ...]:
    """Return the headers that a reply may depend on."""
    parts = operation.request.parts
    names = [part.wire.lower() for part in parts if part.place == "header"]
    if any(part.place == "cookie" for part in parts):
        names.append("cookie")
    if reader.media.takes_bodies:
        names.append("content-type")
    if len(operation.reply.formats) > 1 and not _asks_by_word(operation):
        names.append("accept")
    return tuple(dict.fromkeys(names))


def _asks_by_word(operation: Operation[Any]) -> bool:
    return any(isinstance(part.source, FormatWord) for part in operation.request.parts)


def _hosts(servers: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, address in servers.items():
        if host := urlsplit(address).hostname:
            found.setdefault(host, set()).add(name)
    return {host: frozenset(names) for host, names in found.items()}


def _page(status: int, outcome: str, text: str = "") -> Prepared:
    body = text.encode() if text.startswith("<") else page(status, text or outcome).body
    written = Written((bytes(body),), "text/html;charset=UTF-8")
    return Prepared(written=written, status=status, outcome=outcome)


def _refusal_page(status: int, refusal: Refusal) -> Prepared:
    # The service says so itself, as no gateway does.
    text = f"{refusal.code}: {refusal.text.removeprefix('mock: ')}"
    written = Written((text.encode(),), "text/plain;charset=UTF-8")
    return Prepared(written=written, status=status, outcome=refusal.kind, code=refusal.code)


def _fault(code: str, text: str, outcome: str) -> Prepared:
    written = Written((write_fault(code, text).encode(),), "text/xml; charset=UTF-8")
    return Prepared(written=written, status=500, format="xml", outcome=outcome, code=code)
