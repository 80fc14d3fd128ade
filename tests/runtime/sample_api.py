"""A hand-written stand-in for a generated package, of an invented system.

A generated package has the same content in modules of their own: models, series, codes,
validators, operations, client.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import httpx2
from msgspec import field

from gridwright_runtime.clock import Clock
from gridwright_runtime.driver import BaseAsyncClient, BaseClient, Format
from gridwright_runtime.errors import (
    AuthenticationError,
    LimitError,
    NoDataError,
    NotSubscribedError,
)
from gridwright_runtime.labels import day_labels
from gridwright_runtime.look import Look
from gridwright_runtime.operation import (
    ConsentRule,
    Credential,
    Envelope,
    ErrorRule,
    FormatChoice,
    ListReply,
    Operation,
    Parameter,
)
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.reply import Reply
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.series import (
    RegisterSeries,
    Series,
    interval_readings,
    register_readings,
)
from gridwright_runtime.values import (
    DayOfMonth,
    Yyyymm,
    Yyyymmdd,
    encode_date,
    encode_datetime,
    encode_decimal,
    encode_month,
    encode_text,
)

DOCUMENT = "sample.txt"


# codes.py

YES_NO = ("Y", "N")
METER_KINDS = {"11": "고압기계식", "34": "저압전자식", "99": "기타"}


# series.py


class EnergyKwhReading(NamedTuple):
    """Energy of one quarter of an hour."""

    interval_start: datetime
    """Aware, inclusive."""
    interval_end: datetime
    """Aware, exclusive."""
    energy_kwh: Decimal | None
    """Energy in kWh; None where the provider sent none."""


class CumulativeKwhReading(NamedTuple):
    """What the register showed."""

    read_at: datetime
    """Aware."""
    cumulative_kwh: Decimal | None


ENERGY_KWH = Series(
    reading=EnergyKwhReading,
    fields=(
        "energy_kwh_0015",
        "energy_kwh_0030",
        "energy_kwh_0045",
        "energy_kwh_0100",
        "energy_kwh_0115",
        "energy_kwh_0130",
        "energy_kwh_0145",
        "energy_kwh_0200",
        "energy_kwh_0215",
        "energy_kwh_0230",
        "energy_kwh_0245",
        "energy_kwh_0300",
        "energy_kwh_0315",
        "energy_kwh_0330",
        "energy_kwh_0345",
        "energy_kwh_0400",
        "energy_kwh_0415",
        "energy_kwh_0430",
        "energy_kwh_0445",
        "energy_kwh_0500",
        "energy_kwh_0515",
        "energy_kwh_0530",
        "energy_kwh_0545",
        "energy_kwh_0600",
        "energy_kwh_0615",
        "energy_kwh_0630",
        "energy_kwh_0645",
        "energy_kwh_0700",
        "energy_kwh_0715",
        "energy_kwh_0730",
        "energy_kwh_0745",
        "energy_kwh_0800",
        "energy_kwh_0815",
        "energy_kwh_0830",
        "energy_kwh_0845",
        "energy_kwh_0900",
        "energy_kwh_0915",
        "energy_kwh_0930",
        "energy_kwh_0945",
        "energy_kwh_1000",
        "energy_kwh_1015",
        "energy_kwh_1030",
        "energy_kwh_1045",
        "energy_kwh_1100",
        "energy_kwh_1115",
        "energy_kwh_1130",
        "energy_kwh_1145",
        "energy_kwh_1200",
        "energy_kwh_1215",
        "energy_kwh_1230",
        "energy_kwh_1245",
        "energy_kwh_1300",
        "energy_kwh_1315",
        "energy_kwh_1330",
        "energy_kwh_1345",
        "energy_kwh_1400",
        "energy_kwh_1415",
        "energy_kwh_1430",
        "energy_kwh_1445",
        "energy_kwh_1500",
        "energy_kwh_1515",
        "energy_kwh_1530",
        "energy_kwh_1545",
        "energy_kwh_1600",
        "energy_kwh_1615",
        "energy_kwh_1630",
        "energy_kwh_1645",
        "energy_kwh_1700",
        "energy_kwh_1715",
        "energy_kwh_1730",
        "energy_kwh_1745",
        "energy_kwh_1800",
        "energy_kwh_1815",
        "energy_kwh_1830",
        "energy_kwh_1845",
        "energy_kwh_1900",
        "energy_kwh_1915",
        "energy_kwh_1930",
        "energy_kwh_1945",
        "energy_kwh_2000",
        "energy_kwh_2015",
        "energy_kwh_2030",
        "energy_kwh_2045",
        "energy_kwh_2100",
        "energy_kwh_2115",
        "energy_kwh_2130",
        "energy_kwh_2145",
        "energy_kwh_2200",
        "energy_kwh_2215",
        "energy_kwh_2230",
        "energy_kwh_2245",
        "energy_kwh_2300",
        "energy_kwh_2315",
        "energy_kwh_2330",
        "energy_kwh_2345",
        "energy_kwh_2400",
    ),
    minutes=tuple(range(15, 1441, 15)),
    step=timedelta(minutes=15),
    marks="end",
    day="reading_date",
    zone="Asia/Seoul",
)
CUMULATIVE_KWH = RegisterSeries(
    reading=CumulativeKwhReading,
    fields=(
        "cumulative_kwh_0100",
        "cumulative_kwh_0200",
        "cumulative_kwh_0300",
        "cumulative_kwh_0400",
        "cumulative_kwh_0500",
        "cumulative_kwh_0600",
        "cumulative_kwh_0700",
        "cumulative_kwh_0800",
        "cumulative_kwh_0900",
        "cumulative_kwh_1000",
        "cumulative_kwh_1100",
        "cumulative_kwh_1200",
        "cumulative_kwh_1300",
        "cumulative_kwh_1400",
        "cumulative_kwh_1500",
        "cumulative_kwh_1600",
        "cumulative_kwh_1700",
        "cumulative_kwh_1800",
        "cumulative_kwh_1900",
        "cumulative_kwh_2000",
        "cumulative_kwh_2100",
        "cumulative_kwh_2200",
        "cumulative_kwh_2300",
        "cumulative_kwh_2400",
    ),
    minutes=tuple(range(60, 1441, 60)),
    day="reading_date",
    zone="Asia/Seoul",
)


# models.py


class DayProfile(Record, frozen=True, kw_only=True):
    """One day of 15-minute energy readings of one meter."""

    customer_number: str | None = field(name="custNo")
    """Customer number (고객번호), at most 10 characters. Wire: ``custNo``."""
    meter_number: str | None = field(name="meterNo")
    reading_date: Yyyymmdd | None = field(name="mr_ymd")
    is_multi_meter: str | None = field(name="multi_yn")
    household_count: int | None = field(name="hshcnt")
    energy_kwh_0015: Decimal | None = field(name="pwr_qty0015")
    energy_kwh_0030: Decimal | None = field(name="pwr_qty0030")
    energy_kwh_0045: Decimal | None = field(name="pwr_qty0045")
    energy_kwh_0100: Decimal | None = field(name="pwr_qty0100")
    energy_kwh_0115: Decimal | None = field(name="pwr_qty0115")
    energy_kwh_0130: Decimal | None = field(name="pwr_qty0130")
    energy_kwh_0145: Decimal | None = field(name="pwr_qty0145")
    energy_kwh_0200: Decimal | None = field(name="pwr_qty0200")
    energy_kwh_0215: Decimal | None = field(name="pwr_qty0215")
    energy_kwh_0230: Decimal | None = field(name="pwr_qty0230")
    energy_kwh_0245: Decimal | None = field(name="pwr_qty0245")
    energy_kwh_0300: Decimal | None = field(name="pwr_qty0300")
    energy_kwh_0315: Decimal | None = field(name="pwr_qty0315")
    energy_kwh_0330: Decimal | None = field(name="pwr_qty0330")
    energy_kwh_0345: Decimal | None = field(name="pwr_qty0345")
    energy_kwh_0400: Decimal | None = field(name="pwr_qty0400")
    energy_kwh_0415: Decimal | None = field(name="pwr_qty0415")
    energy_kwh_0430: Decimal | None = field(name="pwr_qty0430")
    energy_kwh_0445: Decimal | None = field(name="pwr_qty0445")
    energy_kwh_0500: Decimal | None = field(name="pwr_qty0500")
    energy_kwh_0515: Decimal | None = field(name="pwr_qty0515")
    energy_kwh_0530: Decimal | None = field(name="pwr_qty0530")
    energy_kwh_0545: Decimal | None = field(name="pwr_qty0545")
    energy_kwh_0600: Decimal | None = field(name="pwr_qty0600")
    energy_kwh_0615: Decimal | None = field(name="pwr_qty0615")
    energy_kwh_0630: Decimal | None = field(name="pwr_qty0630")
    energy_kwh_0645: Decimal | None = field(name="pwr_qty0645")
    energy_kwh_0700: Decimal | None = field(name="pwr_qty0700")
    energy_kwh_0715: Decimal | None = field(name="pwr_qty0715")
    energy_kwh_0730: Decimal | None = field(name="pwr_qty0730")
    energy_kwh_0745: Decimal | None = field(name="pwr_qty0745")
    energy_kwh_0800: Decimal | None = field(name="pwr_qty0800")
    energy_kwh_0815: Decimal | None = field(name="pwr_qty0815")
    energy_kwh_0830: Decimal | None = field(name="pwr_qty0830")
    energy_kwh_0845: Decimal | None = field(name="pwr_qty0845")
    energy_kwh_0900: Decimal | None = field(name="pwr_qty0900")
    energy_kwh_0915: Decimal | None = field(name="pwr_qty0915")
    energy_kwh_0930: Decimal | None = field(name="pwr_qty0930")
    energy_kwh_0945: Decimal | None = field(name="pwr_qty0945")
    energy_kwh_1000: Decimal | None = field(name="pwr_qty1000")
    energy_kwh_1015: Decimal | None = field(name="pwr_qty1015")
    energy_kwh_1030: Decimal | None = field(name="pwr_qty1030")
    energy_kwh_1045: Decimal | None = field(name="pwr_qty1045")
    energy_kwh_1100: Decimal | None = field(name="pwr_qty1100")
    energy_kwh_1115: Decimal | None = field(name="pwr_qty1115")
    energy_kwh_1130: Decimal | None = field(name="pwr_qty1130")
    energy_kwh_1145: Decimal | None = field(name="pwr_qty1145")
    energy_kwh_1200: Decimal | None = field(name="pwr_qty1200")
    energy_kwh_1215: Decimal | None = field(name="pwr_qty1215")
    energy_kwh_1230: Decimal | None = field(name="pwr_qty1230")
    energy_kwh_1245: Decimal | None = field(name="pwr_qty1245")
    energy_kwh_1300: Decimal | None = field(name="pwr_qty1300")
    energy_kwh_1315: Decimal | None = field(name="pwr_qty1315")
    energy_kwh_1330: Decimal | None = field(name="pwr_qty1330")
    energy_kwh_1345: Decimal | None = field(name="pwr_qty1345")
    energy_kwh_1400: Decimal | None = field(name="pwr_qty1400")
    energy_kwh_1415: Decimal | None = field(name="pwr_qty1415")
    energy_kwh_1430: Decimal | None = field(name="pwr_qty1430")
    energy_kwh_1445: Decimal | None = field(name="pwr_qty1445")
    energy_kwh_1500: Decimal | None = field(name="pwr_qty1500")
    energy_kwh_1515: Decimal | None = field(name="pwr_qty1515")
    energy_kwh_1530: Decimal | None = field(name="pwr_qty1530")
    energy_kwh_1545: Decimal | None = field(name="pwr_qty1545")
    energy_kwh_1600: Decimal | None = field(name="pwr_qty1600")
    energy_kwh_1615: Decimal | None = field(name="pwr_qty1615")
    energy_kwh_1630: Decimal | None = field(name="pwr_qty1630")
    energy_kwh_1645: Decimal | None = field(name="pwr_qty1645")
    energy_kwh_1700: Decimal | None = field(name="pwr_qty1700")
    energy_kwh_1715: Decimal | None = field(name="pwr_qty1715")
    energy_kwh_1730: Decimal | None = field(name="pwr_qty1730")
    energy_kwh_1745: Decimal | None = field(name="pwr_qty1745")
    energy_kwh_1800: Decimal | None = field(name="pwr_qty1800")
    energy_kwh_1815: Decimal | None = field(name="pwr_qty1815")
    energy_kwh_1830: Decimal | None = field(name="pwr_qty1830")
    energy_kwh_1845: Decimal | None = field(name="pwr_qty1845")
    energy_kwh_1900: Decimal | None = field(name="pwr_qty1900")
    energy_kwh_1915: Decimal | None = field(name="pwr_qty1915")
    energy_kwh_1930: Decimal | None = field(name="pwr_qty1930")
    energy_kwh_1945: Decimal | None = field(name="pwr_qty1945")
    energy_kwh_2000: Decimal | None = field(name="pwr_qty2000")
    energy_kwh_2015: Decimal | None = field(name="pwr_qty2015")
    energy_kwh_2030: Decimal | None = field(name="pwr_qty2030")
    energy_kwh_2045: Decimal | None = field(name="pwr_qty2045")
    energy_kwh_2100: Decimal | None = field(name="pwr_qty2100")
    energy_kwh_2115: Decimal | None = field(name="pwr_qty2115")
    energy_kwh_2130: Decimal | None = field(name="pwr_qty2130")
    energy_kwh_2145: Decimal | None = field(name="pwr_qty2145")
    energy_kwh_2200: Decimal | None = field(name="pwr_qty2200")
    energy_kwh_2215: Decimal | None = field(name="pwr_qty2215")
    energy_kwh_2230: Decimal | None = field(name="pwr_qty2230")
    energy_kwh_2245: Decimal | None = field(name="pwr_qty2245")
    energy_kwh_2300: Decimal | None = field(name="pwr_qty2300")
    energy_kwh_2315: Decimal | None = field(name="pwr_qty2315")
    energy_kwh_2330: Decimal | None = field(name="pwr_qty2330")
    energy_kwh_2345: Decimal | None = field(name="pwr_qty2345")
    energy_kwh_2400: Decimal | None = field(name="pwr_qty2400")
    cumulative_kwh_0100: Decimal | None = field(name="vld_pwr0100", default=None)
    cumulative_kwh_0200: Decimal | None = field(name="vld_pwr0200", default=None)
    cumulative_kwh_0300: Decimal | None = field(name="vld_pwr0300", default=None)
    cumulative_kwh_0400: Decimal | None = field(name="vld_pwr0400", default=None)
    cumulative_kwh_0500: Decimal | None = field(name="vld_pwr0500", default=None)
    cumulative_kwh_0600: Decimal | None = field(name="vld_pwr0600", default=None)
    cumulative_kwh_0700: Decimal | None = field(name="vld_pwr0700", default=None)
    cumulative_kwh_0800: Decimal | None = field(name="vld_pwr0800", default=None)
    cumulative_kwh_0900: Decimal | None = field(name="vld_pwr0900", default=None)
    cumulative_kwh_1000: Decimal | None = field(name="vld_pwr1000", default=None)
    cumulative_kwh_1100: Decimal | None = field(name="vld_pwr1100", default=None)
    cumulative_kwh_1200: Decimal | None = field(name="vld_pwr1200", default=None)
    cumulative_kwh_1300: Decimal | None = field(name="vld_pwr1300", default=None)
    cumulative_kwh_1400: Decimal | None = field(name="vld_pwr1400", default=None)
    cumulative_kwh_1500: Decimal | None = field(name="vld_pwr1500", default=None)
    cumulative_kwh_1600: Decimal | None = field(name="vld_pwr1600", default=None)
    cumulative_kwh_1700: Decimal | None = field(name="vld_pwr1700", default=None)
    cumulative_kwh_1800: Decimal | None = field(name="vld_pwr1800", default=None)
    cumulative_kwh_1900: Decimal | None = field(name="vld_pwr1900", default=None)
    cumulative_kwh_2000: Decimal | None = field(name="vld_pwr2000", default=None)
    cumulative_kwh_2100: Decimal | None = field(name="vld_pwr2100", default=None)
    cumulative_kwh_2200: Decimal | None = field(name="vld_pwr2200", default=None)
    cumulative_kwh_2300: Decimal | None = field(name="vld_pwr2300", default=None)
    cumulative_kwh_2400: Decimal | None = field(name="vld_pwr2400", default=None)

    __personal__: ClassVar[frozenset[str]] = frozenset({"customer_number", "meter_number"})
    __also__: ClassVar[dict[str, str]] = {"meter": "meterNo"}
    __series__: ClassVar[tuple[Any, ...]] = (ENERGY_KWH, CUMULATIVE_KWH)

    def readings(self) -> tuple[EnergyKwhReading, ...]:
        """Return the energy of each quarter of an hour, oldest first."""
        return interval_readings(self, ENERGY_KWH)

    def cumulative_readings(self) -> tuple[CumulativeKwhReading, ...]:
        """Return what the register showed at each hour, oldest first."""
        return register_readings(self, CUMULATIVE_KWH)


class Bill(Record, frozen=True, kw_only=True):
    """One bill."""

    customer_name: str | None = field(name="custNm")
    month: Yyyymm | None = field(name="bill_ym")
    reading_day: DayOfMonth | None = field(name="mr_dd")
    discount_krw: Decimal | None = field(name="dc_bill")

    __personal__: ClassVar[frozenset[str]] = frozenset({"customer_name"})


class Meter(Record, frozen=True, kw_only=True):
    """One meter."""

    meter_number: str | None = field(name="meter")
    meter_kind: str | None = field(name="etong_cd")

    __personal__: ClassVar[frozenset[str]] = frozenset({"meter_number"})
    __also__: ClassVar[dict[str, str]] = {"meterNo": "meter"}


class Receipt(Record, frozen=True, kw_only=True):
    """What is known of a reading that was saved."""

    receipt_number: str | None = field(name="rcptNo")


# validators.py

QUARTER_HOURS = day_labels("0015", "2400", 15)
HOURS = day_labels("0100", "2400", 60)


def check_day_profile(record: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of one day profile as it stands on the wire."""
    look = Look(record, path, document=DOCUMENT)
    look.text(
        "custNo",
        "customer_number",
        "고객번호",
        "customer number",
        max_characters=10,
        personal=True,
        line="20",
    )
    look.text(
        "meterNo",
        "meter_number",
        "계기번호",
        "meter number",
        max_characters=20,
        also=("meter",),
        personal=True,
        line="21",
    )
    look.date("mr_ymd", "reading_date", "조회일자", "reading date", line="22")
    look.code("multi_yn", "is_multi_meter", "다계기여부", "several meters", codes=YES_NO, line="23")
    look.integer("hshcnt", "household_count", "가구수", "households", max_digits=5, line="24")
    for label in QUARTER_HOURS:
        look.decimal(
            f"pwr_qty{label}",
            f"energy_kwh_{label}",
            "전력소비 데이터",
            "energy",
            precision=14,
            scale=4,
            line="25",
        )
    for label in HOURS:
        look.decimal(
            f"vld_pwr{label}",
            f"cumulative_kwh_{label}",
            "",
            "cumulative register",
            optional=True,
            line="",
        )
    return look.problems()


