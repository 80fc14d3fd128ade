"""A service with many meters over sixty days, whose readings anybody can compute again.

Some values are missing, some late, some meters have two registers, begin later, or have nothing
for a while. The days are those of Berlin around the end of summer time, one of them of 25 hours.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any
from zlib import crc32

from gridwright_runtime.mock.world import Answer, Question, Refusal
from gridwright_runtime.texts.zones import load_zone

__all__ = ["SINCE", "SPEC", "SYSTEM", "UNTIL", "WINDOW_DAYS", "BulkWorld", "with_faults"]

SYSTEM = "bulk"
SINCE, UNTIL, WINDOW_DAYS = date(2024, 9, 15), date(2024, 11, 14), 5
_LATE_FROM = date(2024, 11, 9)
_ZONE = "Europe/Berlin"
SPEC = b"""
gridwright: 1
system: bulk
title: {text: Bulk, en: Bulk, at: 1}
document: {file: bulk.txt, title: Bulk, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 2}
statuses:
  "404": {error: no_data, en: nothing is there, at: 3}
operations:
  list_meters:
    wire_name: meters
    en: meters
    kind: read
    at: 4
    method: GET
    address: {text: /meters, at: 4}
    formats: [json]
    reply:
      record: Meter
      list: {element: ".", at: 4}
      fields:
        meter: {name: meter, en: meter, type: text, at: 4}
        since: {name: since, en: first day, type: date, format: yyyy-MM-dd, at: 4}
  get_hours:
    wire_name: hours
    en: hours of some days
    kind: read
    at: 5-9
    method: GET
    address: {text: /hours, at: 5}
    formats: [json]
    request:
      meter: {name: meter, en: meter, type: text, required: M, personal: yes, at: 6}
      from: {name: first_day, en: first, type: date, format: yyyy-MM-dd, required: M, at: 6}
      to: {name: last_day, en: last, type: date, format: yyyy-MM-dd, required: M, at: 6}
    reply:
      record: HoursOfDay
      list: {element: ".", at: 7}
      fields:
        meter: {name: meter, en: meter, type: text, personal: yes, at: 8}
        register: {name: register, en: register, type: text, at: 8}
        day: {name: day, en: day, type: date, format: yyyy-MM-dd, at: 8}
        H1~H25: {name: energy_kwh, en: energy, type: decimal, unit: kWh, at: 8,
          series: {wire: "H{n}", first: "1", last: "25", step: PT1H, day: day}}
    harvest:
      each: {argument: meter, operation: list_meters, field: meter}
      window: {from: from, to: to, to_is: included, step: P5D}
      key: register
      published: PT6H
      corrected: P5D
      history: {field: since}
      at: 9
"""
Reading = tuple[str, str, datetime, Decimal | None]


class BulkWorld:
    """Answers for so many meters, and counts what was asked.

    Args:
        meters: how many there are.
    """

    def __init__(self, meters: int) -> None:
        self.meters = [f"{number:08d}" for number in range(1, meters + 1)]
        self.is_final = False
        """Whether values that are corrected later are what they will stay."""
        self.asked: dict[tuple[str, date], int] = {}
        self._lock = Lock()

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Answer one question."""
        if operation == "list_meters":
            rows = [{"meter": one, "since": self.since(one)} for one in self.meters]
            return Answer(payload=rows)
        told: Any = question.arguments
        meter, first, last = told["meter"], told["first_day"], told["last_day"]
        with self._lock:
            self.asked[meter, first] = self.asked.get((meter, first), 0) + 1
        if self.has_nothing(meter, first):
            return Refusal("no-data", "404", "nothing is there", status=404)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return Answer(
            payload=[
                {
                    "meter": meter, "register": register, "day": day,
                    **{f"energy_kwh_{n}": value for n, value in self._hours(meter, register, day)},
                }
                for register in self.registers(meter)
                for day in days
            ]
        )  # fmt: skip

    def since(self, meter: str) -> date:
        """Return the first day of a meter."""
        return SINCE + timedelta(days=17) if int(meter) % 100 == 7 else SINCE

    def registers(self, meter: str) -> tuple[str, ...]:
        """Return the registers of a meter."""
        return ("1", "2") if int(meter) % 4 == 0 else ("1",)

    def has_nothing(self, meter: str, first: date) -> bool:
        """Whether there is nothing for the window that begins with a day."""
        return int(meter) % 50 == 3 and first == SINCE

    def windows(self, meter: str) -> Iterator[tuple[date, date]]:
        """Yield the windows that a harvest should ask for."""
        first = self.since(meter)
        while first < UNTIL:
            end = min(first + timedelta(days=WINDOW_DAYS), UNTIL)
            yield first, end
            first = end

    def truth(self) -> Iterator[Reading]:
        """Yield all readings as they are in the end."""
        for meter in self.meters:
            for first, end in self.windows(meter):
                if self.has_nothing(meter, first):
                    continue
                for register in self.registers(meter):
                    for number in range((end - first).days):
                        day = first + timedelta(days=number)
                        begins = datetime(day.year, day.month, day.day, tzinfo=load_zone(_ZONE))
                        for hour, value in enumerate(_values(meter, register, day)):
                            yield meter, register, _later(begins, hour), value

    def _hours(self, meter: str, register: str, day: date) -> Iterator[tuple[int, Decimal | None]]:
        for number, value in enumerate(_values(meter, register, day), 1):
            is_late = not self.is_final and day >= _LATE_FROM and number % 3 == 0
            if is_late and value is not None:
                yield number, None if number % 2 else value - Decimal("0.001")
            else:
                yield number, value


def _values(meter: str, register: str, day: date) -> Iterator[Decimal | None]:
    for number in range(25 if day == date(2024, 10, 27) else 24):
        drawn = crc32(f"{meter}/{register}/{day}/{number}".encode())
        yield None if drawn % 97 == 0 else Decimal(1 + drawn % 99_999).scaleb(-3)


def _later(begins: datetime, hours: int) -> datetime:
    return (begins.astimezone(UTC) + timedelta(hours=hours)).astimezone(begins.tzinfo)


Send = Callable[[Any], Awaitable[None]]


def with_faults(app: Any, chance: random.Random) -> Any:
    """Return an application that fails now and then, before anything is answered."""

    async def faulty(scope: Any, receive: Any, send: Send) -> None:
        drawn = chance.random() if scope["type"] == "http" else 1.0
        if drawn < _BUSY:
            await _say(send, 503, b"busy")
        elif drawn < _CUT_OFF:
            await _say(send, 200, b'[{"meter":', length=b"100")
        elif drawn < _LIMITED:
            await _say(send, 429, b"too many")
        else:
            await app(scope, receive, send)

    return faulty


_BUSY, _CUT_OFF, _LIMITED = 0.002, 0.003, 0.0035


async def _say(send: Send, status: int, body: bytes, length: bytes | None = None) -> None:
    headers = [(b"content-type", b"application/json")]
    headers.append((b"content-length", length or str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
