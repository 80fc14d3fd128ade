"""A status of 200 to 299 that a document lists as an error is that error, whatever the body is."""

from io import BytesIO
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE, codes_of, tree_of

from gridwright_runtime.errors import BusyError, RejectedError

BUSY = '  "202": {error: busy, en: the data are being prepared, at: 2}\n'
STATUSES = BASE.replace("operations:\n", f"statuses:\n{BUSY}operations:\n")
REPLY = STATUSES.index("    reply:\n")
FORMS = {
    "json": STATUSES,
    "xml": STATUSES.replace("[json]", "[xml]").replace(
        "      list:", "      root: {element: reply, at: 5}\n      list:"
    ),
    "csv": STATUSES.replace("[json]", "[csv]").replace("element: readings", 'element: "."'),
    "jsonl": STATUSES.replace("[json]", "[jsonl]").replace("element: readings", 'element: "."'),
    "file": STATUSES[:REPLY].replace("[json]", "[file]"),
    "none": STATUSES[:REPLY].replace("formats: [json]", "formats: [none]"),
}
BODIES = {
    "empty": b"",
    "json": b'{"readings": [{"energy": 1}]}',
    "xml": b"<reply><readings><energy>1</energy></readings></reply>",
    "rows": b"energy\n1\n",
    "text": b"come back later",
    "page": b"<html><body>later</body></html>",
}


def answered(package: str, spec: str, status: int, body: bytes) -> Any:
    [client] = load_package(spec.encode(), package, "client")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, content=body))
    more: dict[str, Any] = {"to": BytesIO()} if "[file]" in spec else {}
    with client.Client(transport=transport) as opened:
        return opened.list_readings(meter_number="1", **more)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", BODIES)
def test_a_listed_status_of_success_is_its_error(form: str, body: str) -> None:
    with pytest.raises(BusyError) as caught:
        answered(f"accepted_{form}.demo", FORMS[form], 202, BODIES[body])
    assert caught.value.http_status == 202


def test_a_file_that_is_not_ready_is_written_nowhere() -> None:
    [client] = load_package(FORMS["file"].encode(), "accepted_file.demo", "client")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(202, content=b"not yet"))
    written = BytesIO()
    with client.Client(transport=transport) as opened, pytest.raises(BusyError):
        opened.list_readings(meter_number="1", to=written)
    assert written.getvalue() == b""


def test_an_operation_takes_for_success_what_others_take_for_an_error() -> None:
    own = '    statuses:\n      "202": {error: none, en: accepted, at: 3}\n'
    spec = FORMS["json"] + own
    reply = answered("accepted_own.demo", spec, 202, BODIES["json"])
    assert len(reply.records) == 1


def test_a_status_that_another_one_replaces_as_success_may_be_an_error() -> None:
    own = (
        '    statuses:\n      "201": {error: none, en: made, at: 3}\n'
        '      "200": {error: rejected, en: was there, at: 3}\n'
    )
    with pytest.raises(RejectedError):
        answered("accepted_made.demo", BASE + own, 200, BODIES["json"])


@pytest.mark.parametrize(
    "status", ['"200": {error: busy', '"404": {error: none', '"2xx": {error: none']
)
def test_no_status_makes_every_call_fail_or_a_failure_a_success(status: str) -> None:
    spec = BASE.replace("operations:\n", f"statuses:\n  {status}, en: x, at: 2}}\noperations:\n")
    wanted = [] if "2xx" in status else ["status-contradicts"]
    assert codes_of(tree_of(spec)) == wanted
