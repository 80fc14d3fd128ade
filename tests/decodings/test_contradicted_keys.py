"""Items by key that name themselves otherwise: the key counts, and the reply has a deviation."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.errors import DeviationError

from .test_lists_for_objects import SPEC

OPEN = SPEC.replace(b"    en: a meter\n", b"    en: a meter\n    open: yes\n")
NUMBERS = SPEC.replace(b"meter_number, type: text", b"meter_number, type: integer")


@pytest.fixture(scope="module")
def packages() -> Iterator[dict[str, ModuleType]]:
    found: dict[str, ModuleType] = {}
    for name, spec in (("closed", SPEC), ("open", OPEN), ("numbers", NUMBERS)):
        (found[name],) = load_package(spec, f"{name}_key_apis.keyed", "client")
    yield found


def asked(package: ModuleType, name: str, reply: object, **more: Any) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    with package.Client(transport=transport, **more) as client:
        return getattr(client, name)()


def replies(items: object) -> list[tuple[str, object]]:
    """Return a list at its place, a list at the root, and one within a record."""
    return [
        ("list_meters", {"data": items}),
        ("list_bare", items),
        ("get_site", {"meters": items}),
    ]


@pytest.mark.parametrize("kind", ["closed", "open"])
@pytest.mark.parametrize("at", range(3))
def test_the_key_counts_and_the_item_that_says_another_is_told(
    packages: dict[str, ModuleType], kind: str, at: int
) -> None:
    items = {"m1": {"number": "m2", "town": "A"}, "m3": {"number": " m3", "town": "B"}}
    name, sent = replies(items)[at]
    reply = asked(packages[kind], name, sent)
    records = reply.body.meters if name == "get_site" else reply.records
    assert [(one.meter_number, one.town) for one in records] == [("m1", "A"), ("m3", "B")]
    [told] = reply.deviations
    assert (told.rule, told.wire) == ("contradicted-key", "number")
    assert told.path.endswith("[0].number")
    assert "m2" not in str(told)
    with pytest.raises(DeviationError, match="another one within its item"):
        asked(packages[kind], name, sent, strict=True)


@pytest.mark.parametrize("said", [{}, {"number": None}, {"number": ""}, {"number": "m1"}])
def test_an_item_that_says_nothing_else_is_as_documented(
    packages: dict[str, ModuleType], said: dict[str, object]
) -> None:
    reply = asked(packages["closed"], "list_meters", {"data": {"m1": {"town": "A"} | said}})
    assert reply.records[0].meter_number == "m1"
    assert reply.deviations == ()


@pytest.mark.parametrize(
    ("said", "is_told"), [(7, False), ("7", False), (7.0, False), (8, True), ([7], True)]
)
def test_a_number_is_the_same_however_it_is_written(
    packages: dict[str, ModuleType], said: object, is_told: bool
) -> None:
    items = {"7": {"number": said, "town": "A"}}
    reply = asked(packages["numbers"], "list_meters", {"data": items})
    assert reply.records[0].meter_number == 7
    assert [one.rule for one in reply.deviations] == ["contradicted-key"] * is_told
