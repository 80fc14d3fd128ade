"""The state of a mock's application: ``app.state.mock``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..clock import Clock
from ..interface import Operation
from .faults import Faults
from .journal import Journal
from .limits.watch import LimitsWatch
from .logins.accounts import MockAccount
from .logins.server import LoginServer
from .requests.security_tokens import SeenNonces
from .world import World

__all__ = ["LimitAnswer", "Mock"]

LimitAnswer: TypeAlias = Literal["journal", "503", "429", "fault"]
"""What a broken limit is answered with: ``journal``, as if nothing were wrong; an HTTP status; or
a fault, which is HTTP 500 where there is no SOAP."""


@dataclass(slots=True, kw_only=True)
class Mock:
    """The mock behind an application: ``app.state.mock``."""

    system: str
    operations: tuple[Operation[Any], ...]
    world: World
    clock: Clock
    faults: Faults
    journal: Journal
    watch: LimitsWatch
    """What it saw of limits."""
    server: LoginServer | None
    """The logins; None: the system has no steps."""
    answers: Mapping[str, LimitAnswer]
    """What broken limits are answered with, by the name of a limit."""
    servers: Mapping[str, str]
    """Addresses of the environments by name."""
    accounts: tuple[MockAccount, ...] = field(repr=False)
    nonces: SeenNonces = field(default_factory=SeenNonces, repr=False)
    """Those of the tokens of WS-Security."""
    takes_any_host: bool = False
    """Whether others than this machine may call it by any name."""

    @property
    def sessions(self) -> LoginServer | None:
        """The logins, by their other name."""
        return self.server
