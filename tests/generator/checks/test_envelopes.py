"""What is sent and got has the fields into which its envelope puts something."""

import pytest

from ..support import codes_with

SAVE = ("operations", "save_readings")
ENVELOPE = ("envelopes", "result")


def test_the_arguments_are_a_record_of_the_body() -> None:
    assert codes_with((*SAVE, "body", "arguments"), "header") == ["wrong-field"]


@pytest.mark.parametrize(
    ("wire", "code"), [("bodi", "unknown-field"), ("resultCode", "wrong-field")]
)
def test_the_payload_is_a_record_of_every_reply(wire: str, code: str) -> None:
    assert code in codes_with((*ENVELOPE, "payload", "element"), wire)


@pytest.mark.parametrize(("key", "value"), [("field", "body"), ("key", "name"), ("value", "key2")])
def test_the_pairs_are_a_list_of_records_in_every_body(key: str, value: str) -> None:
    assert codes_with((*ENVELOPE, "pairs", key), value) == ["unknown-field"]


def test_the_identity_is_one_of_the_pairs() -> None:
    assert codes_with((*ENVELOPE, "identity"), "requestId") == ["unknown-field"]
