"""Which records an interface reaches from one of them, and what that costs."""

from dataclasses import dataclass

from gridwright.ir import Interface, ListType, RecordType


@dataclass(frozen=True)
class Below:
    """As much of a field as is looked at."""

    type: object


@dataclass(frozen=True)
class Some:
    """As much of a record, or of an interface, as is looked at."""

    name: str = ""
    fields: tuple[Below, ...] = ()
    records: tuple["Some", ...] = ()
    lookups: int = 0


def levels(count: int) -> Some:
    """Return an interface in which each record holds the next one twice."""
    records = [
        Some(
            f"R{n}",
            (
                Below(RecordType(record=f"R{n + 1}")),
                Below(ListType(item=RecordType(record=f"R{n + 1}"))),
            ),
        )
        for n in range(count)
    ]
    return Some(records=(*records, Some(f"R{count}")))


def test_records_below_each_other_twice_are_found_once_and_soon() -> None:
    interface = levels(500)
    found = Interface.reachable(interface, interface.records[0])  # type: ignore[arg-type]
    assert [record.name for record in found] == [f"R{n}" for n in range(501)]


def test_records_come_in_the_order_in_which_they_are_mentioned() -> None:
    a = Some("A", (Below(RecordType(record="C")), Below(RecordType(record="B"))))
    b = Some("B", (Below(RecordType(record="A")), Below(RecordType(record="D"))))
    c = Some("C", (Below(RecordType(record="D")),))
    interface = Some(records=(b, a, Some("D"), c))
    found = Interface.reachable(interface, a)  # type: ignore[arg-type]
    assert [record.name for record in found] == ["A", "C", "B", "D"]
