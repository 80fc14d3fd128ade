"""Plan the logins of a system: its steps, and which results each step needs of the others.

Everything here follows from the spec, the server that was chosen and the addresses that were given.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct, structs

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
    renewal: "Planned | None" = None
    """The request that renews what is kept; None: the step is taken anew."""

    @property
    def name(self) -> str:
        """The name of the step."""
        return self.step.name

    @property
    def own_parts(self) -> tuple[str, ...]:
        """The parts of its own result that the renewal sends."""
        parts = () if self.renewal is None else self.renewal.parts
        own = [hole.part for hole in _holes_of(parts) if (hole.kind, hole.name) == self._own]
        return tuple(dict.fromkeys(own))

    @property
    def _own(self) -> tuple[str, str]:
        return "step", self.name

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

    def planned(step: Step, renewal: Planned | None = None) -> Planned:
        address = _of(step.address, server, system)
        is_apart = bool(urlsplit(address).scheme)
        parts = step.parts.get(server, step.parts.get("", ()))
        named = {hole.name for hole in _holes_of(parts) if hole.kind == "step"}
        return Planned(
            step=step,
            address=_moved(address, login_url) if is_apart else base_url + address,
            is_apart=is_apart,
            parts=parts,
            uses=tuple(one for name, one in found.items() if name in named),
            renewal=renewal,
        )

    for step in system.steps:
        renewal = _renewal_of(step)
        found[step.name] = planned(step, None if renewal is None else planned(renewal))
    return tuple(found.values())


def _renewal_of(step: Step) -> Step | None:
    """Return the step that renews the result of another: another request, read alike."""
    if step.renewal is None:
        return None
    return structs.replace(step, **structs.asdict(step.renewal), renewal=None)


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
