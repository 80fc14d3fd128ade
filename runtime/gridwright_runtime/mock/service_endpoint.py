"""One service as an ASGI application, from the arrival of a request until its reply leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Literal

import msgspec
from starlette.types import Receive, Scope, Send

from ..body import MalformedBody
from ..clock import Clock
from ..service.mime_header import value_and_parameters
from ..service.operation import ServiceOperation
from .faults import FAILURE, SOAP_FAULT, Fault, Faults
from .form_codec import read_form
from .journal import Journal, JournalEntry
from .limit_measures import Visit
from .limits_watch import BrokenLimit, LimitsWatch
from .receiving import body_pieces, headers_of, read_body
from .refusals import bad_body
from .sending import page, send_reply, wait
from .service_codec import Question, Sent, complete_reply, read_question, reply_tree, write_reply
from .service_world import ReceivedFile, ServiceQuestion, ServiceWorld
from .session_door import SessionServer
from .soap_codec import SoapFault, write_fault
from .soap_door import check_elements, open_envelope
from .world import Refusal

__all__ = ["FAILURE", "SOAP_FAULT", "Endpoint", "LimitAnswer", "ServiceMock"]

LimitAnswer = Literal["journal", "503", "429", "fault"]
"""What a broken limit is answered with: ``journal``, as if nothing were wrong; an HTTP status; or
a fault, which is HTTP 500 where there is no SOAP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMock:
    """The mock behind an application: ``app.state.mock``."""

    system: str
    operations: tuple[ServiceOperation[Any], ...]
    world: ServiceWorld
    clock: Clock
    faults: Faults
    journal: Journal
    watch: LimitsWatch
    sessions: SessionServer | None
    """None: the system has no sessions."""
    credentials: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, LimitAnswer]
    """By the name of a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A reply, and what the journal says about it."""

    body: bytes = field(repr=False)
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    """What the reply is about."""


