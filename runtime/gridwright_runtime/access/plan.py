"""Plan the logins of a system: its steps, and which results each step needs of the others.

Everything here follows from the spec, the server that was chosen and the addresses that were given.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from ..errors import ConfigurationError
from ..interface import Hole, Part, Step, System
from ..sources import holes_in

__all__ = ["Planned", "planned_steps"]


class Planned(Struct, frozen=True, eq=False):
    """One step, as a client of one server takes it; compared by identity."""

    step: Step
    address: str
    """The whole address of the step, with ``{wire}`` for what travels there."""
    is_apart: bool
    """Whether the server of the login is another than that of the service."""
    parts: tuple[Part, ...]
    uses: tuple["Planned", ...]
    """The earlier steps whose results the step sends, in their order."""

    @property
    def name(self) -> str:
        """The name of the step."""
        return self.step.name

    def __repr__(self) -> str:
        return f"<step {self.step.name}>"


def planned_steps(
    system: System, *, server: str, base_url: str, login_url: str | None
) -> tuple[Planned, ...]:
    """Return the steps of a system in their order.

    Args:
        system: whose steps.
        server: the name of the server; empty where it has no name.
        base_url: the address of the service.
        login_url: scheme, host, port and perhaps a path, in place of those of absolute addresses.

    Raises:
        ConfigurationError: a step has no address at this server.
    """
    found: dict[str, Planned] = {}
    for step in system.steps:
        address = _of(step.address, server, system)
        is_apart = bool(urlsplit(address).scheme)
        parts = step.parts.get(server, step.parts.get("", ()))
        named = {hole.name for hole in _holes_of(parts) if hole.kind == "step"}
        found[step.name] = Planned(
            step=step,
            address=_moved(address, login_url) if is_apart else base_url + address,
            is_apart=is_apart,
            parts=parts,
            uses=tuple(one for name, one in found.items() if name in named),
        )
    return tuple(found.values())


def _holes_of(parts: Iterable[Part]) -> Iterable[Hole]:
    for part in parts:
        yield from holes_in(part.source)


def _of(values: Mapping[str, str], server: str, system: System) -> str:
    found = values.get(server, values.get(""))
    if found is None:
        raise ConfigurationError(f"{system.name}: environment must be one of {', '.join(values)}")
    return found


def _moved(address: str, login_url: str | None) -> str:
    """Return an address of the document, at another server if one is named."""
    if login_url is None:
        return address
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{login_url.rstrip('/')}{parts.path}{query}"
