"""The logins of a client, which all of its calls share."""

from collections.abc import Callable, Mapping

from msgspec import structs

from ..clock import Clock
from ..interface import NewId, Serial
from ..limits.turns import LOGIN, Turns
from ..message import Hidden, HttpRequest
from ..sources import Values
from .account import Account, Who, who_logs_in
from .plan import Planned
from .request import step_request
from .step_result import StepResult
from .store import LoginStore

__all__ = ["ClientAccess"]


class ClientAccess:
    """The logins of a client; shared by all of its calls.

    Args:
        system: the system's id, for messages.
        steps: of the system, in their order.
        values: credentials and what else the client was told.
        clock: what time it is.
        choose_store: returns where logins are kept, the same each time.
        turns: where logins take their turns.
        new_id: makes identifiers of requests.
        next_serial: makes numbers that only grow.
    """

    def __init__(
        self,
        *,
        system: str,
        steps: tuple[Planned, ...],
        values: Values,
        clock: Clock,
        choose_store: Callable[[], LoginStore],
        turns: Turns,
        new_id: Callable[[], str],
        next_serial: Callable[[], str],
    ) -> None:
        self.system = system
        self.clock = clock
        self.turns = turns
        self.secrets = Hidden(values.credentials.values())
        self.steps = {planned.name: planned for planned in steps}
        self.is_limited = turns.is_limited(LOGIN)
        self._values = values
        self._new_id = new_id
        self._next_serial = next_serial
        who: dict[str, Who] = {}
        self.accounts: dict[str, Account] = {}
        self.located: set[str] = set()
        """The steps whose results stand in the path of a later one."""
        for planned in steps:
            who[planned.name] = who_logs_in(planned, values, before=who)
            self.accounts[planned.name] = Account(who[planned.name], planned, clock, choose_store)
            for sent in (planned, planned.renewal):
                if sent is not None and any(part.place == "path" for part in sent.parts):
                    self.located |= {one.name for one in sent.uses}

    def request(
        self,
        planned: Planned,
        results: Mapping[str, StepResult],
        sensitive: Hidden,
        *,
        renewed: Mapping[str, str],
    ) -> HttpRequest:
        """Return what asks for the result of a step now, perhaps with parts that it renews."""
        values = structs.replace(
            self._values,
            results={name: one.parts for name, one in results.items()} | {planned.name: renewed},
            identity=self._new_id() if _has(planned, NewId) else "",
            serial=self._next_serial() if _has(planned, Serial) else "",
            now=self.clock.now(),
        )
        locations = {name: one.location for name, one in results.items()}
        return step_request(planned, values, locations=locations, sensitive=sensitive)

    def __repr__(self) -> str:
        return f"<access to {self.system}>"


def _has(planned: Planned, source: type[object]) -> bool:
    return any(isinstance(part.source, source) for part in planned.parts)
