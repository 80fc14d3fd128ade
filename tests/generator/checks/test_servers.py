from ..support import base, codes_of, put


def test_one_confirmed_default_is_fine() -> None:
    assert codes_of(base()) == []


def test_no_default_at_all_is_fine() -> None:
    server = {"address": "https://api.example.com", "confirmed": "no", "at": "2"}
    assert codes_of(put(base(), ("servers",), {"production": server})) == []


def test_a_second_default_is_reported() -> None:
    server = {"address": "https://b.example.com", "default": "yes", "at": "2"}
    assert codes_of(put(base(), ("servers", "second"), server)) == ["two-defaults"]


def test_a_doubtful_default_is_reported() -> None:
    tree = put(base(), ("servers", "production", "confirmed"), "no")
    assert codes_of(tree) == ["doubtful-default"]


def test_operations_of_two_hosts_are_reported() -> None:
    tree = put(base(), ("servers", "files"), {"address": "https://files.example.org", "at": "2"})
    other = {**base()["operations"]["list_readings"]}
    other["address"] = {"text": "https://files.example.org/month", "at": "3"}
    assert codes_of(put(tree, ("operations", "list_months"), other)) == ["several-hosts"]
