"""An invented Kansai: applications to the application site, six of them there from the start.

The numbers of supply points begin with 06, the area, and 0000, which no supply point has; names
and addresses are invented, as are all codes: the document lists none. So a code that is sent is
taken as it is, and given back. By what a reply says in its status:

========== =================================================================================
mock-0000  the request was accepted
mock-3001  there is no application with this number
mock-3002  the number of the supply point has not the 22 digits that these numbers have
mock-3003  the desired date lies in the past
========== =================================================================================

What the document leaves open is decided here as follows.

- An application is received under the next number, and listed and found from then on. The parts
  that came with it come back with its state, those of more than 1 MB without their content.
- The list takes every item of the request as a condition, and all must hold. Without any it holds
  all applications, the first one first.
- A message of the company is there for every third application.
- A stage is 受付 at first, and 調査中 once an hour has passed by the mock's clock.
- The reply tells more than the document names: what was sent with the application, its stage and
  its dates. Whoever amends the records by fields of these names, gets them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from ...clock import Clock
from ...texts.zones import load_zone
from ..inventing.draw import draw
from ..world import Answer, Question, Refusal, Table, World
from .applications import Application, Applications, applications_table

__all__ = ["KakusyuWorld", "create_world"]


def create_world(*, seed: int, clock: Clock, **_more: object) -> World:
    """Create the world of a seed."""
    return KakusyuWorld(seed=seed, clock=clock)


class KakusyuWorld:
    """The applications of one company."""

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._applications = Applications("M", 9)
        today = self._now()
        for number in range(6):
            kind = _KINDS[number % len(_KINDS)]
            days = 30 - 4 * number
            self._applications.add(
                kind, _seeded(seed, number, today - timedelta(days=days)), today - timedelta(days)
            )

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Carry out one operation.

        Raises:
            KeyError: there is no such operation.
        """
        with self._lock:
            if operation == "list_applications":
                return self._list(question.arguments)
            if operation == "get_application_status":
                return self._status(question.arguments)
            if operation in _KINDS:
                return self._apply(operation, question)
        raise KeyError(operation)

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Say no by status and message, which every reply has."""
        return {"request_status": refusal.code, "reception_message": refusal.text}

    def tables(self) -> Sequence[Table]:
        """Return the applications."""
        with self._lock:
            return (applications_table(self._applications),)

    @property
    def count(self) -> int:
        """How many applications there are."""
        return len(self._applications)

    def _list(self, wanted: Mapping[str, object]) -> Answer | Refusal:
        conditions = {name: value for name, value in wanted.items() if value not in (None, "")}
        told = [self._describe(application) for application in self._applications]
        found = [row for row in told if all(row.get(n) == v for n, v in conditions.items())]
        return _accepted({"applications": found})

    def _status(self, wanted: Mapping[str, object]) -> Answer | Refusal:
        application = self._applications.find(wanted.get("application_number"))
        if application is None:
            return Refusal(
                "no-application", "mock-3001", "mock: there is no application of this number"
            )
        kept = tuple(file for file in application.files if file.content is not None)
        return _accepted(self._describe(application), kept)

    def _apply(self, operation: str, question: Question) -> Answer | Refusal:
        sent = question.arguments
        supply_point = sent.get("supply_point_number")
        if supply_point and not re.fullmatch(_SUPPLY_POINT, str(supply_point)):
            text = "mock: supply_point_number: is not written with 22 digits"
            return Refusal("no-supply-point", "mock-3002", text)
        for name in ("desired_visit_date", "desired_change_date"):
            day = _day(sent.get(name))
            if day is not None and day < self._now().date():
                return Refusal("past", "mock-3003", f"mock: {name}: lies in the past")
        application = self._applications.add(
            operation, sent, self._now(), files=question.attachments
        )
        return _accepted({"application_number": application.number})

    def _describe(self, application: Application) -> dict[str, object]:
        """Return all that is known of an application, by Python names."""
        is_waiting = self._now() - application.received_at < timedelta(hours=1)
        has_message = int(application.number[1:]) % 3 == 0
        return {
            **application.sent,
            "application_number": application.number,
            "work_stage": "受付" if is_waiting else "調査中",
            "registration_date": f"{application.received_at:%Y%m%d}",
            "selected_item": application.sent.get("selected_item_code"),
            "has_company_message": "有" if has_message else "無",
            "company_message": "現地を確認します(模擬)" if has_message else "",
        }

    def _now(self) -> datetime:
        return self._clock.now().astimezone(load_zone("Asia/Tokyo"))


def _accepted(reply: Mapping[str, object], attachments: Any = ()) -> Answer:
    verdict = {"request_status": "mock-0000", "reception_message": "受け付けました(模擬)"}
    return Answer(may_tell_more=True, payload={**verdict, **reply}, attachments=attachments)


def _seeded(seed: int, number: int, day: datetime) -> dict[str, object]:
    name = (seed, "kansai_kakusyu", number)
    visit = day + timedelta(days=draw(10, 40, *name, "visit"))
    return {
        "selected_item_code": f"{draw(1, 9, *name, 'item'):02d}",
        "equipment_class": f"{draw(1, 3, *name, 'equipment')}",
        "content_kind_code": f"{draw(1, 20, *name, 'content'):03d}",
        "desired_visit_date": f"{visit:%Y%m%d}",
        "supply_point_number": f"060000{draw(0, 10**15, *name, 'point'):016d}",
        "supply_point_address": f"架空県見本市模擬町{draw(1, 9, *name, 'block')}丁目{number + 1}番",
        "customer_name": f"見本{_SURNAMES[draw(0, len(_SURNAMES) - 1, *name, 'name')]}",
    }


def _day(text: object) -> date | None:
    """Read a date in one of the usual ways; None where it is something else."""
    if isinstance(text, date):
        return text
    digits = re.sub("[-/]", "", text) if isinstance(text, str) else ""
    try:
        return date.fromisoformat(digits) if re.fullmatch("[0-9]{8}", digits) else None
    except ValueError:
        return None


_KINDS = (
    "apply_company_equipment",
    "apply_customer_equipment",
    "apply_power_outage",
    "apply_other",
    "apply_menu_change",
)
_SUPPLY_POINT = "[0-9]{22}|[0-9]{2}(?:-[0-9]{4}){5}"
_SURNAMES = ("太郎", "花子", "一郎", "商店", "工場")