def check_bill(record: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of one bill as it stands on the wire."""
    look = Look(record, path, document=DOCUMENT)
    look.text(
        "custNm",
        "customer_name",
        "고객명",
        "customer name",
        max_characters=20,
        personal=True,
        line="40",
    )
    look.date("bill_ym", "month", "청구년월", "month", pattern="yyyymm", line="41")
    look.day_of_month("mr_dd", "reading_day", "정기검침일", "reading day", line="42")
    look.decimal(
        "dc_bill", "discount_krw", "할인공제계", "discount", precision=17, scale=2, line="43"
    )
    return look.problems()


def check_meter(record: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of one meter as it stands on the wire."""
    look = Look(record, path, document=DOCUMENT)
    look.text(
        "meter",
        "meter_number",
        "계기번호",
        "meter number",
        max_characters=20,
        also=("meterNo",),
        personal=True,
        line="50",
    )
    look.code(
        "etong_cd",
        "meter_kind",
        "계기유형",
        "meter kind",
        codes=METER_KINDS,
        max_characters=2,
        line="51",
    )
    return look.problems()


def check_receipt(record: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of one receipt as it stands on the wire."""
    look = Look(record, path, document=DOCUMENT)
    look.text("rcptNo", "receipt_number", "접수번호", "receipt number", line="60")
    return look.problems()


def _look_at_access(look: Look) -> None:
    look.text(
        "serviceKey",
        "service_key",
        "서비스키",
        "service key",
        max_characters=255,
        required=True,
        secret=True,
        line="12",
    )
    look.code(
        "returnType", "format", "구분", "format", codes=("01", "02"), required=True, line="13"
    )


def _look_at_customer_number(look: Look) -> None:
    look.text(
        "custNo",
        "customer_number",
        "고객번호",
        "customer number",
        max_characters=10,
        required=True,
        personal=True,
        line="10",
    )


def check_get_day_profile_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of a request for a day profile, as it stands on the wire."""
    look = Look(request, path, document=DOCUMENT)
    _look_at_customer_number(look)
    look.date("date", "date", "일자", "date", required=True, line="11")
    look.date(
        "asOf",
        "as_of",
        "기준시각",
        "as of",
        pattern="yyyymmddhhmi",
        optional=True,
        line="11",
    )
    _look_at_access(look)
    return look.problems()


def check_get_bill_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of a request for a bill, as it stands on the wire."""
    look = Look(request, path, document=DOCUMENT)
    _look_at_customer_number(look)
    look.date("dataMonth", "month", "청구년월", "month", pattern="yyyymm", required=True, line="30")
    _look_at_access(look)
    return look.problems()


def check_list_meters_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of a request for meters, as it stands on the wire."""
    look = Look(request, path, document=DOCUMENT)
    _look_at_access(look)
    return look.problems()


def check_save_reading_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    """List the problems of a reading to be saved, as it stands on the wire."""
    look = Look(request, path, document=DOCUMENT)
    look.text(
        "meterNo",
        "meter_number",
        "계기번호",
        "meter number",
        max_characters=20,
        required=True,
        personal=True,
        line="70",
    )
    look.date(
        "dateTime",
        "read_at",
        "일자시분",
        "read at",
        pattern="yyyymmddhhmi",
        required=True,
        line="71",
    )
    look.decimal(
        "pwr_qty",
        "energy_kwh",
        "전력소비 데이터",
        "energy",
        precision=14,
        scale=4,
        required=True,
        line="72",
    )
    _look_at_access(look)
    return look.problems()


# operations.py

SERVICE_KEY = Credential(
    "service_key", "serviceKey", place="query", environment="SAMPLE_POWER_SERVICE_KEY"
)
FORMATS: Mapping[Format, FormatChoice] = {
    "json": FormatChoice(parameters={"returnType": "02"}, media_types=("application/json",)),
    "xml": FormatChoice(parameters={"returnType": "01"}, media_types=("application/xml",)),
}
ERRORS = {
    "E401": ErrorRule(AuthenticationError, gloss="the key is not known or has expired"),
    "E402": ErrorRule(NotSubscribedError, gloss="the service is not subscribed"),
    "E404": ErrorRule(NoDataError, gloss="there are no data"),
    "E429": ErrorRule(LimitError, gloss="too many requests"),
}
CONSENT = ConsentRule(
    sentence="정보제공 동의한 날짜부터 조회",
    date_pattern=r"정보제공동의일\s*:\s*([0-9]{8})",
)
ENVELOPE = Envelope(
    header_element="cmmMsgHeader",
    header_formats=("xml",),
    header_fields=("errMsg", "responseTime", "returnCode", "successYn"),
    also={"cmMsgHeader": "cmmMsgHeader", "sucessYn": "successYn"},
    code="returnCode",
    message="errMsg",
    success={"returnCode": ("00",), "successYn": ("Y",)},
    errors=ERRORS,
    consent=CONSENT,
)
HEADED_ENVELOPE = Envelope(
    header_element="header",
    header_formats=("json", "xml"),
    header_fields=("resultCode", "resultMsg"),
    code="resultCode",
    message="resultMsg",
    success={"resultCode": ("0",)},
    errors=ERRORS,
)

GET_DAY_PROFILE = Operation(
    system="sample_power",
    name="get_day_profile",
    wire_name="getDayProfile",
    kind="read",
    method="GET",
    path="/api/getDayProfile.do",
    parameters=(
        Parameter("customer_number", "custNo", place="query", encode=encode_text, personal=True),
        Parameter("date", "date", place="query", encode=encode_date("yyyymmdd")),
        Parameter(
            "as_of",
            "asOf",
            place="query",
            encode=encode_datetime("yyyymmddhhmi", "Asia/Seoul"),
            required=False,
        ),
    ),
    credentials=(SERVICE_KEY,),
    formats=FORMATS,
    reply=ListReply(
        model=DayProfile,
        xml_root="DayProfileResponse",
        list_name="dayInfoList",
        item_name="dayInfo",
        check=check_day_profile,
    ),
    check_request=check_get_day_profile_request,
    envelope=ENVELOPE,
)
GET_BILL = Operation(
    system="sample_power",
    name="get_bill",
    wire_name="getBill",
    kind="read",
    method="GET",
    path="/api/customers/{custNo}/bill.do",
    parameters=(
        Parameter("customer_number", "custNo", place="path", encode=encode_text, personal=True),
        Parameter("month", "dataMonth", place="query", encode=encode_month),
    ),
    credentials=(SERVICE_KEY,),
    formats=FORMATS,
    reply=ListReply(
        model=Bill,
        xml_root="BillResponse",
        list_name="billInfoList",
        item_name="billInfoList",
        check=check_bill,
    ),
    check_request=check_get_bill_request,
    envelope=ENVELOPE,
)
LIST_METERS = Operation(
    system="sample_power",
    name="list_meters",
    wire_name="listMeters",
    kind="read",
    method="GET",
    path="/api/listMeters.do",
    parameters=(),
    credentials=(SERVICE_KEY,),
    formats=FORMATS,
    reply=ListReply(
        model=Meter,
        xml_root="MeterResponse",
        list_name="meterInfoList",
        item_name="meterInfo",
        check=check_meter,
    ),
    check_request=check_list_meters_request,
    envelope=HEADED_ENVELOPE,
)
SAVE_READING = Operation(
    system="sample_power",
    name="save_reading",
    wire_name="saveReading",
    kind="write",
    method="POST",
    path="/api/saveReading.do",
    parameters=(
        Parameter("meter_number", "meterNo", place="form", encode=encode_text, personal=True),
        Parameter(
            "read_at",
            "dateTime",
            place="form",
            encode=encode_datetime("yyyymmddhhmi", "Asia/Seoul"),
        ),
        Parameter("energy_kwh", "pwr_qty", place="form", encode=encode_decimal),
    ),
    credentials=(SERVICE_KEY,),
    formats=FORMATS,
    reply=ListReply(
        model=Receipt,
        xml_root="SaveResponse",
        list_name="receiptList",
        item_name="receipt",
        check=check_receipt,
    ),
    check_request=check_save_reading_request,
    envelope=ENVELOPE,
)


# client.py


_RETRY = RetryPolicy()


class Client(BaseClient):
    """Sample power: the sync client."""

    def __init__(
        self,
        *,
        service_key: str | None = None,
        base_url: str = "https://sample.example:11080",
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = _RETRY,
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
    ) -> None:
        super().__init__(
            system="sample_power",
            credentials=((SERVICE_KEY, service_key),),
            base_url=base_url,
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
        )

    def get_day_profile(
        self,
        *,
        customer_number: str,
        date: date,
        as_of: datetime | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[DayProfile]:
        """Get one day of 15-minute readings."""
        values = {"customer_number": customer_number, "date": date, "as_of": as_of}
        return self._call(GET_DAY_PROFILE, values, format, strict, timeout_seconds)

    def get_bill(
        self,
        *,
        customer_number: str,
        month: date,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Bill]:
        """Get the bill of one month."""
        values = {"customer_number": customer_number, "month": month}
        return self._call(GET_BILL, values, format, strict, timeout_seconds)

    def list_meters(
        self,
        *,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Meter]:
        """List the meters of the account."""
        return self._call(LIST_METERS, {}, format, strict, timeout_seconds)

    def save_reading(
        self,
        *,
        meter_number: str,
        read_at: datetime,
        energy_kwh: Decimal,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Receipt]:
        """Save one reading."""
        values = {"meter_number": meter_number, "read_at": read_at, "energy_kwh": energy_kwh}
        return self._call(SAVE_READING, values, format, strict, timeout_seconds)


class AsyncClient(BaseAsyncClient):
    """Sample power: the async client."""

    def __init__(
        self,
        *,
        service_key: str | None = None,
        base_url: str = "https://sample.example:11080",
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = _RETRY,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
    ) -> None:
        super().__init__(
            system="sample_power",
            credentials=((SERVICE_KEY, service_key),),
            base_url=base_url,
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
        )

    async def get_day_profile(
        self,
        *,
        customer_number: str,
        date: date,
        as_of: datetime | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[DayProfile]:
        """Get one day of 15-minute readings."""
        values = {"customer_number": customer_number, "date": date, "as_of": as_of}
        return await self._call(GET_DAY_PROFILE, values, format, strict, timeout_seconds)

    async def get_bill(
        self,
        *,
        customer_number: str,
        month: date,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Bill]:
        """Get the bill of one month."""
        values = {"customer_number": customer_number, "month": month}
        return await self._call(GET_BILL, values, format, strict, timeout_seconds)

    async def list_meters(
        self,
        *,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Meter]:
        """List the meters of the account."""
        return await self._call(LIST_METERS, {}, format, strict, timeout_seconds)

    async def save_reading(
        self,
        *,
        meter_number: str,
        read_at: datetime,
        energy_kwh: Decimal,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Reply[Receipt]:
        """Save one reading."""
        values = {"meter_number": meter_number, "read_at": read_at, "energy_kwh": energy_kwh}
        return await self._call(SAVE_READING, values, format, strict, timeout_seconds)
