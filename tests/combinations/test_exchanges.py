"""The client of every combination calls its own mock, and what comes back is what it means."""

import asyncio
import inspect
import re
from collections.abc import Callable
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import httpx2
import pytest
from msgspec import structs

from gridwright_runtime.errors import (
    AuthenticationError,
    BusyError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    OutcomeUnknownError,
    ProviderError,
    RejectedError,
    SystemFailureError,
    TransportError,
)
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault, lost
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport
from gridwright_runtime.mock.world import Refusal

from .calls import NOW, arguments_of, credentials_of
from .covering import Choice
from .packages import CHOICES, load, shared_folder

NUMBERS = pytest.mark.parametrize("number", range(len(CHOICES)))


def where(fits: Callable[[Choice], bool]) -> pytest.MarkDecorator:
    """Let a test be about the combinations of which it says something."""
    numbers = [number for number, choice in enumerate(CHOICES) if fits(choice)]
    return pytest.mark.parametrize("number", numbers)


class System:
    """One combination: its package, its mock, and a client of both kinds."""

    def __init__(self, package: ModuleType, mock: ModuleType, choice: Choice) -> None:
        self.package, self.choice = package, choice
        self.clock = ManualClock(NOW)
        self.app = mock.application(clock=self.clock)
        self.mock = self.app.state.mock
        self.options: dict[str, Any] = credentials_of(mock.application) | {"clock": self.clock}
        if choice["wire"] == "undocumented":
            self.options["base_url"] = "http://127.0.0.1:8080/v1"

    def client(self, **more: Any) -> Any:
        options = self.options | {"transport": MockTransport(self.app), "strict": True} | more
        return self.package.Client(**options)

    def async_client(self) -> Any:
        transport = AsyncMockTransport(self.app)
        return self.package.AsyncClient(**self.options, transport=transport, strict=True)

    def ask(self, client: Any, **more: Any) -> Any:
        return client.ask(**self.arguments(client.ask), **more)

    def arguments(self, method: Callable[..., Any]) -> dict[str, Any]:
        moment = {"time": "1400", "minute": "202410011400"}.get(self.choice["time"], "")
        return arguments_of(method, self.package, moment)


