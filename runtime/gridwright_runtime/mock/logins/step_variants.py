"""Say what each step of a login is sent, once for all environments that are sent alike."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

from msgspec import structs

from ...interface import Part, Step, System
from ..requests.source_texts import constant_of, holes_in, is_access
from .accounts import Expectations, MockAccount, expectations

__all__ = ["StepVariant", "for_server", "places_of", "renewals_of", "variants_of"]

ValueT = TypeVar("ValueT")


class StepVariant(NamedTuple):
    """What a step sends for some environments."""

    servers: frozenset[str]
    hosts: Mapping[str, frozenset[str]]
    """Environments by the host of the step's address."""
    constants: tuple[tuple[Part, str], ...]
    access: Expectations
    needed: tuple[Part, ...]
    """Parts that may be anything but nothing."""
    query: tuple[tuple[str, str], ...]
    """Constants in the query of the address."""


def variants_of(
    system: System,
    step: Step,
    accounts: Sequence[MockAccount],
    hosts: Mapping[str, str | None],
) -> tuple[StepVariant, ...]:
    """Return what a step sends, once for all environments that send alike."""
    alike: dict[tuple[object, ...], list[str]] = {}
    sent: dict[tuple[object, ...], tuple[tuple[Part, ...], str]] = {}
    for name in _names(step, hosts):
        parts = for_server(step.parts, name) or ()
        query = urlsplit(for_server(step.address, name) or "").query
        key: tuple[object, ...] = (*(repr(part) for part in parts), query)
        alike.setdefault(key, []).append(name)
        sent[key] = parts, query
    found = []
    for sending, names in alike.items():
        parts, query = sent[sending]
        by_host: dict[str, set[str]] = {}
        for name in names:
            host = urlsplit(for_server(step.address, name) or "").hostname or hosts.get(name)
            if host:
                by_host.setdefault(host, set()).add(name)
        access = tuple(part for part in parts if is_access(part))
        constants = tuple((part, text) for part in parts if (text := constant_of(part)) is not None)
        others = [part for part in parts if part not in access and constant_of(part) is None]
        found.append(
            StepVariant(
                frozenset(names),
                {host: frozenset(known) for host, known in by_host.items()},
                constants,
                expectations(access, accounts, system.credentials, f"{system.name}.{step.name}"),
                tuple(part for part in others if not part.optional and not _is_option(part)),
                tuple(parse_qsl(query, keep_blank_values=True)),
            )
        )
    return tuple(found)


def renewals_of(steps: Sequence[Step]) -> list[Step]:
    """Return what renews the results of steps: other requests, answered as the steps are."""
    found = []
    for step in steps:
        if (one := step.renewal) is not None:
            changed = structs.replace(
                step,
                method=one.method,
                address=one.address,
                parts=one.parts,
                encoding=one.encoding,
                success_status=one.success_status,
            )
            found.append(changed)
    return found


def places_of(step: Step) -> set[tuple[str, str]]:
    """Return the methods and paths at which a step is served."""
    return {(step.method, urlsplit(address).path) for address in step.address.values()}


def _names(step: Step, hosts: Mapping[str, object]) -> list[str]:
    named = [name for name in (*step.address, *step.parts) if name]
    return list(dict.fromkeys([*hosts, *named])) or [""]


def for_server(values: Mapping[str, ValueT], name: str) -> ValueT | None:
    """Return the value of an environment, else that of all; None: there is neither."""
    return values.get(name, values.get(""))


def _is_option(part: Part) -> bool:
    return any(hole.kind == "option" for hole in holes_in(part.source))
