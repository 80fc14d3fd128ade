"""The world of KEPCO Open P-Meter: its people, and the clock that says what is known of them."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ....clock import Clock
from ....errors import ConfigurationError
from ....texts.zones import load_zone
from ...world import Answer, Question, Refusal, Table
from .answers import ANSWERS, NO_DATA, Listed, People, Present
from .meters import Registers
from .people import invent_customers, invent_households

__all__ = ["KepcoWorld"]


class KepcoWorld:
    """The people of one seed, seen at the clock's present in Korea."""

    takes_reads_as_forms = True
    """As several clients of the service have found (F15)."""

    def __init__(self, *, seed: int, clock: Clock, customers: int) -> None:
        self._clock = clock
        self._people = People(
            seed=seed,
            customers={item.number: item for item in invent_customers(seed, customers)},
            households={
                item.number: item for item in invent_households(seed, max(1, customers // 2))
            },
            registers=Registers(seed),
        )

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Answer one operation.

        Raises:
            ConfigurationError: this world does not know the operation.
        """
        found = self.reply(operation, _local(question.arguments))
        if isinstance(found, Refusal):
            return found
        return Answer(payload=[_write_record(record) for record in found])

    def reply(self, operation: str, arguments: Mapping[str, Any]) -> Listed:
        """Answer one operation; every time is Korean wall clock.

        Raises:
            ConfigurationError: this world does not know the operation.
        """
        answer = ANSWERS.get(operation)
        if answer is None:
            raise ConfigurationError(f"the invented Korea has no answer to {operation}")
        try:
            return answer(Present(self._people, self._now()), **arguments)
        except OverflowError:
            return NO_DATA  # a day at one end of the calendar

    def version(self) -> Hashable:
        """Return the number of the quarter hour: nothing new comes in between."""
        return int(self._clock.now().timestamp()) // 900

    def response_time(self) -> str:
        """Return the present as the examples print it: day, colon, time to the millisecond."""
        now = self._now()
        return f"{now:%Y%m%d:%H%M%S}{now.microsecond // 1000:03d}"

    def tables(self) -> Sequence[Table]:
        """Return the customers and the households."""
        return (
            Table(
                title="Customers",
                heads=("Customer number", "Contract", "Industry", "Meters", "Consent"),
                rows=tuple(
                    (
                        one.number,
                        one.contract_type,
                        one.industry,
                        ", ".join(meter.number for meter in one.meters),
                        f"from {one.consent_from}" if one.is_subscribed else "none",
                    )
                    for one in self._people.customers.values()
                ),
            ),
            Table(
                title="Households of the smart grid site",
                heads=("Household number", "Meter"),
                rows=tuple((h.number, h.meter.number) for h in self._people.households.values()),
            ),
        )

    def _now(self) -> datetime:
        return self._clock.now().astimezone(load_zone(_ZONE))


def _local(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Put instants on the wall clock of Korea, on which the answers reckon."""
    zone = load_zone(_ZONE)
    return {
        name: value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in arguments.items()
    }


def _write_record(record: Mapping[str, object]) -> dict[str, object]:
    """Write a missing value as an empty text, and numbers without trailing zeros."""
    return {
        name: "" if value is None else _plain(value) if type(value) is Decimal else value
        for name, value in record.items()
    }


def _plain(number: Decimal) -> Decimal:
    """Return a number without trailing zeros and without an exponent: 85.00 → 85."""
    if number == 0:
        return Decimal(0)
    short = number.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))


_ZONE = "Asia/Seoul"
