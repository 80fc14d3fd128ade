"""The pytest plugin, as a project that uses it sees it."""

from pathlib import Path

import pytest
from tests.generator.support import BASE
from tests.systems import SYSTEMS

from gridwright.output.write import Made, write_tree

# What the inner runs import stays loaded, so that no extension module is loaded a second time.
from gridwright.pipeline import generate
from gridwright_apis import (
    epias_ecms,
    kansai_kakusyu,
    kansai_takusou,
    kepco_opm,
    thai_moi_power,
)
from gridwright_apis.epias_ecms import mock as _epias_mock
from gridwright_apis.kansai_takusou import mock as _takusou_mock
from gridwright_apis.kepco_opm import mock as _kepco_mock
from gridwright_runtime.mock import serve as _serve

LOADED = (
    *(epias_ecms.Client, kansai_kakusyu.Client, kansai_takusou.Client),
    *(kepco_opm.Client, thai_moi_power.Client, _epias_mock, _takusou_mock, _kepco_mock, _serve),
)

TOO_EARLY = """
    from gridwright_apis import kansai_takusou
    from gridwright_runtime.limits.store import MemoryLimitStore
    from gridwright_runtime.mock.transport import MockTransport

    def call_twice(application, clock):
        for _ in range(2):
            client = kansai_takusou.Client(
                base_url="http://127.0.0.1:8080",
                transport=MockTransport(application),
                clock=clock,
                limit_store=MemoryLimitStore(),
            )
            client.apply_regular(application_number="A0000000001")
            clock.advance(0.25)
"""


def passed(result: pytest.RunResult, number: int = 1) -> None:
    result.assert_outcomes(passed=number)


def ini(pytester: pytest.Pytester, *lines: str) -> None:
    pytester.makeini("\n".join(("[pytest]", "addopts = --strict-markers", *lines)))


