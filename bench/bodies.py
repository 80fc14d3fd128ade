"""Invented replies of the operation that the bench reads: one day of many customers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import TypeAlias

from gridwright_runtime.labels import day_labels

__all__ = ["ENERGY", "REGISTERS", "TEXTS", "Day", "days", "days_as_sent", "json_body", "xml_body"]

Day: TypeAlias = Mapping[str, str | Decimal]
"""One record by wire name; an empty text is a missing value (F4)."""

TEXTS = ("custNo", "meterNo", "mr_ymd", "multi_meter_yn")
ENERGY = tuple(f"pwr_qty{label}" for label in day_labels("0015", "2400", step_minutes=15))
REGISTERS = tuple(f"vld_pwr{label}" for label in day_labels("0100", "2400", step_minutes=60))


def days(customers: int) -> list[Day]:
    """Return a day of so many customers as documented: 96 numbers each, none missing."""
    random = Random(20241001)
    return [_texts(number) | _numbers(random) for number in range(customers)]


def days_as_sent(customers: int) -> list[Day]:
    """Return a day as captured replies look: a gap here and there, and registers that are empty."""
    random = Random(20241001)
    found: list[Day] = []
    for number in range(customers):
        energy: dict[str, str | Decimal] = {**_numbers(random)}
        for gap in random.sample(ENERGY, 3):
            energy[gap] = ""
        found.append(_texts(number) | energy | dict.fromkeys(REGISTERS, ""))
    return found


def json_body(records: Sequence[Day]) -> bytes:
    """Write a reply as JSON: numbers bare, missing values as empty texts."""
    items = ",".join(
        "{" + ",".join(f'"{wire}":{_json(value)}' for wire, value in record.items()) + "}"
        for record in records
    )
    return f'{{"dayLpDataInfoList":[{items}]}}'.encode()


def xml_body(records: Sequence[Day]) -> bytes:
    """Write a reply as XML, with the header of a success."""
    items = "".join(
        f"<dayLpDataInfo>{''.join(_element(*item) for item in record.items())}</dayLpDataInfo>"
        for record in records
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<PwrQtyDayListResponse>'
        "<cmmMsgHeader><errMsg/><responseTime>20241002:120000000</responseTime>"
        "<returnCode>00</returnCode><successYn>Y</successYn></cmmMsgHeader>"
        f"<dayLpDataInfoList>{items}</dayLpDataInfoList></PwrQtyDayListResponse>"
    ).encode()


def _texts(number: int) -> dict[str, str | Decimal]:
    values = (f"{100_000_000 + number:010}", f"{99_000_000_000 + number}", "20241001", "N")
    return dict(zip(TEXTS, values, strict=True))


def _numbers(random: Random) -> dict[str, str | Decimal]:
    # Four decimals at most, trailing zeros lost (F5).
    return {wire: Decimal(random.randrange(2_000_000)).scaleb(-4).normalize() for wire in ENERGY}


def _json(value: str | Decimal) -> str:
    return f'"{value}"' if isinstance(value, str) else format(value, "f")


def _element(wire: str, value: str | Decimal) -> str:
    text = value if isinstance(value, str) else format(value, "f")
    return f"<{wire}>{text}</{wire}>" if text else f"<{wire}/>"
