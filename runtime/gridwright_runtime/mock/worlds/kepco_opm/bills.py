"""Bill the invented customers. Rates and surcharges are invented; sums are not."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from ...inventing.draw import draw
from .meters import Bands, Registers, ticks_of_day
from .people import Customer

__all__ = ["bill", "bill_period"]


def bill_period(customer: Customer, month: date) -> tuple[date, date]:
    """Return the first day of a bill and the first day after it.

    Args:
        customer: who is billed.
        month: the month of the bill, as its first day.
    """
    if customer.reading_day == 31:
        return month, _next_month(month)
    previous = _previous_month(month)
    return previous.replace(day=customer.reading_day), month.replace(day=customer.reading_day)


def bill(seed: int, registers: Registers, customer: Customer, month: date) -> Mapping[str, object]:
    """Return one bill.

    What was used is the difference of the registers between two readings, each in whole kWh. The
    amounts do not add up, as on real bills (F13): there is a surcharge on every kWh that no field
    shows, and taxes are in the amount billed only.
    """
    first, end = bill_period(customer, month)
    before, after = _whole_kwh(registers, customer, first), _whole_kwh(registers, customer, end)
    used = Bands(*(late - early for late, early in zip(after, before, strict=True)))
    demand = _billing_demand_kw(seed, customer, first, end)
    is_home = customer.tv_count > 0
    basic = Decimal(demand) * (_HOME_BASIC_RATE if is_home else _BASIC_RATE)
    rates = _HOME_RATES if is_home else _RATES
    energy = sum((rate * kwh for rate, kwh in zip(rates, used, strict=True)), Decimal(0))
    discount = -(Decimal(500) + basic // 100)
    charge = (basic + energy + discount + _SURCHARGE * sum(used)).to_integral_value(ROUND_DOWN)
    billed = charge * _TAX + _TV_FEE * customer.tv_count
    moved = customer.name_changed_on
    return {
        "customer_number": customer.number,
        "bill_month": month,
        "reading_day": (end - timedelta(1)).day if customer.reading_day == 31 else end.day,
        "billing_demand_kw": Decimal(demand),
        "moved_on": moved if moved is not None and first <= moved < end else None,
        "basic_charge_krw": basic,
        "energy_charge_krw": energy,
        "discount_krw": discount,
        "electricity_charge_krw": charge,
        "billed_amount_krw": billed // 10 * 10,
        "off_peak_energy_kwh": Decimal(used.off_peak),
        "mid_peak_energy_kwh": Decimal(used.mid_peak),
        "on_peak_energy_kwh": Decimal(used.on_peak),
        "off_peak_register_kwh": Decimal(after.off_peak),
        "mid_peak_register_kwh": Decimal(after.mid_peak),
        "on_peak_register_kwh": Decimal(after.on_peak),
        "leading_power_factor_percent": _power_factor(seed, customer, month, "leading"),
        "lagging_power_factor_percent": _power_factor(seed, customer, month, "lagging"),
    }


def _whole_kwh(registers: Registers, customer: Customer, day: date) -> Bands:
    shown = [registers.at_midnight(meter, day) for meter in customer.meters]
    return Bands(*(sum(ticks) // 10_000 for ticks in zip(*shown, strict=True)))


def _billing_demand_kw(seed: int, customer: Customer, first: date, end: date) -> int:
    """Return the highest demand of the period in kW, three tenths of the contract at least."""
    if customer.reading_day != 31:
        return customer.contract_power_kw
    highest = 0
    for offset in range((end - first).days):
        days = [ticks_of_day(seed, meter, first + timedelta(offset)) for meter in customer.meters]
        highest = max(highest, *(sum(quarter) for quarter in zip(*days, strict=True)))
    return max(-(-4 * highest // 10_000), -(-customer.contract_power_kw * 3 // 10))


def _power_factor(seed: int, customer: Customer, month: date, name: str) -> Decimal:
    if customer.reading_day != 31:
        return Decimal(0)
    return Decimal(draw(92_000, 99_900, seed, customer.number, month, name)).scaleb(-3)


def _next_month(month: date) -> date:
    return (month + timedelta(31)).replace(day=1)


def _previous_month(month: date) -> date:
    return (month - timedelta(1)).replace(day=1)


# Invented, in KRW: per kW and month, per kWh by band, per kWh, factor, per television set.
_BASIC_RATE = Decimal("7310.5")
_HOME_BASIC_RATE = Decimal(300)
_RATES = (Decimal("91.3"), Decimal("137.6"), Decimal("188.4"))
_HOME_RATES = (Decimal(0), Decimal("121.9"), Decimal(0))
_SURCHARGE = Decimal(14)
_TAX = Decimal("1.137")
_TV_FEE = Decimal(2500)
