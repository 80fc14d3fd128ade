"""What real services reply, and what a caller gets: interfaces that nobody here chose.

``replies.json`` holds replies as services send them, with invented values, each with what must
come of it. The specs stand in ``examples/specs``, with their documents beside them.

One word of the cases is not looked at: ``nothing_leaves_for_s`` says for how long a service shuts
out who broke a limit, which the language has no word for yet.
"""

import base64
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

from gridwright.pipeline import generate
from gridwright_runtime import errors
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.retry import RetryPolicy

SPECS = Path(__file__).parents[2] / "examples" / "specs"
CASES: Mapping[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "replies.json").read_text("utf-8")
)
PACKAGE = "apis_of_others"
NOW = datetime(2026, 9, 14, 3, 0, tzinfo=UTC)
UNTIL_MIDNIGHT = timedelta(hours=12)
"""In Korea, from `NOW` on."""
DAY = date(2026, 9, 14)
AREA = "10YCZ-CEPS-----N"
SPAN = {"start": datetime(2024, 1, 1, tzinfo=UTC), "end": datetime(2024, 1, 2, tzinfo=UTC)}
CALLS: Mapping[tuple[str, str], tuple[str, str, Mapping[str, Any]]] = {
    ("entsoe", "load"): ("entsoe_tp", "list_load", {"area": AREA, **SPAN}),
    ("entsoe", "outages"): ("entsoe_tp", "list_outages", {"area": AREA, **SPAN}),
    ("kpx", "prices"): ("kpx_open_data", "list_prices", {"date": DAY}),
    ("kepco_bigdata", "house_average"): (
        "kepco_bigdata",
        "list_household_averages",
        {"year": 2025, "month": "07", "province_code": "11"},
    ),
}
"""By group and operation of a case: the system, its method, and what it is called with."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, ModuleType]]:
    """Generate the systems, and import them."""
    folder = tmp_path_factory.mktemp("real")
    found: dict[str, ModuleType] = {}
    for system in sorted({system for system, _, _ in CALLS.values()}):
        result = generate(SPECS, system, (), PACKAGE)
        assert not result.problems, "\n".join(map(str, result.problems))
        for artifact in result.artifacts:
            path = folder / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(artifact.text, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        for system, _, _ in CALLS.values():
            found[system] = importlib.import_module(f"{PACKAGE}.{system}")
        yield found
    finally:
        sys.path.remove(str(folder))


class Service(httpx2.BaseTransport):
    """Replies as the case says, and counts what arrives."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.case = case
        self.sent = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent += 1
        case = self.case
        packed = case.get("body_base64")
        body = base64.b64decode(packed) if packed else case["body"].encode()
        return httpx2.Response(
            case["status"], headers={"Content-Type": case["content_type"]}, content=body
        )


class Caller:
    """A client of one system, to which the service replies as a case says."""

    def __init__(self, package: ModuleType, case: Mapping[str, Any], clock: ManualClock) -> None:
        self.service = Service(case)
        credential = package.operations.SYSTEM.credentials[0].name
        self.client = package.Client(
            **{credential: "invented"},
            **({"limit_store": MemoryLimitStore()} if package.operations.SYSTEM.limits else {}),
            transport=self.service,
            clock=clock,
            retry=RetryPolicy(attempts=1),
        )

    def call(self, method: str, arguments: Mapping[str, Any], format: str | None) -> Any:
        more = {"format": format} if format else {}
        return getattr(self.client, method)(**arguments, **more)


