"""Small systems in every shape, and one helper for each boundary. All of it is invented."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
from msgspec.structs import replace
from starlette.applications import Starlette
from tests.generated_packages import load_package

from gridwright_runtime.interface import (
    Argument,
    Basic,
    Format,
    Hole,
    Operation,
    Part,
    Place,
    ReplySpec,
    RequestSpec,
    Shape,
    System,
    Text,
)
from gridwright_runtime.mock.application import Mock, build_application
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.world import Answer, Question, Refusal
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record

NOON = datetime(2024, 10, 5, 3, 7, tzinfo=UTC)
"""Saturday, 12:07 in Seoul and Tokyo."""
SUNDAY_NIGHT = datetime(2024, 10, 5, 16, 30, tzinfo=UTC)
"""Sunday, 01:30 in Tokyo."""
LOCAL = "http://127.0.0.1:8080"


# Building blocks.


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
    """Return an operation, of which tests say all that they are about."""
    return replace(
        GET_ONE,
        system=system,
        name=name,
        wire_name=more.pop("wire_name", name),
        kind=more.pop("kind", "read" if method == "GET" else "write"),
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


# Systems, each generated from a spec.


def _generated(system: str) -> SimpleNamespace:
    """Return what tests need of a generated package."""
    spec = Path(__file__).with_name("specs").joinpath(f"{system}.yaml").read_bytes()
    names = ("models", "operations", "validators")
    found = load_package(spec, f"mocking_apis.{system}", *names)
    return SimpleNamespace(**dict(zip(names, found, strict=True)))


_tiny, _bolts, _sessions = _generated("tiny"), _generated("nuts_and_bolts"), _generated("sessions")
_washi, _applications = _generated("washi"), _generated("kansai_takusou")
_unheard = _generated("unheard_of")

TINY: System = _tiny.operations.SYSTEM
FIND_THINGS: Operation[Any] = _tiny.operations.FIND_THINGS
BOLTS: System = _bolts.operations.SYSTEM
ORDERS: tuple[Operation[Any], ...] = (
    _bolts.operations.ORDER_BOLTS,
    _bolts.operations.COUNT_BOLTS,
)
check_order_reply = _bolts.validators.check_order_bolts_reply
APPLICATIONS: System = _applications.operations.SYSTEM
APPLYING: tuple[Operation[Any], ...] = (
    _applications.operations.APPLY_REGULAR,
    _applications.operations.REPORT_COMPLETION,
    _applications.operations.GET_PROGRESS,
    _applications.operations.ATTACH_FILE,
)
WASHI: System = _washi.operations.SYSTEM
CALLS: tuple[Operation[Any], ...] = (_washi.operations.GET_STATE, _washi.operations.LIST_STATES)
State = _washi.models.State
VisitState = _washi.models.VisitState
GET_ONE: Operation[Any] = _unheard.operations.GET_ONE
GET_USAGE: Operation[Any] = _sessions.operations.GET_USAGE


def session_system(**changed: Any) -> System:
    """Return the system of the session, its login changed."""
    system: System = _sessions.operations.SYSTEM
    return replace(system, steps=(replace(system.steps[0], **changed),))


NUMBER = "PROVISIONAL_application_number"
FILE = "PROVISIONAL_file"
KEY = "demo-api-key"
BOLT: Mapping[str, object] = {
    "thing_number": "T-1",
    "weight_kg": Decimal("85.5"),
    "made_on": date(2024, 3, 1),
    "kind": "Y",
}
FIND: Mapping[str, str] = {"owner": "O1", "day": "20241001", "key": KEY, "type": "1"}


PRODUCTION, TEST = "https://bolts.invalid", "https://test.bolts.invalid"
CAS = "https://cas.invalid/login"

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
    shape: Shape = "record",
    formats: Mapping[Format, tuple[str, ...]] | None = None,
    parts: Sequence[Part] = (),
    **more: Any,
) -> Operation[Any]:
    """Return an operation of a system that nobody has heard of: GET /one."""
    reply = more.pop("reply", None) or replace(
        GET_ONE.reply,
        model=more.pop("model", State),
        shape=shape,
        formats={"json": ()} if formats is None else formats,
        payload=more.pop("payload", ()),
        root="root",
        item=more.pop("item", ""),
        check=more.pop("check", anything),
        check_message=None,
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
