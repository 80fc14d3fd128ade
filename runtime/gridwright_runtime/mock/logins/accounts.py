"""Find the account whose credentials a request carries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ...errors import ConfigurationError
from ...interface import (
    Argument,
    Credential,
    FormatWord,
    NewId,
    Now,
    Part,
    Serial,
    ServiceName,
)
from ..requests.source_texts import Expected, credentials_in

__all__ = [
    "CandidateAccounts",
    "Expectations",
    "Mismatch",
    "MockAccount",
    "accounts_of",
    "expectations",
    "invented_credential",
    "present",
]


class MockAccount(NamedTuple):
    """One account that the mock knows."""

    name: str
    credentials: Mapping[str, str]

    def __repr__(self) -> str:
        return "MockAccount(***)"


class CandidateAccounts(NamedTuple):
    """What a request carries in one place after another, as far as it has been looked at."""

    accounts: frozenset[int]
    """The accounts that it may belong to, by number."""
    results: Mapping[tuple[str, str], str]
    """Results of login steps, by step and part."""

    def __repr__(self) -> str:
        return "CandidateAccounts(***)"


class Mismatch(NamedTuple):
    """Why a request belongs to no account."""

    part: Part
    is_missing: bool


Expectations = Sequence[tuple[Part, Sequence[Expected | None]]]
"""Parts with what each account presents there; None: the account has nothing for it."""


def accounts_of(
    credentials: Sequence[Credential],
    given: Mapping[str, str] | None,
    more: Sequence[Mapping[str, str]],
) -> tuple[MockAccount, ...]:
    """Return the accounts of a mock; where none is given, one of invented credentials."""
    if given is None:
        given = {item.name: invented_credential(item.name) for item in credentials}
    named = [item.name for item in credentials if not item.secret]
    named += [item.name for item in credentials if item.secret]
    return tuple(
        MockAccount(next((one[name] for name in named if one.get(name)), ""), dict(one))
        for one in (given, *more)
    )


def invented_credential(name: str) -> str:
    """Return what a mock accepts as a credential unless it is given another."""
    return f"demo-{name.replace('_', '-')}"


def expectations(
    parts: Iterable[Part], accounts: Sequence[MockAccount], known: Sequence[Credential], call: str
) -> Expectations:
    """Work out what each account presents.

    Raises:
        ConfigurationError: an account lacks a credential that is not optional.
    """
    optional = {item.name for item in known if item.optional}
    found = []
    for part in parts:
        source = part.source
        if isinstance(source, Argument | NewId | Serial | Now | ServiceName | FormatWord):
            continue
        needed = credentials_in(source)
        row: list[Expected | None] = []
        for account in accounts:
            missing = [name for name in needed if not account.credentials.get(name)]
            if lacking := [name for name in missing if name not in optional]:
                if part.optional:
                    row.append(None)
                    continue
                names = ", ".join(sorted(lacking))
                raise ConfigurationError(f"the mock needs a value of {names} for {call}")
            row.append(None if missing else Expected(source, account.credentials))
        found.append((part, tuple(row)))
    return tuple(found)


def present(
    before: CandidateAccounts,
    expected: Expectations,
    values: Mapping[int, str | None],
) -> CandidateAccounts | Mismatch:
    """Look at what a request presents; ``values`` are those of the parts, by their order."""
    accounts, results = before.accounts, dict(before.results)
    for number, (part, row) in enumerate(expected):
        text = values.get(number)
        if text is None or text == "":
            without = frozenset(one for one in accounts if row[one] is None)
            if part.optional or not row:
                continue
            if not without:
                return Mismatch(part, is_missing=True)
            accounts = without
            continue
        fitting: set[int] = set()
        for one in accounts:
            wanted = row[one]
            taken = wanted.take(text) if wanted is not None else None
            if taken is not None:
                fitting.add(one)
                results |= taken.results
        if not fitting:
            return Mismatch(part, is_missing=False)
        accounts = frozenset(fitting)
    return CandidateAccounts(accounts, results)
