"""Small systems in every shape, and one helper for each boundary. All of it is invented."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx2
from msgspec import field
from starlette.applications import Starlette

from gridwright_runtime.errors import (
    AuthenticationError,
    NotSubscribedError,
    RejectedError,
    SystemFailureError,
)
from gridwright_runtime.interface import (
    Argument,
    Basic,
    BodySpec,
    Credential,
    Encoding,
    ErrorMeaning,
    Format,
    FormatWord,
    Hole,
    NewId,
    Now,
    Operation,
    Option,
    Part,
    Place,
    ReplySpec,
    RequestSpec,
    ServiceName,
    SoapSpec,
    Step,
    System,
    Text,
    Variant,
    Verdict,
)
from gridwright_runtime.limits.kinds import (
    ClosedHours,
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.mock.application import Mock, build_application
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.world import Answer, Question, Refusal
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.service.upload import Upload
from gridwright_runtime.times.instants import zoned_instant
from gridwright_runtime.validation import Check, RecordValidator
from gridwright_runtime.values.types import Yyyymmdd

if TYPE_CHECKING:
    Instant = datetime
else:
    Instant = zoned_instant("Europe/Istanbul")

NOON = datetime(2024, 10, 5, 3, 7, tzinfo=UTC)
"""Saturday, 12:07 in Seoul and Tokyo."""
SUNDAY_NIGHT = datetime(2024, 10, 5, 16, 30, tzinfo=UTC)
"""Sunday, 01:30 in Tokyo."""
LOCAL = "http://127.0.0.1:8080"


# Building blocks.


def texts(
    names: Mapping[str, str],
    *,
    required: Sequence[str] = (),
    size: int = 40,
    is_open: bool = False,
) -> Check:
    """Return a check of a record of texts: wire names and Python names."""

    def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
        validator = RecordValidator(record, path)
        for wire, name in names.items():
            validator.text(
                wire,
                name,
                name,
                name,
                max_characters=size,
                required=wire in required,
                optional=wire not in required,
            )
        return validator.problems(open=is_open)

    return check


def anything(record: Mapping[str, object], path: str = "") -> list[Problem]:
    return []


def credential(name: str) -> Text:
    return Text((Hole("credential", name),))


def result(step: str, part: str = "") -> Text:
    return Text((Hole("step", step, part),))


def constant(text: str) -> Text:
    return Text((text,))


def argument(wire: str, place: Place = "query") -> Part:
    return Part(wire=wire, place=place, source=Argument(wire))


def binding(element: str) -> type[Any]:
    """Return what xsdata would make of an element, as far as the mock looks at it."""
    return type(element, (), {"Meta": type("Meta", (), {"name": element})})


def operation(
    system: str,
    name: str,
    method: str,
    path: str,
    *,
    request: RequestSpec,
    reply: ReplySpec[Any],
    **more: Any,
) -> Operation[Any]:
    kind = more.pop("kind", "read" if method == "GET" else "write")
    return Operation(
        system=system,
        name=name,
        wire_name=more.pop("wire_name", name),
        kind=kind,
        method=method,
        path=path,
        request=request,
        reply=reply,
        **more,
    )


class Nothing(Record, frozen=True, kw_only=True):
    pass


def nothing(*parts: Part) -> RequestSpec:
    return RequestSpec(model=Nothing, check=anything, parts=parts)


# Lists behind a key: a verdict in the header of XML, and inside the list in JSON.


class Thing(Record, frozen=True, kw_only=True):
    thing_number: str | None = field(name="thingNo")
    weight_kg: Decimal | None = field(name="wgt")
    made_on: Yyyymmdd | None = field(name="made_ymd")
    kind: str | None = field(name="kind_cd", default=None)


class Find(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"owner"})

    owner: str = field(name="owner")
    made_on: Yyyymmdd = field(name="day")


def check_thing(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.text("thingNo", "thing_number", "번호", "number", max_characters=6)
    validator.decimal("wgt", "weight_kg", "무게", "weight", precision=6, scale=4)
    validator.date("made_ymd", "made_on", "일자", "day", pattern="yyyymmdd")
    validator.code("kind_cd", "kind", "유형", "kind", codes=("Y", "N"), optional=True)
    return validator.problems()


def check_find(request: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(request, path)
    validator.text(
        "owner", "owner", "소유자", "owner", max_characters=5, required=True, personal=True
    )
    validator.date("day", "made_on", "일자", "day", pattern="yyyymmdd", required=True)
    validator.text("key", "api_key", "키", "key", max_characters=20, required=True, secret=True)
    validator.code("type", "type", "형식", "format", codes=("1", "2"), required=True)
    return validator.problems()


KEY = "demo-api-key"
BOLT: Mapping[str, object] = {
    "thing_number": "T-1",
    "weight_kg": Decimal("85.5"),
    "made_on": date(2024, 3, 1),
    "kind": "Y",
}
HEADER = Verdict(
    under=("head",),
    formats=("xml",),
    fields=("msg", "at", "code", "ok"),
    code="code",
    message="msg",
    success={"code": ("00",), "ok": ("Y",)},
    errors={"E401": ErrorMeaning(AuthenticationError)},
    in_list=True,
)
THINGS = ReplySpec(
    model=Thing,
    shape="list",
    formats={"json": ("application/json",), "xml": ("text/xml",)},
    payload=("thingList",),
    root="Things",
    item="thing",
    check=check_thing,
)
FIND_THINGS = operation(
    "tiny",
    "find_things",
    "GET",
    "/tiny/find",
    request=RequestSpec(
        model=Find,
        check=check_find,
        parts=(
            argument("owner"),
            argument("day"),
            Part(wire="key", place="query", source=credential("api_key"), checked=True),
            Part(
                wire="type",
                place="query",
                source=FormatWord({"json": "1", "xml": "2"}),
                checked=True,
            ),
        ),
    ),
    reply=THINGS,
    verdict=HEADER,
)
TINY = System(name="tiny", credentials=(Credential(name="api_key", environment="TINY_KEY"),))
FIND: Mapping[str, str] = {"owner": "O1", "day": "20241001", "key": KEY, "type": "1"}


# Bodies with pairs and two steps: a login, and a ticket for each request.


class Bolt(Record, frozen=True, kw_only=True):
    number: int | None = field(name="boltNo")
    length_mm: Decimal | None = field(name="len", default=None)
    made_at: Instant | None = field(name="made", default=None)
    grade: str | None = field(name="grade", default=None)


class Order(Record, frozen=True, kw_only=True):
    bolts: list[Bolt] | None = field(name="bolts")


class Receipt(Record, frozen=True, kw_only=True):
    bolts: list[Bolt] | None = field(name="bolts")
    first: Bolt | None = field(name="first", default=None)
    marks: list[int] | None = field(name="marks", default=None)


def check_bolt(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.integer("boltNo", "number", "", "", required=True)
    validator.decimal("len", "length_mm", "", "", optional=True)
    validator.instant("made", "made_at", "", "", optional=True)
    validator.code("grade", "grade", "", "", codes=("X", "Z"), optional=True)
    return validator.problems()


def check_order(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.records("bolts", "bolts", "", "", check=check_bolt, required=True)
    return validator.problems()


def check_pair(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.text("k", "key", "", "", required=True)
    validator.text("v", "value", "", "", required=True)
    return validator.problems()


def check_order_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.records("head", "head", "", "", check=check_pair, optional=True)
    validator.record("order", "order", "", "", check=check_order, required=True)
    return validator.problems()


def check_receipt(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.records("bolts", "bolts", "", "", check=check_bolt)
    validator.record("first", "first", "", "", check=check_bolt, optional=True)
    validator.values("marks", "marks", "", "", kind="integer", optional=True)
    return validator.problems()


def check_order_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.record("result", "result", "", "", check=check_receipt)
    validator.text("code", "code", "", "")
    validator.text("words", "words", "", "")
    validator.code("kind", "kind", "", "", codes=("FINE", "BAD", "BROKEN", "LOCKED"))
    return validator.problems()


PRODUCTION, TEST = "https://bolts.invalid", "https://test.bolts.invalid"
CAS, TEST_CAS = "https://cas.invalid/login", "https://testcas.invalid/login"
KINDS = Verdict(
    code="code",
    message="words",
    kind="kind",
    success={"code": ("00",), "kind": ("FINE",)},
    kinds={
        "BAD": ErrorMeaning(RejectedError),
        "BROKEN": ErrorMeaning(SystemFailureError),
        "LOCKED": ErrorMeaning(AuthenticationError),
    },
)


def ordering(name: str, kind: str = "write") -> Operation[Any]:
    return operation(
        "nuts_and_bolts",
        name,
        "POST",
        f"/{name}",
        kind=kind,
        request=RequestSpec(
            model=Order,
            check=check_order_request,
            parts=(
                Part(
                    wire="id",
                    place="body",
                    under=("head",),
                    pair=("k", "v"),
                    source=NewId(),
                    checked=True,
                ),
                Part(
                    wire="app",
                    place="body",
                    under=("head",),
                    pair=("k", "v"),
                    source=Text((Hole("option", "application"),)),
                    checked=True,
                    optional=True,
                ),
                Part(wire="bolt-ticket", place="header", source=result("ticket")),
            ),
            body=BodySpec(
                encodings={"json": "json", "xml": "xml"}, under=("order",), root="orderRequest"
            ),
        ),
        reply=ReplySpec(
            model=Receipt,
            shape="record",
            formats={"json": ("application/json",), "xml": ("application/xml",)},
            payload=("result",),
            root="orderReply",
            check_message=check_order_reply,
        ),
        verdict=KINDS,
    )


BOLTS = System(
    name="nuts_and_bolts",
    servers={"production": f"{PRODUCTION}/api", "test": f"{TEST}/api"},
    default_server="production",
    credentials=(
        Credential(name="username", environment="BOLTS_USER", secret=False),
        Credential(name="password", environment="BOLTS_PASSWORD"),
    ),
    options=(Option(name="application"),),
    steps=(
        Step(
            name="grant",
            method="POST",
            address={"production": f"{CAS}?format=text", "test": f"{TEST_CAS}?format=text"},
            parts={
                "": (
                    Part(wire="user", place="body", source=credential("username")),
                    Part(wire="pass", place="body", source=credential("password")),
                )
            },
            encoding="form",
            read={"": ("body",)},
            success_status=201,
            lifetime_seconds=2700,
            counts_from="last_use",
        ),
        Step(
            name="ticket",
            method="POST",
            address={"production": f"{CAS}/{{tgt}}", "test": f"{TEST_CAS}/{{tgt}}"},
            parts={
                name: (
                    Part(wire="tgt", place="path", source=result("grant")),
                    Part(wire="service", place="body", source=constant(host)),
                )
                for name, host in (("production", PRODUCTION), ("test", TEST))
            },
            encoding="form",
            read={"": ("body",)},
            success_status=200,
            lifetime_seconds=30,
            once=True,
            refused=(401,),
        ),
    ),
)
ORDERS = (ordering("order_bolts"), ordering("count_bolts", "read"))


# Open objects, a form with a file, and limits.

NUMBER = "PROVISIONAL_application_number"
FILE = "PROVISIONAL_file"


class Application(Record, frozen=True, kw_only=True):
    __open__ = True
    __personal__ = frozenset({"application_number"})

    application_number: str | None = field(name=NUMBER, default=None)
    items: Mapping[str, object] = field(default_factory=dict)


class Attached(Application, frozen=True, kw_only=True):
    file: Upload = field(name=FILE)


def check_file(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.text(NUMBER, "application_number", "", "", optional=True)
    validator.upload(FILE, "file", "", "", required=True)
    return validator.problems(open=True)


def applying(
    name: str, path: str, *, encoding: Encoding = "json", model: type[Record] = Application
) -> Operation[Any]:
    check = check_file if encoding == "multipart_form" else texts(_NUMBERED, is_open=True)
    return operation(
        "kansai_takusou",
        name,
        "POST",
        f"/{path}",
        kind="read" if name.startswith("get") else "write",
        request=RequestSpec(model=model, check=check, body=BodySpec(encodings={"json": encoding})),
        reply=ReplySpec(
            model=Application,
            shape="record",
            formats={"json": ()},
            check=texts(_NUMBERED, is_open=True),
        ),
        same={"application": "application_number"},
        statuses={403: ErrorMeaning(NotSubscribedError)},
    )


_NUMBERED = {NUMBER: "application_number"}
CLOSED = ClosedHours(
    name="sunday_night", weekday="sunday", start="01:00", end="03:00", zone="Asia/Tokyo"
)
TAKUSOU = System(
    name="kansai_takusou",
    limits=Limits(
        (
            CLOSED,
            SpacingLimit(
                name="same_application",
                wait_seconds=1.0,
                same="application",
                operations=("apply_regular", "report_completion"),
            ),
            ConcurrencyLimit(
                name="two_at_once", at_most=2, operations=("apply_regular", "get_progress")
            ),
        )
    ),
)
APPLYING = (
    applying("apply_regular", "JojMshkm"),
    applying("report_completion", "ShnkoTdk"),
    applying("get_progress", "KoteiJohShtk"),
    applying("attach_file", "FileTnpu", encoding="multipart_form", model=Attached),
)


# SOAP with a login in the header; two operations at one address, as SOAP has it.


class Wanted(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"person"})

    application_number: str | None = field(name="uketsukeNo", default=None)
    person: str | None = field(name="hito", default=None)


class State(Record, frozen=True, kw_only=True):
    application_number: str | None = field(name="uketsukeNo", default=None)
    stage: str | None = field(name="kotei", default=None)


class VisitState(State, frozen=True, kw_only=True):
    """The form where the stage is a visit."""

    visit_date: str | None = field(name="houmonBi", default=None)


NAMESPACE = "urn:invented:soap"


def calling(name: str, element: str) -> Operation[Any]:
    return operation(
        "washi",
        name,
        "POST",
        "/service",
        wire_name=element,
        kind="read",
        request=RequestSpec(
            model=Wanted,
            check=texts({"uketsukeNo": "application_number", "hito": "person"}),
            parts=(
                Part(wire="requestID", place="soap_header", source=NewId()),
                Part(wire="serviceID", place="soap_header", source=ServiceName()),
                Part(wire="timeStamp", place="soap_header", source=Now("date-time")),
                Part(wire="loginID", place="soap_header", source=credential("login_id")),
                Part(wire="password", place="soap_header", source=credential("password")),
            ),
            body=BodySpec(encodings={"xml": "xml"}),
            attachments=name.startswith("get"),
        ),
        reply=ReplySpec(
            model=State,
            shape="record",
            formats={"xml": ()},
            check=texts({"uketsukeNo": "application_number", "kotei": "stage"}),
            variants=(Variant(when={"kotei": ("VISIT",)}, model=VisitState),),
            attachments=True,
        ),
        soap=SoapSpec(
            namespace=NAMESPACE,
            request=binding(f"{element}Request"),
            reply=binding(f"{element}Reply"),
            header=binding("Header"),
        ),
        statuses={403: ErrorMeaning(NotSubscribedError)},
    )


WASHI = System(
    name="washi",
    credentials=(
        Credential(name="login_id", environment="WASHI_LOGIN", secret=False),
        Credential(name="password", environment="WASHI_PASSWORD"),
    ),
    limits=Limits((RateLimit(name="one_a_second", requests=1, per_seconds=1.0),)),
)
CALLS = (calling("get_state", "Jokyo"), calling("list_states", "Ichiran"))


# A session for hours, and a verdict among the fields of the record.


class Usage(Record, frozen=True, kw_only=True):
    energy_kwh: Decimal | None = field(name="kwh", default=None)
    error_message: str | None = field(name="error", default=None)
    status: str | None = field(name="status", default=None)
    citizen_id: str | None = field(name="id", default=None)


class Citizen(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"citizen_id"})

    citizen_id: str = field(name="CitizenID")


def session_step(**changed: Any) -> Step:
    known: dict[str, Any] = {
        "name": "login",
        "method": "POST",
        "address": {"": "/api/Authenticate/{AgentID}"},
        "parts": {
            "": (
                Part(wire="AgentID", place="path", source=credential("agent_id")),
                Part(wire="ClientID", place="body", source=credential("client_id")),
            )
        },
        "encoding": "json",
        "read": {"": ("header Token", "body Token", "body")},
        "lifetime_seconds": 8 * 3600.0,
        "refused": (401,),
        "never": ("Authorized",),
    }
    return Step(**(known | changed))


def session_system(**changed: Any) -> System:
    return System(
        name="sessions",
        credentials=(
            Credential(name="client_id", environment="CLIENT"),
            Credential(name="agent_id", environment="AGENT"),
        ),
        steps=(session_step(**changed),),
    )


GET_USAGE = operation(
    "sessions",
    "get_usage",
    "GET",
    "/api/Usage/{CitizenID}",
    request=RequestSpec(
        model=Citizen,
        check=texts({"CitizenID": "citizen_id"}, required=("CitizenID",), size=13),
        parts=(
            argument("CitizenID", "path"),
            Part(wire="Token", place="header", source=result("login")),
        ),
    ),
    reply=ReplySpec(model=Usage, shape="record", formats={"json": ()}, check=anything),
    verdict=Verdict(code="status", message="error", success={"error": ("",)}),
)


# Helpers.


class FixedWorld:
    """A world that answers what it is told to, and remembers what it was asked."""

    def __init__(self, payload: object = None, **more: Any) -> None:
        self.found: Answer | Refusal = Answer(payload=payload, **more)
        self.asked: list[tuple[str, Question]] = []

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        self.asked.append((operation, question))
        return self.found

    @property
    def arguments(self) -> Mapping[str, object]:
        """What the last question said."""
        return self.asked[-1][1].arguments


class Refusing(FixedWorld):
    """A world that says no."""

    def __init__(self, *refusal: Any) -> None:
        super().__init__()
        self.found = Refusal(*refusal)


class Kept(FixedWorld):
    """A world whose replies may be kept, and which tells the time."""

    current = 0
    ticks = 0

    def version(self) -> int:
        return self.current

    def response_time(self) -> str:
        self.ticks += 1
        return f"tick {self.ticks}"


def make(system: System, operations: Sequence[Operation[Any]], **options: Any) -> Starlette:
    options.setdefault("clock", ManualClock(options.pop("now", NOON)))
    return build_application(system, operations, **options)


def tiny(world: FixedWorld | None = None, **options: Any) -> Starlette:
    return make(TINY, [FIND_THINGS], world=world or FixedWorld([BOLT]), **options)


def mock_of(app: Starlette) -> Mock:
    mock = app.state.mock
    assert isinstance(mock, Mock)
    return mock


def clock_of(app: Starlette) -> ManualClock:
    clock = mock_of(app).clock
    assert isinstance(clock, ManualClock)
    return clock


def play(app: Starlette, fault: Fault, operation: str | None = None, *, times: int = 1) -> None:
    mock_of(app).faults.add(operation, fault, times=times)


def broken(app: Starlette) -> list[tuple[str, str]]:
    return [(limit.limit, str(limit.breach)) for limit in mock_of(app).watch.broken]


def http(app: Starlette, base: str = LOCAL) -> httpx2.Client:
    return httpx2.Client(transport=MockTransport(app), base_url=base)


def one(
    build: Callable[..., Operation[Any]] | None = None,
    *,
    shape: str = "record",
    formats: Mapping[Format, tuple[str, ...]] | None = None,
    parts: Sequence[Part] = (),
    **more: Any,
) -> Operation[Any]:
    """Return an operation of a system that nobody has heard of: GET /one."""
    reply = more.pop("reply", None) or ReplySpec(
        model=more.pop("model", State),
        shape=shape,  # type: ignore[arg-type]  # one of the shapes
        formats={"json": ()} if formats is None else formats,
        payload=more.pop("payload", ()),
        root="root",
        item=more.pop("item", ""),
        check=more.pop("check", anything),
    )
    return operation(
        "unheard_of",
        more.pop("name", "get_one"),
        more.pop("method", "GET"),
        more.pop("path", "/one"),
        request=more.pop("request", None) or nothing(*parts),
        reply=reply,
        **more,
    )


UNHEARD = System(name="unheard_of")
BASIC = Basic(user=credential("user"), password=credential("password"))