def run(pytester: pytest.Pytester, text: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(text)
    return pytester.runpytest_inprocess("-p", "no:randomly", "-W", "error", *arguments)


def test_a_client_calls_its_mock(pytester: pytest.Pytester) -> None:
    passed(
        run(
            pytester,
            """
            def test_customers(kepco_opm_client):
                assert len(kepco_opm_client.list_customers().records) == 7
            """,
        )
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_its_fixtures(pytester: pytest.Pytester, system: str) -> None:
    passed(
        run(
            pytester,
            f"""
            def test_all(
                {system}_application, {system}_client, {system}_async_client,
                {system}_faults, {system}_journal,
            ):
                mock = {system}_application.state.mock
                assert mock.faults is {system}_faults and mock.journal is {system}_journal
                assert not list({system}_journal)
                assert "gridwright_apis.{system}" in type({system}_client).__module__
                assert type({system}_async_client).__name__ == "AsyncClient"
            """,
        )
    )


def test_clients_of_every_kind_of_access_reach_their_mock(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import asyncio

        def test_a_ticket(epias_ecms_client, epias_ecms_application):
            epias_ecms_client.find_indexes(index_ids=[1])
            assert epias_ecms_application.state.mock.server.logins == 1

        def test_a_session(thai_moi_power_client):
            found = thai_moi_power_client.get_power_usage(citizen_id="9000000000021").body
            assert len(found.customers) == 1

        def test_a_login_in_each_message(kansai_kakusyu_client):
            assert len(kansai_kakusyu_client.list_applications().body.applications) == 6

        def test_provisional_names(kansai_takusou_client):
            assert kansai_takusou_client.apply_regular(items={"whatever": "1"}).body

        def test_tasks(kepco_opm_async_client):
            async def call():
                async with kepco_opm_async_client as client:
                    return await client.list_customers()

            assert len(asyncio.run(call()).records) == 7
        """,
    )
    passed(result, 5)


def test_code_that_makes_its_own_client_is_given_an_address(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from gridwright_apis import kepco_opm

        def test_served(kepco_opm_address, kepco_opm_journal):
            assert kepco_opm_address.startswith("http://127.0.0.1:")
            with kepco_opm.Client(
                service_key="demo-service-key", base_url=kepco_opm_address
            ) as client:
                client.list_customers()
            assert [entry.operation for entry in kepco_opm_journal] == ["list_customers"]
        """,
    )
    passed(result)


def test_clients_keep_nothing_in_the_users_own_folders(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    result = run(
        pytester,
        """
        def test_served(kansai_takusou_address, gridwright_folder):
            from gridwright_apis import kansai_takusou

            with kansai_takusou.Client(base_url=kansai_takusou_address) as client:
                client.apply_regular(items={"whatever": "1"})
            assert any(path.is_file() for path in gridwright_folder.rglob("*"))
        """,
    )
    passed(result)
    assert not (tmp_path / "home").exists()


def test_seed_and_clock_come_from_the_settings(pytester: pytest.Pytester) -> None:
    ini(pytester, "gridwright_seed = 7", "gridwright_now = 2024-10-01T12:00:00+09:00")
    result = run(
        pytester,
        """
        from datetime import UTC, datetime

        def test_settings(gridwright_seed, gridwright_clock, kepco_opm_client, kepco_opm_journal):
            assert gridwright_seed == 7
            assert gridwright_clock.now() == datetime(2024, 10, 1, 3, tzinfo=UTC)
            kepco_opm_client.list_customers()
            assert kepco_opm_journal[0].time == gridwright_clock.now()
        """,
    )
    passed(result)


@pytest.mark.parametrize("line", ["gridwright_seed = one", "gridwright_now = 2024-10-01T12:00:00"])
def test_a_setting_that_makes_no_sense_is_named(pytester: pytest.Pytester, line: str) -> None:
    ini(pytester, line)
    result = run(pytester, "def test_it(kepco_opm_client): pass")
    assert line.partition(" ")[0] in result.stdout.str() + result.stderr.str()
    assert result.ret != 0


def test_seed_clock_and_options_can_be_overridden(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from gridwright_runtime.clock import SystemClock

        @pytest.fixture
        def gridwright_seed():
            return 2

        @pytest.fixture
        def gridwright_clock():
            return SystemClock()

        @pytest.fixture
        def kepco_opm_mock_options():
            return {"service_key": "invented"}

        @pytest.fixture
        def kepco_opm_client_options():
            return {"format": "xml"}

        def test_own(kepco_opm_client, kepco_opm_journal):
            kepco_opm_client.list_customers()
            assert (kepco_opm_journal[0].format, kepco_opm_journal[0].status) == ("xml", 200)
        """,
    )
    passed(result)


def test_a_fault_is_played(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from gridwright_runtime.mock.faults import Fault

        def test_retry(kepco_opm_client, kepco_opm_faults, kepco_opm_journal, gridwright_clock):
            kepco_opm_faults.add("list_customers", Fault.status(503))
            kepco_opm_client.list_customers()
            assert [entry.status for entry in kepco_opm_journal] == [503, 200]
            assert gridwright_clock.waits
        """,
    )
    passed(result)


def test_a_broken_limit_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(calls=TOO_EARLY)
    result = run(
        pytester,
        """
        from calls import call_twice

        def test_it(kansai_takusou_application, gridwright_clock):
            call_twice(kansai_takusou_application, gridwright_clock)
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*1 broken limit; *gridwright_may_break", "*apply_regular: same_application: 0.75 s too*"]
    )


@pytest.mark.parametrize("names", ["", "'same_application'"])
def test_a_test_may_say_that_it_breaks_a_limit(pytester: pytest.Pytester, names: str) -> None:
    pytester.makepyfile(calls=TOO_EARLY)
    result = run(
        pytester,
        f"""
        import pytest
        from calls import call_twice

        @pytest.mark.gridwright_may_break({names})
        def test_it(kansai_takusou_application, gridwright_clock):
            call_twice(kansai_takusou_application, gridwright_clock)
        """,
    )
    passed(result)


def test_a_limit_that_no_mock_has_cannot_be_allowed(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.gridwright_may_break("same_aplication")
        def test_it(kansai_takusou_application):
            pass
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*no limit is named same_aplication; there are: *"])


def test_the_failure_of_a_test_is_not_hidden_by_a_broken_limit(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(calls=TOO_EARLY)
    result = run(
        pytester,
        """
        from calls import call_twice

        def test_it(kansai_takusou_application, gridwright_clock):
            call_twice(kansai_takusou_application, gridwright_clock)
            assert 1 == 2
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert 1 == 2"])
    result.stdout.no_fnmatch_line("*broken limit*")


def test_an_application_of_ones_own_is_watched_on_request(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(calls=TOO_EARLY)
    text = """
        from calls import call_twice
        from gridwright_apis.kansai_takusou import mock

        def test_watched(gridwright_watch, gridwright_clock):
            call_twice(gridwright_watch(mock.application(clock=gridwright_clock)), gridwright_clock)

        def test_not_watched(gridwright_clock):
            call_twice(mock.application(clock=gridwright_clock), gridwright_clock)
    """
    run(pytester, text).assert_outcomes(failed=1, passed=1)


REACHING_OUT = """
    import socket
    import pytest

    def test_connect():
        with socket.socket() as one:
            one.settimeout(0.001)
            one.connect(("192.0.2.1", 9))

    def test_look_up():
        socket.getaddrinfo("host.invalid", 443)

    def test_swallowed():
        try:
            socket.create_connection(("192.0.2.1", 9), timeout=0.001)
        except Exception:
            pass
"""


def test_the_network_is_blocked_on_request(pytester: pytest.Pytester) -> None:
    result = run(pytester, REACHING_OUT, "--gridwright-block-network")
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            "*NetworkBlockedError: *: connect to 192.0.2.1 port 9",
            "*NetworkBlockedError: *: look up host.invalid",
            "*the network is blocked: connect to 192.0.2.1 port 9",
        ]
    )


def test_this_machine_can_be_reached_while_the_network_is_blocked(
    pytester: pytest.Pytester,
) -> None:
    ini(pytester, "gridwright_block_network = true")
    result = run(
        pytester,
        """
        import asyncio
        import socket
        from gridwright_apis import kepco_opm

        def test_served(kepco_opm_address):
            with kepco_opm.Client(
                service_key="demo-service-key", base_url=kepco_opm_address
            ) as client:
                assert client.list_customers().records

        def test_tasks(kepco_opm_address):
            async def call():
                async with kepco_opm.AsyncClient(
                    service_key="demo-service-key", base_url=kepco_opm_address
                ) as client:
                    return await client.list_customers()

            assert asyncio.run(call()).records

        def test_other_sockets():
            left, right = socket.socketpair()
            with left, right:
                left.send(b"1")
                assert right.recv(1) == b"1"
            assert socket.getaddrinfo("localhost", 80)
            assert socket.getaddrinfo("192.0.2.1", 80)
        """,
    )
    passed(result, 3)


def test_the_marker_closest_to_a_test_decides_on_the_network(pytester: pytest.Pytester) -> None:
    ini(pytester, "gridwright_block_network = true")
    result = run(
        pytester,
        """
        import socket
        import pytest
        from gridwright_runtime.testing.network import NetworkBlockedError

        pytestmark = pytest.mark.gridwright_allow_network
        original = socket.getaddrinfo

        def test_allowed():
            assert socket.getaddrinfo is original

        @pytest.mark.gridwright_block_network
        def test_blocked():
            assert socket.getaddrinfo is not original
        """,
    )
    passed(result, 2)


def test_packages_of_the_users_own_have_fixtures(pytester: pytest.Pytester, tmp_path: Path) -> None:
    spec = tmp_path / "specs" / "demo" / "interface.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text(BASE, "utf-8")
    made = generate(tmp_path / "specs", "demo", (), "company.apis")
    assert made.problems == ()
    write_tree(pytester.path, {"demo": Made("", {}, made.artifacts)}, ())
    ini(pytester, "gridwright_packages = company.apis", "pythonpath = .")
    result = run(
        pytester,
        """
        def test_own(demo_client, demo_application):
            assert "company.apis.demo" in type(demo_client).__module__
            assert demo_application.state.mock.faults is not None

        def test_no_other(request):
            import pytest
            with pytest.raises(pytest.FixtureLookupError):
                request.getfixturevalue("kepco_opm_client")
        """,
    )
    passed(result, 2)


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        ("no_such_package", "no_such_package is no package with a generated system"),
        ("no.such.package", "no.such.package is no package with a generated system"),
        ("gridwright_apis other", "kepco_opm is in both gridwright_apis and other"),
    ],
)
def test_a_package_that_cannot_serve_is_named(
    pytester: pytest.Pytester, packages: str, message: str
) -> None:
    other = pytester.mkpydir("other")
    (other / "kepco_opm").mkdir()
    (other / "kepco_opm" / "mock.py").touch()
    ini(pytester, f"gridwright_packages = {packages}", "pythonpath = .")
    result = run(pytester, "def test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*gridwright_packages: {message}*"])


def test_a_project_that_uses_no_fixture_loads_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_loaded():
            heavy = {"starlette", "uvicorn", "httpx2", "msgspec", "lxml", "gridwright_apis"}
            assert not heavy & {name.partition(".")[0] for name in sys.modules}
        """
    )
    passed(pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:hypothesispytest"))


def test_the_plugin_can_be_turned_off(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kepco_opm_client): pass", "-p", "no:gridwright")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'kepco_opm_client' not found"])
