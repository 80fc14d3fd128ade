"""The people of the invented Korea: customers, households and their meters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ...inventing.draw import draw

__all__ = [
    "FIRST_CONSENT",
    "Customer",
    "Household",
    "Meter",
    "Shape",
    "invent_customers",
    "invent_households",
]

Shape = Literal["factory", "office", "shop", "home"]

FIRST_CONSENT = date(2023, 1, 1)
"""Nobody is asked about before; registers begin here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One meter."""

    number: str
    shape: Shape
    peak_ticks: int
    """Energy of a quarter hour at the peak, in ten-thousandths of a kWh."""
    step_ticks: int
    """The meter counts in steps of so many ten-thousandths of a kWh."""
    is_high_voltage: bool
    has_gaps: bool
    days_late: int
    """0: quarter hours come as they end; else a day comes whole, so many days after it."""
    is_hourly: bool
    """Reports the energy of whole hours, and a register."""
    kind: str
    """Code of the meter's kind."""
    multiplier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer with its contract."""

    number: str
    name: str
    business_number: str
    contract_type: str
    industry: str
    tariff_option: str
    contract_power_kw: int
    power_factor_percent: int
    meters: tuple[Meter, ...]
    consent_from: date
    is_subscribed: bool
    reading_day: int
    """Day of the month on which bills are read; 31: at the end of the month."""
    service_started_on: date
    name_changed_on: date | None
    household_count: int
    tv_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One household of the smart grid site."""

    number: str
    meter: Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    """What one of the eight kinds of customers is."""

    contract_type: str
    industry: str
    tariff_option: str
    shapes: tuple[tuple[Shape, bool], ...]
    """Load shape of each meter, and whether it is a high-voltage meter."""
    has_gaps: bool = False
    consent_from: date = FIRST_CONSENT
    is_subscribed: bool = True
    moved_in: date | None = None


_ROLES = (
    _Role(
        contract_type="산업용(을)고압A",
        industry="가상 제조업",
        tariff_option="선택(Ⅱ)",
        shapes=(("factory", True),),
    ),
    _Role(
        contract_type="주택용(저압)",
        industry="가상 주택",
        tariff_option="해당없음",
        shapes=(("home", False),),
    ),
    _Role(
        contract_type="산업용(을)고압A",
        industry="가상 금속가공업",
        tariff_option="선택(Ⅰ)",
        shapes=(("factory", True), ("office", True)),
    ),
    _Role(
        contract_type="일반용(을)고압A",
        industry="가상 사무실",
        tariff_option="선택(Ⅰ)",
        shapes=(("office", True),),
        has_gaps=True,
    ),
    _Role(
        contract_type="일반용(갑)고압A",
        industry="가상 소매업",
        tariff_option="선택(Ⅰ)",
        shapes=(("shop", True),),
        consent_from=date(2024, 3, 15),
    ),
    _Role(
        contract_type="일반용(갑)저압",
        industry="가상 음식점업",
        tariff_option="해당없음",
        shapes=(("shop", False),),
        is_subscribed=False,
    ),
    _Role(
        contract_type="일반용(을)고압A",
        industry="가상 건물관리업",
        tariff_option="선택(Ⅱ)",
        shapes=(("office", True), ("home", False)),
    ),
    _Role(
        contract_type="주택용(저압)",
        industry="가상 주택",
        tariff_option="해당없음",
        shapes=(("home", False),),
        moved_in=date(2024, 6, 10),
    ),
)

_PEAKS: dict[tuple[Shape, bool], tuple[int, int]] = {
    # Range of the energy of a quarter hour at the peak, in ten-thousandths of a kWh.
    ("factory", True): (400_000, 1_200_000),
    ("office", True): (100_000, 350_000),
    ("shop", True): (60_000, 150_000),
    ("shop", False): (12_000, 30_000),
    ("home", False): (2_500, 6_000),
}


def invent_customers(seed: int, count: int) -> tuple[Customer, ...]:
    """Return the customers of a seed, in the order of their numbers."""
    return tuple(_customer(seed, index) for index in range(1, count + 1))


def invent_households(seed: int, count: int) -> tuple[Household, ...]:
    """Return the households of a seed; their quarter hours come the day after."""
    return tuple(
        Household(
            number=f"01{index:016d}",
            meter=Meter(
                number=f"9800{index:06d}1",
                shape="home",
                peak_ticks=draw(2_500, 6_000, seed, "household", index),
                step_ticks=1,
                is_high_voltage=False,
                has_gaps=index % 2 == 0,
                days_late=1,
                is_hourly=False,
                kind="36",
                multiplier=1,
            ),
        )
        for index in range(1, count + 1)
    )


def _customer(seed: int, index: int) -> Customer:
    role = _role(index)
    meters = tuple(
        _meter(seed, index, place, role, *shape) for place, shape in enumerate(role.shapes, 1)
    )
    # Four quarter hours at the peak make the demand in kW; seasons and chance add to it.
    demand = sum(4 * meter.peak_ticks for meter in meters) // 10_000
    is_home = role.shapes == (("home", False),)
    started = date(2010, 1, 1) + timedelta(draw(0, 4_000, seed, "started", index))
    return Customer(
        number=f"01{index:08d}",
        name=f"고객{index:03d}",
        business_number=f"09{index:08d}",
        contract_type=role.contract_type,
        industry=role.industry,
        tariff_option=role.tariff_option,
        contract_power_kw=max(3, -(-demand * 3 // 2 // 5) * 5),
        power_factor_percent=draw(90, 99, seed, "power factor", index),
        meters=meters,
        consent_from=role.consent_from,
        is_subscribed=role.is_subscribed,
        reading_day=31 if meters[0].is_high_voltage else draw(5, 25, seed, "reading day", index),
        service_started_on=started,
        name_changed_on=role.moved_in,
        household_count=1 if is_home else 0,
        tv_count=1 if is_home else 0,
    )


def _role(index: int) -> _Role:
    role = _ROLES[(index - 1) % len(_ROLES)]
    is_first_round = index <= len(_ROLES)
    return role if is_first_round or role.is_subscribed else _ROLES[0]


def _meter(
    seed: int, index: int, place: int, role: _Role, shape: Shape, is_high_voltage: bool
) -> Meter:
    name = (seed, "meter", index, place)
    return Meter(
        number=f"9900{index:06d}{place}",
        shape=shape,
        peak_ticks=draw(*_PEAKS[shape, is_high_voltage], *name, "peak"),
        # A large meter counts in halves of a kWh: 85 and 31.5 (F5).
        step_ticks=5_000 if shape == "factory" else 1,
        is_high_voltage=is_high_voltage,
        has_gaps=role.has_gaps,
        days_late=0 if is_high_voltage else 2,
        is_hourly=not is_high_voltage,
        kind="13" if is_high_voltage else ("34", "35", "36", "38")[draw(0, 3, *name, "kind")],
        multiplier=(120, 600, 1_200)[draw(0, 2, *name, "multiplier")] if is_high_voltage else 1,
    )
