"""Invented replies to a search for index records, in JSON and in XML."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

__all__ = ["INSTANTS", "NUMBERS", "Index", "index", "indexes", "json_body", "xml_body"]

Index: TypeAlias = Mapping[str, str | int | Decimal]
"""One record by wire name; what is missing is left out."""

INSTANTS = ("editingDate", "firstMeasureDate", "lastMeasureDate", "period", "recordDate")
NUMBERS = ("factor", *(f"{end}T{rate}" for end in ("first", "last") for rate in (1, 2, 3)))

# The order of the document's examples.
_ORDER = (
    *("indexId", "period", "meteringPointId", "meterBrand", "meterSerialNumber", "meterType"),
    *("powerType", "factor", "firstMeasureDate", "firstMeasureType", "firstLoadType"),
    *("firstT1", "firstT2", "firstT3", "lastMeasureDate", "lastMeasureType", "lastLoadType"),
    *("lastT1", "lastT2", "lastT3", "description", "status", "transformerLoss", "lineLoss"),
    *("digitCount", "recordDate", "editingDate", "measuringOrgId"),
)
_VERDICT = {"resultCode": "0", "resultDescription": "OK", "resultType": "SUCCESS"}


def indexes(count: int, first: int = 1) -> list[Index]:
    """Return so many records, the first of which has this id."""
    return [index(number) for number in range(first, first + count)]


def index(number: int) -> Index:
    """Return the record with this id: always the same, and unlike its neighbours.

    As in real life, readings of a day share its date, and no two records are saved at one time.
    """
    mixed = number * 2_654_435_761 % 4_294_967_296
    month, day = number // 500 % 12 + 1, mixed % 28 + 1
    saved = (
        f"T{mixed % 24:02}:{mixed // 24 % 60:02}:{number % 60:02}.{mixed // 1440 % 1000:03}+0300"
    )
    record: dict[str, str | int | Decimal] = {
        "digitCount": 8,
        "editingDate": f"2024-{month:02}-{day:02}{saved}",
        "factor": Decimal(mixed % 400 + 1).scaleb(-1),
        "firstLoadType": "AUTOMATED",
        "firstMeasureDate": f"2024-{month:02}-01T00:00:00.000+0300",
        "firstMeasureType": "PERIODIC",
    }
    for place, wire in enumerate(NUMBERS[1:4]):
        record[wire] = Decimal((mixed >> place) * 7 % 10_000_000_000).scaleb(-3)
    record |= {
        "indexId": number,
        "lastLoadType": "AUTOMATED",
        "lastMeasureDate": f"2024-{month:02}-{day:02}T00:00:00.000+0300",
        "lastMeasureType": "PERIODIC",
    }
    for place, wire in enumerate(NUMBERS[4:]):
        record[wire] = Decimal((mixed >> place) * 11 % 10_000_000_000).scaleb(-3)
    record |= {
        "lineLoss": number % 2,
        "measuringOrgId": 1000 + number % 21,
        "meterBrand": "MOCK-A",
        "meterSerialNumber": f"INVENTED{number}",
        "meterType": "ELECTRONIC",
        "meteringPointId": 40_000_000 + number,
        "period": f"2024-{month:02}-01T00:00:00.000+0300",
        "powerType": "ACTIVE",
        "recordDate": f"2024-{month:02}-{mixed % 27 + 1:02}{saved}",
        "status": "ACTIVE",
        "transformerLoss": mixed % 2,
    }
    if number % 4 == 0:
        record["description"] = "okunan endeks, sayaç değişimi sonrası"
    return {wire: record[wire] for wire in _ORDER if wire in record}


def json_body(records: Sequence[Index], total: int | None = None) -> bytes:
    """Write a reply as JSON, numbers as JSON has them."""
    items = ",".join(
        "{" + ",".join(f'"{wire}":{_json(value)}' for wire, value in record.items()) + "}"
        for record in records
    )
    rows = ",".join(f'"{wire}":{value}' for wire, value in _rows(records, total).items())
    verdict = ",".join(f'"{wire}":"{value}"' for wire, value in _VERDICT.items())
    body = f'{{"queryInformation":{{{rows}}},"indexes":[{items}]}}'
    return f'{{{verdict},"body":{body}}}'.encode()


def xml_body(records: Sequence[Index], total: int | None = None) -> bytes:
    """Write a reply as XML."""
    items = "".join(f"<indexes>{_elements(record)}</indexes>" for record in records)
    rows = f"<queryInformation>{_elements(_rows(records, total))}</queryInformation>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<indexMeteringSearchResponse>'
        f"{_elements(_VERDICT)}<body>{rows}{items}</body></indexMeteringSearchResponse>"
    ).encode()


def _rows(records: Sequence[Index], total: int | None) -> dict[str, int]:
    """Return the rows that a reply says it has: records are numbered by their ids."""
    ids = [int(record["indexId"]) for record in records] or [1, 0]
    return {"begin": ids[0], "count": ids[-1] if total is None else total, "end": ids[-1]}


def _json(value: str | int | Decimal) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _elements(values: Mapping[str, str | int | Decimal]) -> str:
    return "".join(f"<{wire}>{value}</{wire}>" for wire, value in values.items())
