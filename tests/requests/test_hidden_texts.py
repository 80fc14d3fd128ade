"""The personal values of a request, as texts may quote them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from msgspec import field

from gridwright_runtime.encodings.write_body import wire_tree
from gridwright_runtime.record import Record
from gridwright_runtime.requests.hidden_texts import hidden_texts
from gridwright_runtime.values.types import Yyyymmdd


class Person(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"name", "born_on", "income", "numbers"})

    name: str | None = field(name="nm", default=None)
    born_on: Yyyymmdd | None = field(name="born", default=None)
    income: Decimal | None = field(name="inc", default=None)
    numbers: list[int] | None = field(name="nums", default=None)
    town: str | None = field(name="town", default=None)
    parent: "Person | None" = field(name="parent", default=None)


class Household(Record, frozen=True, kw_only=True):
    people: list[Person] | None = field(name="people", default=None)
    count: int | None = field(name="count", default=None)


class Open(Record, frozen=True, kw_only=True):
    __open__: ClassVar[bool] = True

    code: str | None = field(name="code", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


class Private(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"household"})

    household: Household | None = field(name="house", default=None)


def found(record: Record) -> list[str]:
    return hidden_texts(type(record), wire_tree(record, "omit"))


def test_personal_values_are_those_on_the_wire() -> None:
    person = Person(
        name="INVENTED",
        born_on=date(1990, 1, 2),
        income=Decimal("1E+4"),
        numbers=[12345, 1],
        town="Osaka",
    )
    assert found(person) == ["INVENTED", "19900102", "10000", "12345"]


def test_personal_values_are_found_within() -> None:
    people = [Person(name="INVENTED 1"), Person(parent=Person(name="INVENTED 2"))]
    assert found(Household(people=people, count=12345)) == ["INVENTED 1", "INVENTED 2"]


def test_what_tells_nobody_apart_is_not_hidden() -> None:
    assert found(Person(name="abc")) == []


def test_all_of_a_personal_record_is_hidden() -> None:
    people = [Person(town="Osaka")]
    assert found(Private(household=Household(people=people, count=12345))) == ["Osaka", "12345"]


def test_all_that_the_document_does_not_name_is_hidden() -> None:
    assert found(Open(code="12345", items={"a": {"b": ["INVENTED", 5, True]}})) == ["INVENTED"]