class Endpoint:
    """One operation as an ASGI application."""

    __slots__ = ("_mock", "_operation", "_same")

    def __init__(self, mock: ServiceMock, operation: ServiceOperation[Any]) -> None:
        self._mock = mock
        self._operation = operation
        model = operation.request.model
        names = {info.encode_name: info.name for info in msgspec.structs.fields(model)}
        self._same = names.get(operation.same, "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        mock = self._mock
        visit, broken = mock.watch.arrive(self._operation.name)
        answer: _Answer | None = None
        try:
            fault = mock.faults.take(self._operation.name)
            answer = await self._serve(scope, receive, visit, broken, fault)
            if fault is not None:
                answer = _spoilt(answer, fault)
                if fault.delay_seconds:
                    await wait(mock.clock, scope, fault.delay_seconds)
        finally:
            # Before the reply leaves: whoever reads it may call again at once.
            mock.watch.leave(visit, answer.subject if answer is not None else "")
        mock.journal.write(self._entry(scope["method"], answer, fault))
        headers = [(b"content-type", answer.content_type.encode())]
        headers += [(name.encode(), value.encode()) for name, value in answer.headers]
        is_cut_off = fault is not None and fault.is_cut_off
        await send_reply(send, answer.status, headers, answer.body, is_cut_off=is_cut_off)

    async def _serve(
        self,
        scope: Scope,
        receive: Receive,
        visit: Visit,
        broken: Sequence[BrokenLimit],
        fault: Fault | None,
    ) -> _Answer:
        """Read a request to its end, and answer it."""
        headers = headers_of(scope)
        body: bytes | None = b""
        form: Mapping[str, object] | None = None
        problem: MalformedBody | None = None
        if self._operation.request.media == "multipart_form":
            try:
                pieces = body_pieces(receive)
                form = await read_form(headers.get("content-type", ""), pieces)
            except MalformedBody as error:
                problem = error
        else:
            body = await read_body(receive)
        if fault is not None and fault.page is not None:
            return _page(fault.http_status, "fault", fault.page)
        if (closed := self._limited(broken)) is not None:
            return closed
        account = self._account(headers)
        if isinstance(account, Refusal):
            return self._refused_session(account)
        if body is None:
            return _page(413, "too-large")
        if not self._takes(headers.get("content-type", "")):
            return _page(415, "unsupported-media-type")
        try:
            if problem is not None:
                raise problem
            question = read_question(self._operation, Sent(scope, headers, body, form))
        except MalformedBody as error:
            return _page(400, "malformed-body", f"mock: {error}")
        except SoapFault as error:
            return _fault(error.code, error.text, SOAP_FAULT)
        if question.subject:
            later = self._mock.watch.about(visit, question.subject)
            if (closed := self._limited(later)) is not None:
                return replace(closed, shown=question.shown)
        return replace(self._answer(question, account, fault), shown=question.shown)

    def _answer(self, question: Question, account: str, fault: Fault | None) -> _Answer:
        soap, envelope = self._operation.soap, question.envelope
        if soap is not None and envelope is not None:
            try:
                check_elements(soap, envelope)
            except SoapFault as error:
                return _fault(error.code, error.text, SOAP_FAULT)
            found = open_envelope(self._operation, soap, envelope, self._mock.credentials)
            if isinstance(found, Refusal):
                return _refusal_page(403 if found.kind in _LOGINS else 400, found)
            account = found
        refusal = bad_body(question.problems)
        if refusal is not None:
            return _refusal_page(400, refusal)
        if fault is not None and fault.instead is not None:
            return self._refused(fault.instead)
        answer = self._mock.world.answer(
            self._operation.name,
            ServiceQuestion(
                arguments=question.arguments, attachments=question.attachments, account=account
            ),
        )
        if isinstance(answer, Refusal):
            return self._refused(answer)
        payload: Any = answer.payload
        subject = payload.get(self._same) if self._same else None
        return replace(
            self._accepted(payload, answer.attachments, fault),
            subject=subject if isinstance(subject, str) else "",
        )

    def _accepted(
        self,
        payload: Mapping[str, object],
        attachments: Sequence[ReceivedFile],
        fault: Fault | None,
    ) -> _Answer:
        tree = complete_reply(self._operation, payload)
        verdict = self._operation.verdict
        for wire, values in verdict.success.items() if verdict is not None else ():
            if tree.get(wire) not in values:
                tree[wire] = values[0]
        lists = [wire for wire, value in tree.items() if isinstance(value, list)]
        rows: Any = tree[lists[0]] if lists else [tree]
        if fault is not None and fault.edit is not None:
            rows = fault.edit(rows)
            tree = {**tree, lists[0]: rows} if lists else (rows[0] if rows else {})
        reply = write_reply(self._operation, tree, attachments)
        return _Answer(body=reply.body, content_type=reply.content_type, records=len(rows))

    def _refused(self, refusal: Refusal) -> _Answer:
        """Say no: as a fault, in the reply's own fields, or by a status."""
        if refusal.kind == SOAP_FAULT:
            return self._failed(refusal.code, refusal)
        if refusal.kind == FAILURE:
            return _refusal_page(500, refusal)
        verdict = self._operation.verdict
        payload = self._mock.world.refused(self._operation.name, refusal)
        if verdict is None and payload is None:
            return _refusal_page(400, refusal)
        tree = reply_tree(self._operation, payload or {})
        if verdict is not None:
            named = {verdict.code: refusal.code, verdict.message: refusal.text}
            tree |= {wire: text for wire, text in named.items() if wire}
        reply = write_reply(self._operation, tree)
        return _Answer(
            body=reply.body,
            content_type=reply.content_type,
            outcome=refusal.kind,
            code=refusal.code,
        )

    def _failed(self, code: str, refusal: Refusal) -> _Answer:
        if self._operation.soap is None:
            return _refusal_page(500, refusal)
        return _fault(code, refusal.text, refusal.kind)

    def _limited(self, broken: Sequence[BrokenLimit]) -> _Answer | None:
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
            answer = _refusal_page(int(choice), refusal)
            if choice == "429":
                seconds = max(ceil(limit.breach.seconds_too_early), 1)
                answer = replace(answer, headers=(("retry-after", str(seconds)),))
            return answer
        return None

    def _account(self, headers: Mapping[str, str]) -> str | Refusal:
        sessions = self._mock.sessions
        return "" if sessions is None else sessions.open(headers)

    def _refused_session(self, refusal: Refusal) -> _Answer:
        sessions = self._mock.sessions
        status = sessions.refused_status if sessions is not None else 401
        return _refusal_page(status, refusal)

    def _takes(self, content_type: str) -> bool:
        taken = _MEDIA_TYPES[self._operation.request.media]
        return not taken or value_and_parameters(content_type)[0].lower() in taken

    def _entry(self, method: str, answer: _Answer, fault: Fault | None) -> JournalEntry:
        return JournalEntry(
            time=self._mock.clock.now(),
            operation=self._operation.name,
            method=method,
            format="xml" if self._operation.soap is not None else "json",
            parameters=answer.shown,
            status=answer.status,
            outcome=answer.outcome,
            code=answer.code,
            records=answer.records,
            fault=fault.name if fault else None,
        )


def _spoilt(answer: _Answer, fault: Fault) -> _Answer:
    if fault.http_status != 200:
        answer = replace(answer, status=fault.http_status)
    if fault.rewrite is not None:
        answer = replace(answer, body=fault.rewrite(answer.body))
    return replace(answer, headers=(*answer.headers, *fault.headers))


def _page(status: int, outcome: str, text: str = "") -> _Answer:
    body = text.encode() if text.startswith("<") else page(status, text or outcome).body
    return _Answer(body=bytes(body), status=status, outcome=outcome)


def _refusal_page(status: int, refusal: Refusal) -> _Answer:
    text = f"{refusal.code}: {refusal.text.removeprefix('mock: ')}"
    return replace(_page(status, refusal.kind, text), code=refusal.code)


def _fault(code: str, text: str, outcome: str) -> _Answer:
    return _Answer(
        body=write_fault(code, text),
        content_type="text/xml; charset=UTF-8",
        status=500,
        outcome=outcome,
        code=code,
    )


_LOGINS = ("missing-login", "wrong-login")
_MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "json": ("application/json",),
    "multipart_form": ("multipart/form-data",),
    "soap11": ("multipart/related", "text/xml"),
}
