"""Answer the operations of KEPCO Open P-Meter at one instant, without wire names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from ....labels import day_labels, label_minutes
from ...world import Refusal
from .bills import bill, bill_period
from .meters import QUARTERS, Registers, ticks_of_day, to_kwh, values_of_day
from .people import FIRST_CONSENT, Customer, Household, Meter

__all__ = ["ANSWERS", "NO_DATA", "Listed", "People", "Present"]

Record: TypeAlias = dict[str, object]
Listed: TypeAlias = Sequence[Mapping[str, object]] | Refusal
"""Records by Python names, or a refusal; a value of None is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody in the world of one seed, by number, with their registers."""

    seed: int
    customers: Mapping[str, Customer]
    households: Mapping[str, Household]
    registers: Registers


class Present:
    """What can be said at one instant; a reply never sees the clock move."""

    __slots__ = ("_now", "_people", "_registers", "_seed")

    def __init__(self, people: People, now: datetime) -> None:
        self._people = people
        self._seed = people.seed
        self._registers = people.registers
        self._now = now

    def get_day_load_profile(self, *, customer_number: str, date: date) -> Listed:
        """Operations 1-1 and 1-2."""
        customer = self._consenting(customer_number, date)
        if isinstance(customer, Refusal):
            return customer
        records: list[Record] = []
        for meter in customer.meters:
            if values := self._day(meter, date):
                records.append(
                    {
                        "customer_number": customer.number,
                        "meter_number": meter.number,
                        "reading_date": date,
                        "is_multi_meter": _yes_no(len(customer.meters) > 1),
                        **values,
                        **self._registers_of_day(meter, date),
                    }
                )
        return records or NO_DATA

    def get_quarter_hour_reading(self, *, customer_number: str, date_time: datetime) -> Listed:
        """Operations 2-1 and 2-2."""
        moment = _quarter_of(date_time)
        if isinstance(moment, Refusal):
            return moment
        customer = self._consenting(customer_number, moment[0])
        if isinstance(customer, Refusal):
            return customer
        records: list[Record] = []
        for meter in customer.meters:
            if self._has_come(meter, *moment):
                records.append(
                    {
                        "customer_number": customer.number,
                        "meter_number": meter.number,
                        **_quarter_record(*moment),
                        "is_multi_meter": _yes_no(len(customer.meters) > 1),
                        "energy_kwh": self._energy(meter, *moment),
                        "cumulative_kwh": self._register(meter, *moment),
                    }
                )
        return records or NO_DATA

    def list_customers(self) -> Listed:
        """Operation 3."""
        return [
            {
                "customer_name": customer.name,
                "customer_number": customer.number,
                "contract_type": customer.contract_type,
                # The document calls it consumption and gives the value of operation 7's
                # contract power as example.
                "power_consumption": Decimal(customer.contract_power_kw),
                "industry": customer.industry,
            }
            for customer in self._consenting_now()
        ] or NO_DATA

    def list_customer_meters(self) -> Listed:
        """Operation 4."""
        return [
            {"customer_number": customer.number, "meter_number": meter.number}
            for customer in self._consenting_now()
            for meter in customer.meters
        ] or NO_DATA

    def get_all_customers_hour(self, *, hour: datetime) -> Listed:
        """Operation 5: the quarter hours that end at hh00, hh15, hh30 and hh45."""
        moments = [_moment(hour + timedelta(minutes=15 * part)) for part in range(4)]
        return [
            self._single(customer, meter, *moment)
            for customer in self._consenting_now()
            for meter in customer.meters
            for moment in moments
            if moment[0] >= customer.consent_from and self._has_come(meter, *moment)
        ] or NO_DATA

    def get_period_readings(
        self,
        *,
        customer_number: str,
        start_date: date,
        end_date: date,
        start_time: str,
        end_time: str,
    ) -> Listed:
        """Operation 6."""
        start, end = _instant(start_date, start_time), _instant(end_date, end_time)
        if end < start:
            return Refusal("malformed-parameter", "mock-2003", "mock: the period is not a period")
        customer = self._consenting(customer_number, start.date())
        if isinstance(customer, Refusal):
            return customer
        # What is still to come need not be walked through.
        end = min(end, self._now.replace(tzinfo=None))
        return [
            self._single(customer, meter, *moment)
            for meter in customer.meters
            for moment in _moments_within(start, end)
            if self._has_come(meter, *moment)
        ] or NO_DATA

    def get_customer_info(self, *, customer_number: str) -> Listed:
        """Operation 7."""
        customer = self._subscriber(customer_number)
        if isinstance(customer, Refusal):
            return customer
        return [
            {
                "customer_number": customer.number,
                "meter_number": meter.number,
                "meter_kind": meter.kind,
                "meter_multiplier": Decimal(meter.multiplier),
                "power_factor_percent": Decimal(customer.power_factor_percent),
                "contract_power_kw": Decimal(customer.contract_power_kw),
                "tariff_option": customer.tariff_option,
                "household_count": customer.household_count,
                "tv_count": customer.tv_count,
                "ami_kind": "Y",
                "name_changed_on": customer.name_changed_on,
                "service_started_on": customer.service_started_on,
                "sub_meter_kind": "4" if len(customer.meters) > 1 else None,
                "voltage_kind": "고압" if meter.is_high_voltage else "저압",
                "contract_type": customer.contract_type,
                "reading_day": customer.reading_day,
            }
            for meter in customer.meters
        ]

    def get_customer_bill(self, *, customer_number: str, month: date) -> Listed:
        """Operation 8: a bill is there from the day after its last day on."""
        customer = self._subscriber(customer_number)
        if isinstance(customer, Refusal):
            return customer
        first, end = bill_period(customer, month)
        if first < customer.consent_from:
            return _before_consent(customer)
        if end > self._now.date():
            return NO_DATA
        return [bill(self._seed, self._registers, customer, month)]

    def get_join_status(self, *, customer_number: str, business_number: str) -> Listed:
        """Operation 9: who is not known has not joined, which is no reason to refuse."""
        customer = self._people.customers.get(customer_number)
        if customer is None:
            return [{"is_joined": "N", "is_information_matched": "N", "is_agreed": "N"}]
        has_agreed = customer.is_subscribed and customer.consent_from <= self._now.date()
        status: Record = {
            "is_joined": _yes_no(customer.is_subscribed),
            "is_information_matched": _yes_no(business_number == customer.business_number),
            "is_agreed": _yes_no(has_agreed),
        }
        if has_agreed:
            status["consent_day"] = f"{customer.consent_from:%Y%m%d}"
        return [status]

    def get_household_day_load_profile(self, *, household_number: str, date: date) -> Listed:
        """Operation 10."""
        household = self._household(household_number, date)
        if isinstance(household, Refusal):
            return household
        values = self._day(household.meter, date)
        if not values:
            return NO_DATA
        return [
            {
                "household_number": household.number,
                "meter_number": household.meter.number,
                "reading_date": date,
                **values,
            }
        ]

    def get_household_quarter_hour_reading(
        self, *, household_number: str, date_time: datetime
    ) -> Listed:
        """Operation 11."""
        moment = _quarter_of(date_time)
        if isinstance(moment, Refusal):
            return moment
        household = self._household(household_number, moment[0])
        if isinstance(household, Refusal):
            return household
        if not self._has_come(household.meter, *moment):
            return NO_DATA
        return [
            {
                "household_number": household.number,
                "meter_number": household.meter.number,
                **_quarter_record(*moment),
                "energy_kwh": self._energy(household.meter, *moment),
            }
        ]

    def _subscriber(self, number: str) -> Customer | Refusal:
        customer = self._people.customers.get(number)
        if customer is None:
            return _UNKNOWN
        return customer if customer.is_subscribed else _NOT_SUBSCRIBED

    def _consenting(self, number: str, day: date) -> Customer | Refusal:
        customer = self._subscriber(number)
        if isinstance(customer, Customer) and day < customer.consent_from:
            return _before_consent(customer)
        return customer

    def _consenting_now(self) -> Sequence[Customer]:
        today = self._now.date()
        return [
            customer
            for customer in self._people.customers.values()
            if customer.is_subscribed and customer.consent_from <= today
        ]

    def _household(self, number: str, day: date) -> Household | Refusal:
        household = self._people.households.get(number)
        if household is None:
            return _UNKNOWN
        return household if day >= FIRST_CONSENT else NO_DATA

    def _has_come(self, meter: Meter, day: date, quarter: int) -> bool:
        """Say whether the time has come for a value, be it there or missing."""
        if meter.days_late:
            return (self._now.date() - day).days >= meter.days_late
        return quarter <= self._quarters_so_far(day)

    def _quarters_so_far(self, day: date) -> int:
        today = self._now.date()
        if day != today:
            return QUARTERS if day < today else 0
        return (self._now.hour * 60 + self._now.minute) // 15

    def _values(self, meter: Meter, day: date) -> tuple[Decimal | None, ...]:
        come = QUARTERS if meter.days_late else self._quarters_so_far(day)
        return values_of_day(self._seed, meter, day, come, (self._now.date() - day).days)

    def _day(self, meter: Meter, day: date) -> Record:
        """Return the values of a day by field name; nothing where the day has not come yet."""
        if not self._has_come(meter, day, 1):
            return {}
        return dict(zip(_ENERGY_FIELDS, self._values(meter, day), strict=True))

    def _energy(self, meter: Meter, day: date, quarter: int) -> Decimal | None:
        return self._values(meter, day)[quarter - 1]

    def _single(self, customer: Customer, meter: Meter, day: date, quarter: int) -> Record:
        return {
            "customer_number": customer.number,
            "meter_number": meter.number,
            **_quarter_record(day, quarter),
            "energy_kwh": self._energy(meter, day, quarter),
        }

    def _registers_of_day(self, meter: Meter, day: date) -> Record:
        return {
            f"cumulative_kwh_{hour:02d}00": self._register(meter, day, 4 * hour)
            for hour in range(1, 25)
        }

    def _register(self, meter: Meter, day: date, quarter: int) -> Decimal | None:
        """Return the register at the end of a quarter hour; None for what a meter does not say."""
        if not meter.is_hourly or quarter % 4:
            return None
        today = ticks_of_day(self._seed, meter, day)[:quarter]
        return to_kwh(sum(self._registers.at_midnight(meter, day)) + sum(today))


def _yes_no(is_so: bool) -> str:
    return "Y" if is_so else "N"


def _moment(end: datetime) -> tuple[date, int]:
    """Return day and number of the quarter hour that ends at an instant; 00:00 is 96 of before."""
    start = end - timedelta(minutes=15)
    return start.date(), (start.hour * 60 + start.minute) // 15 + 1


def _quarter_of(end: datetime) -> tuple[date, int] | Refusal:
    if end.minute % 15:
        return Refusal("malformed-parameter", "mock-2003", "mock: the time is not a quarter hour")
    return _moment(end)


def _moments_within(start: datetime, end: datetime) -> Iterator[tuple[date, int]]:
    past = timedelta(minutes=start.minute % 15)
    first = start - past + timedelta(minutes=30 if past else 15)
    for number in range((end - first) // _QUARTER_HOUR + 1):
        yield _moment(first + number * _QUARTER_HOUR)


def _quarter_record(day: date, quarter: int) -> Record:
    """Name a quarter hour by its end, midnight being 0000 of the day that begins."""
    if quarter == QUARTERS:
        return {"reading_date": day + timedelta(1), "reading_time": "0000"}
    return {"reading_date": day, "reading_time": f"{quarter // 4:02d}{quarter % 4 * 15:02d}"}


def _instant(day: date, time: str) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=label_minutes(time))


def _before_consent(customer: Customer) -> Refusal:
    text = (
        "고객이 해당서비스에 정보제공 동의한 날짜부터 조회가 가능합니다. "
        f"정보제공동의일 : {customer.consent_from:%Y%m%d}"
    )
    return Refusal("before-consent", "mock-3002", text)


_QUARTER_HOUR = timedelta(minutes=15)
_ENERGY_FIELDS = tuple(f"energy_kwh_{label}" for label in day_labels("0015", "2400", 15))
_UNKNOWN = Refusal("unknown-customer", "mock-3001", "mock: no such customer")
_NOT_SUBSCRIBED = Refusal(
    "not-subscribed", "openapi-4001", "mock: the customer has not subscribed to the service"
)
NO_DATA = Refusal("no-data", "openapi-9001", "mock: there are no power data")
ANSWERS: Mapping[str, Callable[..., Listed]] = {
    "get_day_load_profile_dr": Present.get_day_load_profile,
    "get_day_load_profile": Present.get_day_load_profile,
    "get_quarter_hour_reading_dr": Present.get_quarter_hour_reading,
    "get_quarter_hour_reading": Present.get_quarter_hour_reading,
    "list_customers": Present.list_customers,
    "list_customer_meters": Present.list_customer_meters,
    "get_all_customers_hour": Present.get_all_customers_hour,
    "get_period_readings": Present.get_period_readings,
    "get_customer_info": Present.get_customer_info,
    "get_customer_bill": Present.get_customer_bill,
    "get_join_status": Present.get_join_status,
    "get_household_day_load_profile": Present.get_household_day_load_profile,
    "get_household_quarter_hour_reading": Present.get_household_quarter_hour_reading,
}
