"""A mock refuses by the status that the document has for what is wrong, not by another case."""

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE

from gridwright_runtime.errors import AuthenticationError
from gridwright_runtime.mock.transport import MockTransport

SPEC = BASE.replace(
    "servers:\n",
    """\
credentials:
  api_key: {at: 1, en: key, secret: yes, environment: MINI_KEY}
auth:
  present:
    Authorization: {at: 1, in: header, basic: {user: credential.api_key, password: ""}}
statuses:
  "403": {at: 1, error: authentication, en: the key is wrong}
envelopes:
  drf:
    at: 1
    header:
      element: "."
      presence: optional
      at: 1
      fields: {detail: {at: 1, name: detail, type: text}}
    message: detail
    cases:
      - {at: 1, status: ["404"], contains: {detail: page}, error: rejected, en: no page}
      - {at: 1, status: ["404"], error: no_data, en: nothing}
      - {at: 1, status: ["400"], error: rejected, en: an argument is wrong}
servers:
""",
).replace("    reply:\n", "    envelope: drf\n    reply:\n")


@pytest.mark.parametrize(
    ("key", "meter", "status"), [("wrong", "1", 403), ("", "1", 403), ("right", "12345678901", 400)]
)
def test_a_refusal_has_the_status_of_its_meaning(key: str, meter: str, status: int) -> None:
    [mock] = load_package(SPEC.encode(), "refusing.demo", "mock")
    application = mock.application(api_key="right")
    with httpx2.Client(transport=MockTransport(application)) as http:
        auth = httpx2.BasicAuth(key, "") if key else None
        address = f"https://api.example.com/readings?meterNo={meter}"
        assert http.get(address, auth=auth).status_code == status


def test_a_client_with_a_wrong_key_learns_that() -> None:
    client, mock = load_package(SPEC.encode(), "refusing_key.demo", "client", "mock")
    application = mock.application(api_key="right")
    transport = MockTransport(application)
    with (
        client.Client(api_key="wrong", transport=transport) as opened,
        pytest.raises(AuthenticationError),
    ):
        opened.list_readings(meter_number="1")
