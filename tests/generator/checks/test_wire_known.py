from ..support import codes_of, with_parameter, with_reply_field


def test_a_field_without_a_wire_name_is_reported_in_replies_and_requests() -> None:
    assert codes_of(with_reply_field("요금", wire="undocumented")) == ["not-generated"]
    assert codes_of(with_parameter("요금", wire="undocumented")) == ["not-generated"]


def test_a_wire_name_in_another_script_is_a_wire_name() -> None:
    assert codes_of(with_reply_field("요금")) == []
