"""One client shared by many, against a server on loopback."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle, islice
from typing import Any

import pytest
from starlette.applications import Starlette

from gridwright_apis.kepco_opm import AsyncClient, Client
from gridwright_runtime.errors import ConfigurationError, ConnectError, ConsentError
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.serve import running
from gridwright_runtime.retry import RetryPolicy

from .support import (
    CALLS,
    FACTORY,
    FORMATS,
    HOUSEHOLD_CUSTOMER,
    KEY,
    LATE_CONSENT,
    TWO_METERS,
    WITH_GAPS,
    FakeClock,
    call,
    faults_of,
    make_app,
)

Question = tuple[str, dict[str, Any], Format]

QUESTIONS: list[Question] = [
    (name, arguments, format)
    for format in FORMATS
    for name, arguments in [
        *((name, dict(values)) for name, values in CALLS.items()),
        *(
            ("get_day_load_profile", {"customer_number": customer, "date": date(2024, 9, day)})
            for customer in (FACTORY, HOUSEHOLD_CUSTOMER, TWO_METERS, WITH_GAPS, LATE_CONSENT)
            for day in (1, 30)
        ),
    ]
]


@pytest.fixture(scope="module")
def app() -> Starlette:
    return make_app()


@pytest.fixture(scope="module")
def address(app: Starlette) -> Iterator[str]:
    with running(app) as address:
        yield address


@pytest.fixture(scope="module")
def answers() -> list[list[Any]]:
    """What each question is answered with when nothing else is going on."""
    app = make_app()
    return [
        call("sync", app, name, format=format, **arguments).records
        for name, arguments, format in QUESTIONS
    ]


def test_sixteen_threads_share_one_client(address: str, answers: list[list[Any]]) -> None:
    with Client(service_key=KEY, base_url=address, max_connections=4) as client:

        def ask(question: Question) -> list[Any]:
            name, arguments, format = question
            found: list[Any] = getattr(client, name)(format=format, **arguments).records
            return found

        with ThreadPoolExecutor(max_workers=16) as threads:
            found = list(threads.map(ask, islice(cycle(QUESTIONS), 160)))
    assert found == list(islice(cycle(answers), 160))


def test_a_hundred_tasks_share_one_async_client(address: str, answers: list[list[Any]]) -> None:
    async def run() -> list[list[Any]]:
        async with AsyncClient(service_key=KEY, base_url=address) as client:

            async def ask(question: Question) -> list[Any]:
                name, arguments, format = question
                reply = await getattr(client, name)(format=format, **arguments)
                found: list[Any] = reply.records
                return found

            return await asyncio.gather(*map(ask, islice(cycle(QUESTIONS), 100)))

    assert asyncio.run(run()) == list(islice(cycle(answers), 100))


def test_an_error_of_one_thread_does_not_reach_the_others(
    address: str, answers: list[list[Any]]
) -> None:
    with Client(service_key=KEY, base_url=address) as client:

        def ask(number: int) -> object:
            name, arguments, format = QUESTIONS[0]
            if number % 2:
                arguments = {"customer_number": LATE_CONSENT, "date": date(2024, 3, 14)}
            try:
                return getattr(client, name)(format=format, **arguments).records
            except ConsentError as error:
                return error.consent_from

        with ThreadPoolExecutor(max_workers=16) as threads:
            found = list(threads.map(ask, range(32)))
    assert found == [answers[0], date(2024, 3, 15)] * 16


def test_faults_in_between_are_retried_by_whoever_meets_them(
    app: Starlette, address: str, answers: list[list[Any]]
) -> None:
    faults = faults_of(app)
    faults.add("list_customers", Fault.status(503), times=3)
    faults.add("list_customers", Fault.cut_off(), times=2)
    position = next(n for n, (name, *_rest) in enumerate(QUESTIONS) if name == "list_customers")
    patient = RetryPolicy(attempts=6, base_seconds=0.1)
    with (
        Client(service_key=KEY, base_url=address, retry=patient, clock=FakeClock()) as client,
        ThreadPoolExecutor(max_workers=16) as threads,
    ):
        found = list(threads.map(lambda _: client.list_customers().records, range(32)))
    assert found == [answers[position]] * 32
    assert not faults.pending


def test_a_closed_client_refuses_every_thread(address: str) -> None:
    client = Client(service_key=KEY, base_url=address)
    assert client.list_customers().records
    client.close()
    client.close()

    def ask(_: int) -> bool:
        with pytest.raises(ConfigurationError, match="the client is closed"):
            client.list_customers()
        return True

    with ThreadPoolExecutor(max_workers=16) as threads:
        assert all(threads.map(ask, range(16)))


def test_a_closed_async_client_refuses_every_task(address: str) -> None:
    async def run() -> list[object]:
        client = AsyncClient(service_key=KEY, base_url=address)
        assert (await client.list_customers()).records
        await client.aclose()
        await client.aclose()
        return await asyncio.gather(
            *(client.list_customers() for _ in range(16)), return_exceptions=True
        )

    assert {type(error) for error in asyncio.run(run())} == {ConfigurationError}


def test_an_async_client_serves_one_loop_after_another(address: str) -> None:
    # Each run has its own client: connections belong to the loop that opened them.
    async def run() -> int:
        async with AsyncClient(service_key=KEY, base_url=address) as client:
            return len((await client.list_customers()).records)

    assert asyncio.run(run()) == asyncio.run(run()) > 0


def test_a_server_that_has_gone_is_a_connect_error() -> None:
    with running(make_app()) as address:
        pass
    with (
        Client(service_key=KEY, base_url=address, clock=FakeClock()) as client,
        pytest.raises(ConnectError),
    ):
        client.list_customers()
