"""A field of a header that need not be there is missed by nobody; every other is."""

from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE


def spec_of(place: str) -> bytes:
    envelope = (
        "envelopes:\n  verdict:\n    header:\n"
        f'      element: "{place}"\n      at: 7\n      fields:\n'
        "        success: {name: is_success, type: text, at: 7}\n"
        "        number: {name: number, type: text, at: 7}\n"
        "        errors: {name: error_text, type: text, presence: optional, at: 7}\n"
        '    success: {success: ["yes"]}\n    message: errors\n    at: 7\n'
    )
    spec = BASE.replace("servers:\n", f"{envelope}servers:\n")
    return spec.replace("    reply:\n", "    envelope: verdict\n    reply:\n").encode()


@pytest.mark.parametrize("place", [".", "head"])
def test_a_header_may_lack_what_is_optional_and_nothing_else(place: str) -> None:
    package = f"lacking_{'root' if place == '.' else place}.demo"
    [client] = load_package(spec_of(place), package, "client")

    def deviations(header: dict[str, str]) -> list[tuple[str, str]]:
        body: dict[str, Any] = {"readings": [{"energy": 1}]}
        body |= header if place == "." else {place: header}
        transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=body))
        with client.Client(transport=transport) as opened:
            found = opened.list_readings(meter_number="1").deviations
        return [(one.path.rpartition(".")[2], one.rule) for one in found]

    assert deviations({"success": "yes", "number": "1"}) == []
    assert deviations({"success": "yes", "number": "1", "errors": "none"}) == []
    assert deviations({"success": "yes"}) == [("number", "missing-field")]