@pytest.fixture
def system(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> System:
    number = request.getfixturevalue("number")
    folder = shared_folder(tmp_path_factory)
    return System(*load(folder, number, monkeypatch), CHOICES[number])


def formats_of(system: System, method: Callable[..., Any]) -> list[dict[str, str]]:
    if "format" not in inspect.signature(method).parameters:
        return [{}]
    other = "csv" if system.choice["format"] == "csv_too" else "xml"
    return [{"format": "json"}, {"format": other}]


@NUMBERS
def test_a_success_comes_back_as_it_was_sent(number: int, system: System) -> None:
    with system.client() as client:
        for options in formats_of(system, client.ask):
            found = system.ask(client, **options)
            _check_success(system, found)
            system.clock.advance(5)


@NUMBERS
def test_tasks_get_what_threads_get(number: int, system: System) -> None:
    with system.client() as client:
        one = system.ask(client)
    system.clock.advance(5)

    async def ask() -> Any:
        async with system.async_client() as other:
            return await system.ask(other)

    assert _without_token(system, asyncio.run(ask())) == _without_token(system, one)


def _without_token(system: System, found: Any) -> Any:
    """Return what a call brought but for the token of the next page, which is new each time."""
    if system.choice["paging"] == "token" and system.choice["shape"] == "record":
        return structs.replace(found.body, next_token=None)
    return found


def _check_success(system: System, found: Any) -> None:
    shape = system.choice["shape"]
    assert found.deviations == ()
    is_of_many = system.choice["packing"] == "zip_of_many"
    if shape in ("list", "list_at_root") or is_of_many:
        assert found.records
        assert {record.meter_number for record in found.records} == {"0000000001"}
    elif shape == "record":
        assert found.body.meter_number == "0000000001"
    elif shape == "value":
        assert isinstance(found.body.state, str)
    elif shape == "file":
        assert found.body.size_bytes == len(b"invented file of ask\n")
    else:
        assert found.body is None


class SomebodyElse(httpx2.BaseTransport):
    """Answers about another meter than the one that is asked for, or about no item of a list."""

    def __init__(self, app: Any, echo: str) -> None:
        self.inner = MockTransport(app)
        # Tokens of logins may hold two such letters by chance, and none that stand alone.
        self.asked = rb"0000000001" if echo == "said" else rb"(?<![\w+/=.-])(A1|B2)(?![\w+/=.-])"

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        reply = self.inner.handle_request(request)
        body = re.sub(self.asked, lambda found: b"0000000002"[-len(found[0]) :], reply.read())
        headers = [(key, value) for key, value in reply.headers.items() if key != "content-length"]
        return httpx2.Response(reply.status_code, headers=headers, content=body)


# What is packed cannot be edited on the way.
@where(lambda choice: choice["echo"] != "none" and choice["packing"] == "none")
def test_a_reply_about_somebody_else_is_a_deviation(number: int, system: System) -> None:
    transport = SomebodyElse(system.app, system.choice["echo"])
    with system.client(transport=transport, strict=False) as client:
        for options in formats_of(system, client.ask):
            found = system.ask(client, **options)
            rules = {one.rule for one in found.deviations}
            if system.choice["echo"] == "listed":
                rules -= {"not-answered"}  # which a list that answers the whole question is
            assert rules == {"other-than-asked"}
            system.clock.advance(5)


@NUMBERS
def test_a_refusal_raises_the_error_that_the_spec_names(number: int, system: System) -> None:
    verdict = system.choice["verdict"]
    status = None if verdict not in ("none", "statuses") else 404
    refusal = Refusal("no-data", "E4", "mock: nothing there", status)
    system.mock.faults.add("ask", Fault(name="refused", instead=refusal))
    with system.client() as client, pytest.raises(Exception) as caught:
        system.ask(client)
    if verdict == "none" and system.choice["partial"] == "said":
        # No envelope knows the code, and nothing says what the status means.
        assert isinstance(caught.value, RejectedError), caught.value
        return
    if verdict == "none":
        is_write = system.choice["kind"] != "read"
        assert isinstance(caught.value, OutcomeUnknownError) == is_write, caught.value
        return
    assert isinstance(caught.value, NoDataError), caught.value


REFUSALS = {
    "case": [
        (Fault.case(1), NoDataError),
        (Fault.case(2), RejectedError),
        (Fault.case(3), BusyError),
        (Fault.case(4), LimitError),
    ],
    "gateway": [(Fault.refused("G3"), AuthenticationError), (Fault.refused("E4"), NoDataError)],
}


@where(lambda choice: choice["verdict"] in REFUSALS)
def test_every_declared_refusal_is_the_error_that_the_spec_names(
    number: int, system: System
) -> None:
    with system.client() as client:
        for options in formats_of(system, client.ask):
            for fault, error in REFUSALS[system.choice["verdict"]]:
                system.clock.advance(5)
                # A login that is refused is renewed, and the call goes again.
                system.mock.faults.add("ask", fault, times=4)
                with pytest.raises(error):
                    system.ask(client, **options)
                system.mock.faults.clear()


@where(lambda choice: choice["items"] == "judged")
def test_items_that_failed_are_listed_and_raise_where_no_other_came(
    number: int, system: System
) -> None:
    with system.client(strict=False) as client:
        for options in formats_of(system, client.ask):
            system.clock.advance(5)
            system.mock.faults.add("ask", Fault.item(0, code="I7"))
            found = system.ask(client, **options)
            assert found.records
            assert [type(one.error) for one in found.failures] == [NotSubscribedError]
            assert found.deviations == ()
            system.clock.advance(5)
            system.mock.faults.add("ask", Fault.item(code="I7"))
            with pytest.raises(NotSubscribedError) as caught:
                system.ask(client, **options)
            assert len(caught.value.failures) > 1


@where(lambda choice: choice["partial"] == "said")
def test_failures_beside_data_are_listed_and_raise_where_no_data_came(
    number: int, system: System
) -> None:
    with system.client(strict=False) as client:
        for options in formats_of(system, client.ask):
            if options.get("format") == "csv":
                continue  # beside whose rows there is no room
            system.clock.advance(5)
            system.mock.faults.add("ask", Fault.partial(code="P5", text="one is missing"))
            found = system.ask(client, **options)
            _check_success(system, found)
            assert [type(one.error) for one in found.failures] == [NotSubscribedError]
            assert found.failures[0].error.text == "one is missing"
            system.clock.advance(5)
            system.mock.faults.add("ask", Fault.partial(code="P5"))
            with pytest.raises(NotSubscribedError):
                system.ask(client, strict=True, **options)
            system.clock.advance(5)
            system.mock.faults.add("ask", Fault.partial(code="P5", alone=True))
            with pytest.raises(NotSubscribedError) as caught:
                system.ask(client, **options)
            assert len(caught.value.failures) == 1


@NUMBERS
def test_a_wrong_argument_is_refused_before_it_leaves(number: int, system: System) -> None:
    with system.client() as client:
        values = system.arguments(client.ask) | {"meter_number": "0" * 11}
        with pytest.raises(ValueError, match="meter_number"):
            client.ask(**values)
    assert not system.mock.journal.of("ask")


@NUMBERS
def test_a_write_whose_reply_is_lost_is_not_sent_again(number: int, system: System) -> None:
    system.mock.faults.add("ask", lost(carried_out=True))
    # A read goes again, unless it sent a file, which is read once.
    is_read = system.choice["kind"] == "read"
    has_file = bool({"file", "files"} & {system.choice["record"], system.choice["encoding"]})
    error = TransportError if is_read else OutcomeUnknownError
    with (
        system.client() as client,
        nullcontext() if is_read and not has_file else pytest.raises(error),
    ):
        system.ask(client)
    assert len(system.mock.journal.of("ask")) == (2 if is_read and not has_file else 1)


@where(lambda choice: choice["limit"] in ("rate", "spacing", "same", "same_all"))
def test_limits_are_kept_and_a_broken_one_is_seen(number: int, system: System) -> None:
    with system.client(limit_store=MemoryLimitStore()) as client:
        for _ in range(3):
            system.ask(client)
    assert not system.mock.watch.broken
    for _ in range(3):  # clients that do not know of each other
        with system.client(limit_store=MemoryLimitStore()) as client:
            system.ask(client)
    assert system.mock.watch.broken


LOGINS = ("session", "elsewhere", "two_steps", "refreshed", "rotated", "jwt")


@where(lambda choice: choice["access"] in LOGINS)
def test_a_login_is_renewed_once_it_is_refused(number: int, system: System) -> None:
    with system.client() as client:
        system.ask(client)
        logins = system.mock.server.logins
        system.clock.advance(4 * 3600)
        system.ask(client)
        renewals = system.mock.server.renewals
        assert logins >= 1
        assert (system.mock.server.logins > logins, renewals > 0) == (
            (False, True) if system.choice["access"] == "rotated" else (True, False)
        )


@where(lambda choice: choice["access"] not in ("open", "certificate"))
def test_a_wrong_secret_is_an_error_of_authentication(number: int, system: System) -> None:
    wrong = dict.fromkeys(credentials_of(system.package.mock.application), "wrong")
    with system.client(**wrong) as client, pytest.raises(Exception) as caught:
        system.ask(client)
    errors = (AuthenticationError, OutcomeUnknownError, RejectedError, SystemFailureError)
    assert isinstance(caught.value, errors), caught.value
    assert "wrong" not in str(caught.value)


@where(lambda choice: choice["paging"] != "none")
def test_pages_are_walked_to_the_end(number: int, system: System) -> None:
    with system.client() as client:
        values = system.arguments(client.iter_answers)
        # Else the service alone says how long its pages are.
        if "page_size" in inspect.signature(client.iter_answers).parameters:
            values["page_size"] = 4
        rows = list(client.iter_answers(**values))
    assert len({row.number for row in rows}) == len(rows) == 24


@NUMBERS
def test_no_text_shows_a_secret(number: int, system: System) -> None:
    with system.client() as client:
        shown = repr(client)
        system.mock.faults.add("ask", Fault.status(500), times=3)
        with pytest.raises(Exception) as caught:
            system.ask(client)
    for secret in credentials_of(system.package.mock.application).values():
        assert secret not in shown
        assert secret not in str(caught.value)
    assert not isinstance(caught.value, ProviderError) or caught.value.args
