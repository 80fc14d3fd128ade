"""Serve one operation, from the arrival of a request until its reply leaves.

For every request: faults, limits, who asks, the form of the request, the document's own check of
the whole of it, then the world.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace
from starlette.types import Receive, Scope, Send

from ..codecs.body import MalformedBody
from ..interface import Format, FormatWord, Operation, System
from .admission import Admission, Caller
from .faults import SOAP_FAULT, Fault
from .inventing.values import Inventor
from .journal import JournalEntry
from .limits.measures import Visit
from .limits.watch import BrokenLimit
from .replies.item_verdicts import with_failures
from .replies.prepared import Prepared, prepared_fault, prepared_page
from .replies.refusals import bad_request
from .replies.refused_replies import RefusedReplies
from .replies.reply_writer import ReplyWriter, edited, rows_of
from .requests.incoming import IncomingRequest, has_body, receive_whole
from .requests.odd_elements import odd_elements
from .requests.part_values import PartValues, text_of
from .requests.reach import too_far_back
from .requests.request_reader import ParsedRequest, RequestReader
from .serving.cache import VersionedCache
from .serving.sending import send_reply, wait
from .state import Mock
from .texts.soap_envelopes import SoapEnvelope, SoapFault
from .texts.wire import WireTree
from .world import (
    Answer,
    Question,
    Refusal,
    TakesReadsAsForms,
    TellsTheTime,
    Versioned,
)

__all__ = ["CACHE_BYTES", "Endpoint"]

CACHE_BYTES = 33_554_432
"""How many bytes of written replies are kept."""


class _Request(NamedTuple):
    """A request on its way through the mock."""

    incoming: IncomingRequest
    path: Mapping[str, str]
    """What stands in its path."""
    servers: frozenset[str]
    """The environments that have its path; empty: the system has none."""
    visit: Visit
    fault: Fault | None
    """What is played on it."""

    def __repr__(self) -> str:
        return "_Request(***)"  # it holds logins


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
        self._admission = Admission(mock, system, operation, self.reader)
        self._refusals = RefusedReplies(mock, operation, self._writer)
        self._same = dict(operation.same)
        self._headers = _header_names(operation, self.reader)
        if self._admission.depends_on_host:
            self._headers += ("host",)
        self._is_kept = (
            operation.kind == "read"
            and isinstance(mock.world, Versioned)
            and not self._admission.uses_results
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
            request = _Request(incoming, path, servers, visit, fault)
            prepared = self._prepare(request, broken)
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
            tree, envelope = self._read(incoming)
        except (MalformedBody, SoapFault):
            return None
        return self._opened(incoming, path, tree, envelope), envelope

    def _read(self, incoming: IncomingRequest) -> tuple[WireTree, SoapEnvelope | None]:
        """Read the body of a request.

        Raises:
            MalformedBody: it is not what the operation takes.
            SoapFault: it is an envelope that SOAP 1.1 does not allow.
        """
        envelope = self.reader.body.read_envelope(incoming)
        return self.reader.body.read_tree(incoming, envelope), envelope

    def _prepare(self, request: _Request, broken: Sequence[BrokenLimit]) -> Prepared:
        """Answer anew, or from what was answered to a request just like it."""
        fault = request.fault
        if fault is not None and fault.page is not None:
            return prepared_page(fault.http_status, "fault", fault.page)
        if (closed := self._refusals.limited(broken)) is not None:
            return closed
        world = self._versioned
        if fault is not None or not self._is_kept or world is None:
            return self._answer(request)
        incoming = request.incoming
        key = self._key(request)
        version = world.version()
        prepared = self._cache.get(key, version)
        if prepared is None:
            prepared = self._answer(request)
            size = sum(map(len, prepared.written.pieces)) + len(incoming.body or b"")
            size += len(incoming.scope["query_string"]) + 1000
            self._cache.put(key, version, prepared, size)
        return prepared

    def _answer(self, request: _Request) -> Prepared:
        """Find out who asks, read and judge the request, and ask the world."""
        incoming, path, servers, visit, fault = request
        refused = self._refusals.refused
        placed = self._opened(incoming, path, {}, None)
        format = self.reader.media.format(placed)
        admitted = self._admission.outside(placed, servers)
        if isinstance(admitted, Refusal):
            return refused(admitted, format or "json", {})
        if incoming.body is None and not self.reader.media.takes_any_size:
            return prepared_page(413, "too-large")
        if not self.reader.media.takes(incoming):
            return prepared_page(415, "unsupported-media-type")
        if format is None:
            return prepared_page(406, "not-acceptable")
        try:
            tree, envelope = self._read(incoming)
        except MalformedBody as error:
            return prepared_page(400, "malformed-body", f"mock: {error}")
        except SoapFault as error:
            return prepared_fault(error.code, error.text, SOAP_FAULT)
        if tree or envelope is not None:
            placed = self._opened(incoming, path, tree, envelope)
        attachments = envelope.attachments if envelope is not None else ()
        understood = self.reader.understand(placed, attachments)
        if self._same and (closed := self._note_subjects(visit, understood)) is not None:
            return closed
        if envelope is not None and (odd := odd_elements(self.operation, envelope)):
            return prepared_fault("Client", odd, SOAP_FAULT)
        caller = self._admission.inside(admitted, placed, servers)
        if isinstance(caller, Refusal):
            return refused(caller, format, understood.shown)
        refusal = understood.refusal or self._too_early(understood)
        if refusal is not None:
            return refused(refusal, format, understood.shown, fault)
        if fault is not None and fault.instead is not None:
            return refused(fault.instead, format, understood.shown, fault, is_of_service=True)
        return self._ask_world(request, understood, format, caller)

    def _too_early(self, understood: ParsedRequest) -> Refusal | None:
        """Refuse what asks for what is too long ago."""
        reaches = self.operation.reaches
        if not reaches:
            return None
        now = self._mock.clock.now()
        return bad_request(too_far_back(reaches, understood.arguments, now))

    def _ask_world(
        self, request: _Request, understood: ParsedRequest, format: Format, caller: Caller
    ) -> Prepared:
        """Ask the world, and write what it says."""
        incoming, fault = request.incoming, request.fault
        question = Question(
            arguments=understood.arguments,
            attachments=understood.attachments,
            account=caller.account,
            server=caller.server,
            address=incoming.address,
            page=incoming.page,
        )
        answer = self._mock.world.answer(self.operation.name, question)
        if isinstance(answer, Refusal):
            return self._refusals.refused(
                answer, format, understood.shown, fault, is_of_service=True
            )
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

    def _note_subjects(self, visit: Visit, understood: ParsedRequest) -> Prepared | None:
        """Take note of what a request touches."""
        closed = self._refusals.limited(self._mock.watch.about(visit, understood.subjects))
        return None if closed is None else replace(closed, shown=understood.shown)

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

    def _key(self, request: _Request) -> tuple[object, ...]:
        incoming = request.incoming
        headers = incoming.headers if self._headers else {}
        return (
            self.operation,
            incoming.scope["query_string"],
            incoming.body and (incoming.body, incoming.media_type),
            tuple(request.path.items()),
            request.servers,
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
