import pytest

from ..support import Tree, base, codes_of, put

FULL: dict[str, dict[str, str | list[str]]] = {
    "rate": {"requests": "1", "per": "PT1S"},
    "concurrency": {"at_most": "8"},
    "spacing": {"wait": "PT1S", "after": "reply", "same": "meter_number"},
    "closed_hours": {"weekly": "sunday 01:00-03:00", "zone": "Asia/Tokyo"},
}


def limited(kind: str, **changes: str | list[str] | None) -> Tree:
    limit = {**FULL[kind], "kind": kind, "en": "x", "at": "7", **changes}
    kept = {key: value for key, value in limit.items() if value is not None}
    return put(base(), ("limits", "it"), kept)


def codes(tree: Tree) -> list[str]:
    return codes_of(tree)


@pytest.mark.parametrize("kind", FULL)
def test_a_limit_that_says_all_is_right(kind: str) -> None:
    assert codes(limited(kind)) == []


@pytest.mark.parametrize(
    ("kind", "key"),
    [(kind, key) for kind, keys in FULL.items() for key in keys if key != "zone"],
)
def test_a_limit_without_what_its_kind_needs_is_reported(kind: str, key: str) -> None:
    assert "missing-key" in codes(limited(kind, **{key: None}))


@pytest.mark.parametrize("number", ["0", "-1", "many", "8.5"])
def test_how_many_at_once_is_a_whole_number(number: str) -> None:
    assert codes(limited("concurrency", at_most=number)) == ["not-a-size"]


def test_a_zone_that_nobody_knows_is_reported() -> None:
    assert codes(limited("closed_hours", zone="Asia/Tokio")) == ["unknown-zone"]


@pytest.mark.parametrize("weekly", ["sunday 01:00-01:00", "sunday 01:00-25:00"])
def test_hours_that_no_week_has_are_reported(weekly: str) -> None:
    assert codes(limited("closed_hours", weekly=weekly)) == ["malformed-value"]


@pytest.mark.parametrize(("kind", "key"), [("rate", "per"), ("spacing", "wait")])
def test_a_time_of_nothing_is_reported(kind: str, key: str) -> None:
    assert codes(limited(kind, **{key: "PT0S"})) == ["not-a-step"]


def test_what_is_the_same_must_be_an_argument_of_each_operation() -> None:
    tree = limited("spacing", operations=["list_readings"])
    assert codes(tree) == []
    tree = limited("spacing", operations=["list_readings"], same="meterNo")
    assert codes(tree) == ["unknown-field"]


@pytest.mark.parametrize("same", ["meter_number", ["meter_number"], "*", ["*"]])
@pytest.mark.parametrize("kind", ["rate", "spacing"])
def test_arguments_may_say_what_is_the_same(kind: str, same: str | list[str]) -> None:
    assert codes(limited(kind, same=same)) == []


def test_a_rate_of_all_operations_goes_by_arguments_that_each_of_them_has() -> None:
    assert codes(limited("rate", same=["meter_number", "month"])) == ["unknown-field"]


def test_a_name_beside_every_argument_is_reported() -> None:
    assert codes(limited("rate", same=["meter_number", "*"])) == ["unknown-word"]


@pytest.mark.parametrize("kind", ["concurrency", "closed_hours"])
def test_a_limit_that_goes_by_no_values_has_no_use_for_arguments(kind: str) -> None:
    assert codes(limited(kind, same="meter_number")) == ["misplaced-key"]


def test_a_penalty_is_begun_by_a_refusal_that_says_so() -> None:
    tree = limited("rate", penalty="PT10M")
    assert codes(tree) == ["penalty-not-told"]
    told = {"429": {"error": "limit", "breaks": "it", "en": "too many", "at": "8"}}
    assert codes(put(tree, ("statuses",), told)) == []


def test_a_penalty_of_nothing_is_reported() -> None:
    assert "not-a-step" in codes(limited("rate", penalty="PT0S"))


def test_a_penalty_at_a_limit_that_is_no_rate_is_reported() -> None:
    assert codes(limited("spacing", penalty="PT10M")) == ["misplaced-key"]


def reaching(**changes: str) -> Tree:
    limit = {"kind": "history", "from": "day", "at_most": "P24M", "operations": ["list_readings"]}
    day = {"name": "day", "type": "date", "format": "yyyymmdd", "required": "O", "at": "4"}
    tree = put(base(), ("operations", "list_readings", "request", "day"), day)
    return put(tree, ("limits", "it"), {**limit, "en": "x", "at": "7", **changes})


def test_how_far_back_a_call_may_ask_goes_by_a_date() -> None:
    assert codes(reaching()) == []
    assert codes(reaching(**{"from": "meterNo"})) == ["wrong-field"]
    assert codes(reaching(**{"from": "since"})) == ["unknown-field"]


def test_how_far_back_a_call_may_ask_is_a_length_by_a_known_clock() -> None:
    assert codes(reaching(at_most="years")) == ["malformed-value"]
    assert codes(reaching(zone="Asia/Tokio")) == ["unknown-zone"]
