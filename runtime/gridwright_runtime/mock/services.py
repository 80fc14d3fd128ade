"""Serve the operations of a system of services: an ASGI application.

For every request: the limits, the login, the form of the request, the document's own check of the
whole request, then the world. Never invents data, never opens a socket.

What is refused is refused as the documents say, by HTTP status and a small page: 400 for a request
that is not as documented, 403 for a login in the SOAP header that is not known, 503 in closed
hours. An envelope that SOAP 1.1 does not allow gets a fault. A refusal by the world stands in the
reply's own fields where it has such; otherwise it is a 400, too. No document lists codes of these
refusals; the mock uses codes that no service has:

========== ==================================================================
mock-1001  the session or the login is missing
mock-1002  the session or the login is not known
mock-1004  the session is too old
mock-1005  the SOAP header names another service
mock-2001  something required is missing
mock-2002  a text or a number is too long
mock-2003  something is not written as the document says
mock-2004  a code is not in its list, or not allowed here
mock-2005  the document does not know an item
mock-4001  the service is closed
mock-4002  another limit was broken, where the mock was told to refuse
mock-9001  a system failure on demand
========== ==================================================================

Codes from mock-3001 on are the world's.

Every broken limit is kept in ``app.state.mock.watch``, with by how much. What is sent then is
configurable but for closed hours, where the documents have an answer: by default the request is
answered as if nothing were wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Literal

import msgspec
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from ..body import MalformedBody
from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..limits.kinds import Limits
from ..service.mime_header import value_and_parameters
from ..service.operation import ServiceOperation
from ..service.session_flow import SessionFlow
from .faults import Fault, Faults
from .form_codec import read_form
from .journal import Journal, JournalEntry
from .journal_page import journal_route
from .limit_measures import Visit
from .limit_terms import measures_of
from .limits_watch import BrokenLimit, LimitsWatch
from .receiving import body_pieces, headers_of, read_body
from .refusals import bad_body
from .routing import page_for, refuse_shared_paths
from .sending import page, send_reply, wait
from .service_codec import Question, Sent, read_question, reply_tree, write_reply
from .service_world import ReceivedFile, ServiceQuestion, ServiceWorld
from .session_door import SessionServer
from .soap_codec import SoapFault, write_fault
from .soap_door import check_elements, open_envelope
from .world import Refusal
from .worlds.services import find_service_world

__all__ = [
    "LimitAnswer",
    "ServiceMock",
    "build_service_application",
    "soap_fault",
    "system_failure",
]

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


def build_service_application(
    *,
    system: str,
    operations: Sequence[ServiceOperation[Any]],
    limits: Limits | None = None,
    session: SessionFlow | None = None,
    session_place: str = "",
    credentials: Mapping[str, str] | None = None,
    more_accounts: Sequence[Mapping[str, str]] = (),
    path: str = "",
    seed: int = 1,
    clock: Clock | None = None,
    when_broken: LimitAnswer | Mapping[str, LimitAnswer] = "journal",
    world: ServiceWorld | None = None,
    journal_size: int = 1000,
) -> Starlette:
    """Build the mock of a system of services as an ASGI application.

    Args:
        system: the system's id.
        operations: what it serves, each at its own path below ``path``.
        limits: what it watches over, for one company: whoever calls.
        session: how a session is opened; None where no call needs one.
        session_place: where a login puts the session; see `SessionServer`.
        credentials: what a login must carry, by Python name.
        more_accounts: others that may open sessions.
        path: what stands before all paths.
        seed: the same seed gives the same stored records.
        clock: what time it is; the machine's clock unless given.
        when_broken: what a broken limit is answered with, for all or by the name of a limit.
            Closed hours are a 503 unless their name is given.
        world: where the data come from; that of the system unless given.
        journal_size: how many requests the journal keeps.

    Returns:
        The application; ``app.state.mock`` is its `ServiceMock`.

    Raises:
        ConfigurationError: two operations share a path, a credential has no value, or
            ``when_broken`` names no limit.
    """
    clock = clock or SystemClock()
    limits = limits or Limits()
    credentials = dict(credentials or {})
    watch = LimitsWatch(measures_of(limits.limits), clock=clock)
    _refuse_missing(operations, credentials)
    sessions = (
        SessionServer(
            session,
            [credentials, *more_accounts],
            clock=clock,
            watch=watch,
            place=session_place,
        )
        if session is not None
        else None
    )
    mock = ServiceMock(
        system=system,
        operations=tuple(operations),
        world=world or find_service_world(system, operations=operations, seed=seed, clock=clock),
        clock=clock,
        faults=Faults([operation.name for operation in operations]),
        journal=Journal(journal_size),
        watch=watch,
        sessions=sessions,
        credentials=credentials,
        answers=_answers(watch, when_broken),
    )
    refuse_shared_paths(operations)
    routes: list[BaseRoute] = [
        Route(
            path + operation.path,
            _Endpoint(mock, operation),
            methods=[operation.method],
            name=operation.name,
        )
        for operation in operations
    ]
    if sessions is not None:
        routes.append(sessions.route(path))
    handler = page_for(mock)
    application = Starlette(
        routes=[*routes, journal_route(mock)], exception_handlers={404: handler, 405: handler}
    )
    application.router.redirect_slashes = False
    application.state.mock = mock
    return application


def soap_fault(code: str = "Server", text: str = "mock: the system has failed") -> Fault:
    """Answer with a SOAP fault and HTTP 500; nothing is carried out."""
    return Fault(name="soap fault", instead=Refusal(_SOAP_FAULT, code, text))


def system_failure() -> Fault:
    """Answer with HTTP 500, as the documents say for a failure inside; nothing is carried out."""
    text = "mock: the system has failed"
    return Fault(name="system failure", instead=Refusal(_FAILURE, "mock-9001", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A reply, and what the journal says about it."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    """What the reply is about."""


class _Endpoint:
    """One operation as an ASGI application."""

    __slots__ = ("_mock", "_operation", "_same")

    def __init__(self, mock: ServiceMock, operation: ServiceOperation[Any]) -> None:
        self._mock = mock
        self._operation = operation
        model = operation.request.model
        names = {info.encode_name: info.name for info in msgspec.structs.fields(model)}
        self._same = names.get(operation.same, "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
            return _fault(error.code, error.text, "soap-fault")
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
                return _fault(error.code, error.text, "soap-fault")
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
        subject = answer.reply.get(self._same) if self._same else None
        return replace(
            self._accepted(answer.reply, answer.attachments, fault),
            subject=subject if isinstance(subject, str) else "",
        )

    def _accepted(
        self,
        payload: Mapping[str, object],
        attachments: Sequence[ReceivedFile],
        fault: Fault | None,
    ) -> _Answer:
        tree = reply_tree(self._operation, payload)
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
        if refusal.kind == _SOAP_FAULT:
            return self._failed(refusal.code, refusal)
        if refusal.kind == _FAILURE:
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


def _refuse_missing(
    operations: Sequence[ServiceOperation[Any]], credentials: Mapping[str, str]
) -> None:
    needed = {
        item.name
        for operation in operations
        if operation.soap is not None
        for item in operation.soap.header_fields
        if item.source == "credential"
    }
    if missing := sorted(name for name in needed if not credentials.get(name)):
        raise ConfigurationError(f"the mock needs a value of {', '.join(missing)}")


def _answers(
    watch: LimitsWatch, chosen: LimitAnswer | Mapping[str, LimitAnswer]
) -> dict[str, LimitAnswer]:
    given = chosen if isinstance(chosen, Mapping) else {}
    if unknown := sorted(given.keys() - set(watch.kinds)):
        known = ", ".join(watch.kinds) or "none"
        raise ConfigurationError(f"no limit is named {', '.join(unknown)}; known: {known}")
    common: LimitAnswer = "journal" if isinstance(chosen, Mapping) else chosen
    return {
        name: given.get(name, "503" if kind == "closed_hours" else common)
        for name, kind in watch.kinds.items()
    }


_SOAP_FAULT, _FAILURE = "soap-fault", "system-failure"
_LOGINS = ("missing-login", "wrong-login")
_MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "json": ("application/json",),
    "multipart_form": ("multipart/form-data",),
    "soap11": ("multipart/related", "text/xml"),
}