def found_of(reply: Any, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reply brings, in the words of the cases."""
    records = reply.records
    found: dict[str, Any] = {
        "records": len(records),
        "series": len(records),
        "documents": len(records),
        "deviations": len(reply.deviations),
    }
    if "beside" in expected:
        names = {"totalCount": "total_count", "numOfRows": "rows_per_page", "pageNo": "page_number"}
        found["beside"] = {wire: getattr(reply.beside, names[wire]) for wire in expected["beside"]}
    if "first" in expected:
        wires = {
            field.encode_name: getattr(records[0], field.name) for field in _fields_of(records[0])
        }
        found["first"] = {wire: _text(wires[wire]) for wire in expected["first"]}
    if "interval_of_first" in expected:
        reading = records[0].reading()
        found["interval_of_first"] = [
            _minute(reading.interval_start), _minute(reading.interval_end),
        ]  # fmt: skip
    readings = [
        reading
        for record in records
        if hasattr(record, "readings")
        for reading in record.readings()
    ]
    if "readings" in expected:
        found["readings"] = [
            [_minute(r.interval_start).replace("+00:00", "Z"), _text(r.load_mw)] for r in readings
        ]
        found["step"] = "PT60M" if {r.elapsed.total_seconds() for r in readings} == {3600} else ""
    if "values" in expected:
        found["values"] = [_text(reading.load_mw) for reading in readings]
    if "available_mw" in expected:
        series = [one for record in records for one in record.series]
        found["nominal_mw"] = [_text(one.nominal_power.power_mw) for one in series]
        found["available_mw"] = [
            _text(point.available_mw)
            for one in series
            for period in one.available_periods
            for point in period.points
        ]
    return found


def _fields_of(record: Any) -> Any:
    from msgspec.structs import fields

    return fields(record)


def _text(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


ALL = [(group, case) for group, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(
    ("group", "case"), ALL, ids=[f"{group}-{case['case']}" for group, case in ALL]
)
def test_a_real_reply_comes_out_as_it_should(
    group: str, case: Mapping[str, Any], packages: Mapping[str, ModuleType]
) -> None:
    system, method, arguments = CALLS[group, case["operation"]]
    clock = ManualClock(NOW)
    caller = Caller(packages[system], case, clock)
    expected: Mapping[str, Any] = case["expect"]
    if "error" not in expected:
        reply = caller.call(method, arguments, case.get("format"))
        found = found_of(reply, expected)
        assert {key: found[key] for key in expected if key != "equal_to"} == {
            key: value for key, value in expected.items() if key != "equal_to"
        }
        if "equal_to" in expected:
            (other,) = [one for one in CASES[group] if one["case"] == expected["equal_to"]]
            same = Caller(packages[system], other, clock).call(
                method, arguments, other.get("format")
            )
            assert reply.records == same.records
        return
    with pytest.raises(getattr(errors, expected["error"])) as caught:
        caller.call(method, arguments, case.get("format"))
    error = caught.value
    assert type(error).__name__ == expected["error"]
    if "code" in expected:
        assert error.code == expected["code"]
    if "text" in expected:
        assert error.text == expected["text"]
    if "text_contains" in expected:
        assert expected["text_contains"] in (error.text or "")
    assert caller.service.sent == expected.get("sent", 1)
    if "nothing_leaves_before" in expected:
        clock.advance(UNTIL_MIDNIGHT.total_seconds() - 61)
        with pytest.raises(errors.LimitError) as refused:
            caller.call(method, arguments, case.get("format"))
        assert not refused.value.sent
        assert caller.service.sent == 1
        clock.advance(62)
        with pytest.raises(errors.LimitError) as again:
            caller.call(method, arguments, case.get("format"))
        assert again.value.sent


def test_forecasts_beside_a_price_are_readings_of_the_same_hour(
    packages: Mapping[str, ModuleType],
) -> None:
    (case,) = [one for one in CASES["kpx"] if one["case"] == "json two items"]
    caller = Caller(packages["kpx_open_data"], case, ManualClock(NOW))
    first = caller.call("list_prices", {"date": DAY}, "json").records[0]
    found = {
        "price": first.reading(),
        "system": first.system_demand_mw_reading(),
        "mainland": first.mainland_demand_mw_reading(),
        "jeju": first.jeju_demand_mw_reading(),
    }
    values = {
        "price": first.reading().price_krw_per_kwh,
        "system": found["system"].system_demand_mw,
        "mainland": found["mainland"].mainland_demand_mw,
        "jeju": found["jeju"].jeju_demand_mw,
    }
    assert {name: str(value) for name, value in values.items()} == {
        "price": "98.64",
        "system": "51829.0",
        "mainland": "51180.0",
        "jeju": "649.0",
    }
    assert [one.unit for one in found.values()] == ["KRW/kWh", "MW", "MW", "MW"]
    intervals = {(_minute(one.interval_start), _minute(one.interval_end)) for one in found.values()}
    assert intervals == {("2026-09-14T00:00+09:00", "2026-09-14T01:00+09:00")}
