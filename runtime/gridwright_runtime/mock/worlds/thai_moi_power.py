"""An invented Thailand: the bills of six citizens, in both shapes that the document has.

Citizen numbers begin with 9, which no citizen's does, and pass the check of their last digit:
see `CITIZENS`. Names, places and postal codes are invented.

============= ================================================================================
9000000000012 six bills, in the form of the example
9000000000021 moved in last month: one bill, and five entries that stand for nothing
9000000000039 two contract accounts, in the form of the table
9000000000047 six bills, one of them over 0 kWh: an empty house has a bill, too
9000000000055 two customers: a house and a shop; amounts of many digits
9000000000063 a company, one contract account with twelve bills
============= ================================================================================

Any other number is found nowhere: mock-3001. A bill is of the third of a month, the last one first,
by the mock's clock in Bangkok; the same seed and month give the same bills.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from ...clock import Clock
from ...texts.zones import load_zone
from ..inventing.draw import draw
from ..world import Answer, Question, Refusal, Table, World

__all__ = ["CITIZENS", "ThaiPowerWorld", "create_world"]

Row = dict[str, object]


def create_world(*, seed: int, clock: Clock, **_more: object) -> World:
    """Create the world of a seed."""
    return ThaiPowerWorld(seed=seed, clock=clock)


def citizen_number(number: int) -> str:
    """Return an invented citizen number with the check digit that a real one would have."""
    digits = f"9{number:011d}"
    total = sum((13 - place) * int(digit) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


class ThaiPowerWorld:
    """The bills of some citizens; nothing is ever changed."""

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Carry out one operation.

        Raises:
            KeyError: there is no such operation.
        """
        if operation != "get_power_usage":
            raise KeyError(operation)
        citizen = question.arguments.get("citizen_id")
        if citizen not in CITIZENS:
            return Refusal("no-citizen", "mock-3001", "mock: there is no citizen of this number")
        number = CITIZENS.index(citizen) + 1
        if number in (3, 6):
            rows = [self._account(number, account) for account in range(2 if number == 3 else 1)]
            found: Row = {"contract_accounts": rows}
        else:
            rows = [self._customer(number, house) for house in range(2 if number == 5 else 1)]
            found = {"customers": rows}
        return Answer(
            may_tell_more=True,
            payload={
                **found,
                "empty": "",
                "error_message": "",
                "citizen_id": citizen,
                # A text, as the example has it.
                "row_count": str(len(rows)),
                "status": "mock-0000",
                "status_detail": "พบข้อมูล (จำลอง)",
            },
        )

    def tables(self) -> Sequence[Table]:
        """Return the citizens."""
        return (
            Table(
                title="Citizens",
                heads=("Citizen number", "Who"),
                rows=tuple(zip(CITIZENS, _WHO, strict=True)),
            ),
        )

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Say no by the text of the error."""
        return {
            "empty": "",
            "error_message": refusal.text,
            "row_count": "0",
            "status": refusal.code,
            "status_detail": "ไม่พบข้อมูล (จำลอง)",
        }

    def _customer(self, number: int, house: int) -> Row:
        bills: list[Row] = [
            {
                "energy_kwh": energy,
                "amount_thb": amount,
                "bill_date": datetime(month.year, month.month, _BILL_DAY, tzinfo=load_zone(_ZONE)),
            }
            for month, energy, amount in self._bills(number, house, 1 if number == 2 else 6)
        ]
        filler: Row = {"energy_kwh": 0, "amount_thb": 0, "bill_date": ""}
        return {
            "usage_history": bills + [filler] * (6 - len(bills)),
            "contact_number": "",
            "country": "ไทย",
            "district": "เขตสมมติ",
            "house_number": f"{10 * number + house}",
            "house_number_2": "",
            "house_subdivision": "",
            "installation_number": f"9{number}{house}00000",
            "name_1": f"นายสมมติ ตัวอย่างที่{number}",
            "name_2": "",
            "name_3": "",
            "postal_code": "00100",
            "province": "จังหวัดจำลอง",
            "province_code": "99",
            "lane": "ซอยสมมติ",
            "street": "ถนนตัวอย่าง",
            "sub_district": "แขวงตัวอย่าง",
            "village": "",
        }

    def _account(self, number: int, account: int) -> Row:
        bills: list[Row] = [
            {
                "bill_period": f"{month:%Y-%m}",
                "cost_thb": amount,
                "due_date": f"{month:%Y-%m}-25",
                "invoice_number": f"99{number}{account}{month:%Y%m}",
                "pay_date": f"{month:%Y-%m}-20" if age else "",
                "record_date": f"{month:%Y-%m}-{_BILL_DAY:02d}",
                "energy_kwh": energy,
            }
            for age, (month, energy, amount) in enumerate(
                self._bills(number, account, 12 if number == 6 else 6)
            )
        ]
        is_company = number == 6
        return {
            "bills": bills,
            "contract_account_number": f"9900000{number}{account}",
            "customer_class": "3" if is_company else "1",
            "company_name": "บริษัทสมมติ จำกัด" if is_company else "",
            "district": "อำเภอสมมติ",
            "house_number": f"{number}/{account + 1}",
            "meter_size": "30(100)" if is_company else "15(45)",
            "village_number": "9",
            "customer_name": f"นางสาวสมมติ ตัวอย่างที่{number}",
            "authority_name": "การไฟฟ้าจำลอง",
            "postal_code": "00200",
            "province": "จังหวัดจำลอง",
            "registration_date": None,
            "room": "",
            "street": "ถนนตัวอย่าง",
            "sub_district": "ตำบลตัวอย่าง",
            "village_name": "",
            "floor": "",
        }

    def _bills(self, number: int, place: int, count: int) -> list[tuple[date, Decimal, Decimal]]:
        """Return month, energy and amount of the last bills, the latest first."""
        now = self._clock.now().astimezone(load_zone(_ZONE))
        found = []
        last = now.year * 12 + now.month - 1 - (now.day < _BILL_DAY)
        for age in range(count):
            months = last - age
            month = date(months // 12, months % 12 + 1, 1)
            name = (self._seed, "thai_moi_power", number, place, month.isoformat())
            energy = Decimal(draw(*_ENERGY[number], *name))
            if number == 4 and age == 2:
                energy = Decimal(0)
            # A service charge, and a price per kWh.
            amount = (energy * Decimal("4.1839") + Decimal("38.22")).quantize(Decimal("0.01"))
            found.append((month, energy, amount))
        return found


CITIZENS = tuple(citizen_number(number) for number in range(1, 7))
"""The citizen numbers that are known."""
_WHO = (
    "six bills, in the form of the example",
    "moved in last month: one bill, and five entries that stand for nothing",
    "two contract accounts, in the form of the table",
    "six bills, one of them over 0 kWh: an empty house has a bill, too",
    "two customers: a house and a shop; amounts of many digits",
    "a company, one contract account with twelve bills",
)
_ZONE = "Asia/Bangkok"
_BILL_DAY = 3
_ENERGY: Mapping[int, tuple[int, int]] = {
    1: (180, 420),
    2: (90, 140),
    3: (60, 350),
    4: (20, 60),
    5: (250_000, 900_000),
    6: (12_000, 48_000),
}
