"""Units of quantities: how they are composed, and what is wrong with one that is not.

A unit is factors joined by ``.``, with at most one ``/``: ``kWh``, ``EUR/MWh``, ``m3/h``. A factor
is a prefix, a name and a power. Nothing is converted here, and no other unit is ever proposed: a
reader who takes ``MWh`` for ``MW`` is off by hours, one who takes ``mW`` for ``MW`` by a factor
of 10^9.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

__all__ = ["UnitProblem", "can_be_declared", "factors", "find_problem"]


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """What is wrong with a unit, and what the reader can do about it."""

    message: str
    help: str


@dataclass(frozen=True, slots=True)
class _Name:
    """The English name of a unit, and the prefixes that it is printed with."""

    en: str
    prefixes: str = ""


def find_problem(text: str, declared: Collection[str] = ()) -> UnitProblem | None:
    """Return what is wrong with a unit; None: it is one.

    Args:
        text: the unit as the spec writes it.
        declared: the units that the spec declares itself.
    """
    parts = _parts(text)
    if parts is None:
        return _misspelt(text, declared) or UnitProblem(
            "which is not composed of factors",
            "join factors by '.', with at most one '/', such as EUR/MWh",
        )
    if all(_is_factor(factor, declared) for factor in _factors(parts)):
        return None
    return _misspelt(text, declared) or _unknown(text, declared)


def can_be_declared(name: str) -> bool:
    """Say whether a name is a single factor, and is no known one in any letters."""
    return _FREE.fullmatch(name) is not None and not _factors_alike(name, ())


def factors(text: str, declared: Collection[str]) -> frozenset[str]:
    """Return the declared units that a unit is composed of."""
    found = (factor for part in text.split("/") for factor in part.split("."))
    return frozenset({name for f in found for name in (f, _without_power(f)) if name in declared})


def _parts(text: str) -> list[list[str]] | None:
    """Return the factors above and below the stroke; None: they are not so joined."""
    parts = [part.split(".") for part in text.split("/")]
    return parts if len(parts) <= 2 and all(all(part) for part in parts) else None


def _factors(parts: list[list[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _is_factor(factor: str, declared: Collection[str]) -> bool:
    return factor in declared or _without_power(factor) in {*declared, *_spellings()}


def _without_power(factor: str) -> str:
    return factor[:-1] if len(factor) > 1 and factor[-1] in "23456789" else factor


def _misspelt(text: str, declared: Collection[str]) -> UnitProblem | None:
    """Say which unit is the same one in other letters, or that it could be several."""
    plain = text.strip()
    for printed, meant in _SIGNS.items():
        plain = plain.replace(printed, meant)
    parts = _parts(plain)
    if parts is None:
        return None
    choices = [[_factors_alike(factor, declared) for factor in part] for part in parts]
    if not all(same for part in choices for same in part):
        return None
    for factor, same in zip(_factors(parts), _factors_of(choices), strict=True):
        if len(same) > 1:
            listed = " or ".join(f"{one}, {_described(one)}s" for one in same)
            return UnitProblem(
                f"where {factor!r} could be {listed}", "write the one that is printed"
            )
    spelt = "/".join(".".join(same[0] for same in part) for part in choices)
    return UnitProblem("which is not a known unit", f"did you mean {spelt!r}?")


def _factors_of(choices: list[list[list[str]]]) -> Iterator[list[str]]:
    for part in choices:
        yield from part


def _factors_alike(factor: str, declared: Collection[str]) -> list[str]:
    """Return the factors that differ from one in nothing but small and capital letters."""
    if _is_factor(factor, declared):
        return [factor]
    bare = _without_power(factor)
    power = factor[len(bare) :]
    folded = bare.casefold()
    known = sorted({*_spellings(), *declared})
    return [f"{name}{power}" for name in known if name.casefold() == folded]


def _unknown(text: str, declared: Collection[str]) -> UnitProblem:
    parts = _parts(text) or [[text]]
    factor = next(f for f in _factors(parts) if not _is_factor(f, declared))
    if not can_be_declared(factor):
        return UnitProblem(
            f"where {factor!r} is no factor",
            "write a prefix, a name and a power, such as kWh or m3",
        )
    return UnitProblem(
        f"and there is no factor {factor!r}",
        f"declare it: `units: {{{factor}: {{en: …, at: …}}}}`",
    )


def _described(factor: str) -> str:
    bare = _without_power(factor)
    power, name = factor[len(bare) :], _spellings().get(bare, bare)
    if power in _POWERS:
        return f"{_POWERS[power]}{name}"
    return f"{name} to the power of {power}"


@cache
def _spellings() -> dict[str, str]:
    """Return every name with every prefix that it takes, with its English name."""
    found = {name: about.en for name, about in _NAMES.items()}
    for (name, about), (prefix, en) in product(_NAMES.items(), _PREFIXES.items()):
        if prefix in about.prefixes:
            found[f"{prefix}{name}"] = f"{en}{about.en}"
    return found | {code: code for code in _CURRENCIES} | _MONEY


# Signs for which a unit has letters. '$' and '¥' belong to several currencies, and are not here.
_SIGNS = {"€": "EUR", "£": "GBP", "₩": "KRW", "฿": "THB", "₺": "TRY", "²": "2", "³": "3"} | {
    "µ": "u", "μ": "u", "·": ".", "⋅": ".", "Ω": "ohm", "℃": "°C",
}  # fmt: skip
_FREE = re.compile(r"[^\W\d_](?:[^\W_]{0,29}[^\W\d_])?")
_POWERS = {"": "", "2": "square ", "3": "cubic "}

_PREFIXES = {
    "T": "tera", "G": "giga", "M": "mega", "k": "kilo",
    "c": "centi", "m": "milli", "u": "micro", "n": "nano",
}  # fmt: skip
_ALL = "TGMkmun"
_NAMES = {
    "W": _Name("watt", _ALL),
    "Wh": _Name("watt-hour", _ALL),
    "VA": _Name("volt-ampere", _ALL),
    "VAh": _Name("volt-ampere-hour", _ALL),
    "var": _Name("var", _ALL),
    "varh": _Name("var-hour", _ALL),
    "V": _Name("volt", _ALL),
    "A": _Name("ampere", _ALL),
    "Ah": _Name("ampere-hour", _ALL),
    "Hz": _Name("hertz", _ALL),
    "J": _Name("joule", _ALL),
    "N": _Name("newton", _ALL),
    "Pa": _Name("pascal", _ALL),
    "bar": _Name("bar", "m"),
    "g": _Name("gram", _ALL),
    "t": _Name("tonne", "GMk"),
    "m": _Name("metre", "kcmun"),
    "l": _Name("litre", "Mkcmun"),
    "K": _Name("kelvin", "m"),
    "°C": _Name("degree Celsius"),
    "s": _Name("second", "mun"),
    "min": _Name("minute"),
    "h": _Name("hour"),
    "d": _Name("day"),
    "%": _Name("percent"),
    "ohm": _Name("ohm", _ALL),
}
_MONEY = {
    "EUR": "euro", "GBP": "pound sterling", "JPY": "Japanese yen", "KRW": "South Korean won",
    "THB": "Thai baht", "TRY": "Turkish lira", "USD": "US dollar",
}  # fmt: skip
# ISO 4217, the codes of currencies in use; not those of metals, funds and tests.
_CURRENCIES = frozenset(
    code
    for row in (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP",
        "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP",
        "GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES",
        "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU",
        "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON",
        "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND",
        "TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR",
        "ZMW ZWG",
    )
    for code in row.split()
)
