"""`gridwright doctor`: each thing that a client needs, wrong and right."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from jsonschema import Draft202012Validator

from gridwright_apis.kansai_takusou import mock as takusou_mock
from gridwright_apis.thai_moi_power import mock as thai_mock
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.serve import running
from gridwright_runtime.shell.doctor import clock_finding

from .conftest import Ran, Served

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
Run = Callable[..., Ran]


def states(ran: Ran) -> dict[str, str]:
    data = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(data)
    for one in data["findings"]:
        assert one["state"] != "problem" or one["help"], one
    return {one["what"]: one["state"] for one in data["findings"]}


def test_where_all_is_well_it_says_so(run: Run, kepco: Served) -> None:
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address, "--json")
    assert ran.status == 0
    assert states(ran) == {
        "address": "ok",
        "tls": "skipped",
        "credentials": "ok",
        "limit store": "skipped",
        "login": "skipped",
        "read": "ok",
        "clock": "ok",
    }
    assert len(kepco.app.state.mock.journal) == 1
    assert "demo-service-key" not in ran.out + ran.err


def test_a_missing_credential_is_named_and_nothing_is_sent(
    run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY")
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address)
    assert ran.status == 1 and "do: set KEPCO_OPM_SERVICE_KEY" in ran.out
    assert len(kepco.app.state.mock.journal) == 0


def test_a_wrong_key_is_a_problem_of_the_read(
    run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "a-wrong-key-of-ours")
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address, "--json")
    assert (ran.status, states(ran)["read"]) == (1, "problem")
    assert "a-wrong-key-of-ours" not in ran.out + ran.err


def test_an_address_that_nobody_serves_ends_the_examination(run: Run, kepco: Served) -> None:
    ran = run("doctor", "kepco_opm", "--base-url", "http://127.0.0.1:1", "--json")
    found = states(ran)
    assert (ran.status, found["address"], found["read"]) == (1, "problem", "skipped")


@contextmanager
def serving_tls(folder: Path, *names: str, days: tuple[int, int] = (-1, 90)) -> Iterator[str]:
    """Serve handshakes on loopback with a certificate of its own; returns the address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample")])
    first, last = (datetime.now(UTC) + timedelta(days=day) for day in days)
    known = [
        x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names
    ]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, first, last)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            # Ends with the server: nobody can connect then.
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    context.wrap_socket(connection, server_side=True).close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


TLS = {
    "another name": (("other.invalid",), (-1, 90), True, "check the name in --base-url"),
    "over": (("127.0.0.1",), (-90, -1), True, "check the clock of this machine"),
    "to come": (("127.0.0.1",), (1, 90), True, "check the clock of this machine"),
    "not trusted": (("127.0.0.1",), (-1, 90), False, "install the authority"),
    "soon over": (("127.0.0.1",), (-1, 5), True, "tell the provider that it ends soon"),
}


@pytest.mark.parametrize(("names", "days", "is_trusted", "help"), TLS.values(), ids=TLS)
def test_what_is_wrong_with_a_certificate_is_told_with_what_to_do(
    names: tuple[str, ...], days: tuple[int, int], is_trusted: bool, help: str,
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "demo-service-key")
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    with serving_tls(tmp_path, *names, days=days) as address:
        found = json.loads(run("doctor", "kepco_opm", "--base-url", address, "--json").out)
    (tls,) = (one for one in found["findings"] if one["what"] == "tls")
    is_problem = "soon" not in help
    assert tls["state"] == ("problem" if is_problem else "warning") and help in tls["help"]
    if is_problem:
        (read,) = (one for one in found["findings"] if one["what"] == "read")
        assert (read["state"], read["said"]) == ("skipped", "TLS fails")


def test_an_address_that_speaks_no_tls_is_told_by_that(run: Run, kepco: Served) -> None:
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address.replace("http:", "https:"))
    assert ran.status == 1 and "tls: what answers there speaks no TLS" in ran.out
    assert "do: check scheme and port of --base-url" in ran.out
    assert len(kepco.app.state.mock.journal) == 0


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("Tue, 01 Oct 2024 00:00:30 GMT", "ok"),
        ("Tue, 01 Oct 2024 00:05:00 GMT", "problem"),
        ("yesterday", "skipped"),
        (None, "skipped"),
    ],
)
def test_the_clock_is_compared_with_the_services(date: str | None, state: str) -> None:
    raw = RawReply(
        status_code=200,
        headers=() if date is None else (("Date", date),),
        received_at=datetime(2024, 10, 1, tzinfo=UTC),
    )
    assert clock_finding(raw).state == state


def test_a_system_without_an_address_says_so(run: Run) -> None:
    ran = run("doctor", "kansai_takusou")
    assert ran.status == 1 and "base_url" in ran.out


def test_addresses_that_belong_together_are_named_as_options(run: Run, kepco: Served) -> None:
    ran = run("doctor", "epias_ecms", "--base-url", kepco.address)
    assert "do: give --base-url https://… and --ticket-url https://…" in ran.out


def test_a_login_is_tried_where_every_read_needs_arguments(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("CLIENT_ID", "CLIENT_SECRET", "AGENT_ID")
    for name in names:
        value = f"demo-{name.lower().replace('_', '-')}"
        monkeypatch.setenv(f"THAI_MOI_POWER_{name}", value)
    with running(thai_mock.application()) as address:
        words = ("doctor", "thai_moi_power", "--base-url", address)
        assert states(run(*words, "--json"))["login"] == "ok"
        monkeypatch.setenv("THAI_MOI_POWER_CLIENT_SECRET", "another")
        ran = run(*words)
    assert ran.status == 1 and "do: check THAI_MOI_POWER_CLIENT_ID" in ran.out


def test_a_question_that_is_refused_for_want_of_arguments_is_an_answer(run: Run) -> None:
    with running(takusou_mock.application()) as address:
        ran = run("doctor", "kansai_takusou", "--base-url", address)
    assert ran.status == 0 and "warning  read: the service answers" in ran.out
    assert "do: ask with arguments: gridwright call kansai_takusou" in ran.out


def test_a_page_in_place_of_data_says_where_it_may_come_from(run: Run, kepco: Served) -> None:
    kepco.app.state.mock.faults.add("list_customers", Fault.html())
    ran = run("doctor", "kepco_opm", "--base-url", kepco.address)
    assert ran.status == 1 and "do: open the address in a browser" in ran.out


def test_there_must_be_such_a_system(run: Run) -> None:
    assert run("doctor", "nobody").status == 2
    assert run("doctor").status == 2
