"""The account that logs in by a step, and the name under which its result is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

from ..clock import Clock
from ..sources import Values, holes_in
from .kept_result import KeptResult
from .login_lock import Login, LoginLock
from .plan import Planned
from .proof import fits, prove
from .store import LoginStore

__all__ = ["Account", "Who", "who_logs_in"]


class Who:
    """The account that logs in by a step; its repr shows nothing of it."""

    __slots__ = ("name", "secret")

    def __init__(self, name: str, secret: str) -> None:
        self.name = name
        """The name by which stores know the account: the same for all clients that may share its
        logins."""
        self.secret = secret
        """The secret that must match before a kept login is used; empty where the name is made of
        all."""

    def __repr__(self) -> str:
        return "<account>"


def who_logs_in(planned: Planned, values: Values, *, before: Mapping[str, Who]) -> Who:
    """Return who logs in by a step: its name is made of what the step sends.

    At a server that is not the service's own, the first credential names the user, and the others
    prove who it is: such a login is shared by all services of the user, and outlives a change of
    the password. At the service's own address all credentials are part of the name, so that nobody
    can find a personal number in it by trying them all. So they are where what is kept is renewed:
    what two users can renew must never get into each other's place. Kept logins of earlier releases
    have these names.

    Args:
        planned: the step.
        values: credentials and what else the client was told.
        before: who logs in by the steps before it, by name.
    """
    credentials, options = values.credentials, values.options
    holes = [hole for part in planned.parts for hole in holes_in(part.source)]
    names = [hole.name for hole in holes if hole.kind == "credential" and hole.name in credentials]
    told = sorted({hole.name for hole in holes if hole.kind == "option"} & options.keys())
    used = [before[one.name] for one in planned.uses]
    secrets = [one.secret for one in used if one.secret]
    facts = [planned.address]
    if planned.is_apart and names and planned.renewal is None:
        first, *others = dict.fromkeys(names)
        facts.append(credentials[first])
        secrets += [credentials[name] for name in others]
    else:
        facts += (f"{name}={credentials[name]}" for name in sorted(set(names)))
    facts += (f"{name}={options[name]}" for name in told)
    facts += (one.name for one in used)
    name = sha256("\n".join(facts).encode()).hexdigest()[:32]
    return Who(name, "\n".join(secrets))


class Account:
    """The place where the result of a step is kept, for one account; shared by all calls of a
    client.

    Args:
        who: who logs in.
        planned: the step.
        clock: what time it is.
        choose_store: returns where logins are kept, the same each time.
    """

    def __init__(
        self, who: Who, planned: Planned, clock: Clock, choose_store: Callable[[], LoginStore]
    ) -> None:
        self.planned = planned
        self.name = who.name
        self.clock = clock
        self.login = Login(who.name, who.secret)
        self._secret = who.secret
        self._choose_store = choose_store
        self._proofs: dict[str, bool] = {}  # the last one; replaced, never changed

    @property
    def store(self) -> LoginStore:
        """The store; its folder is chosen when it is first needed."""
        return self._choose_store()

    def may_wait(self, *, is_load: bool) -> bool:
        """Say whether the store may wait for a server, as those of users need not say."""
        waits = getattr(self.store, "may_wait", None)
        return waits is not None and bool(waits(self.name, is_load=is_load))

    def is_held(self) -> bool:
        """Say whether this process holds the account still, as stores that lose none need not say.

        Raises:
            StoreError: the store does not answer.
        """
        is_held = getattr(self.store, "is_held", None)
        return is_held is None or bool(is_held(self.name))

    def login_lock(self) -> LoginLock:
        """Return what lets one login through at a time in this process."""
        return self.store.login_lock(self.name)

    def proof(self, last: KeptResult | None) -> str:
        """Return a proof of the secret; that of the last login, where it fits."""
        if not self._secret:
            return ""
        if last is not None and self.is_own(last):
            return last.proof
        made = prove(self._secret, cost=self.store.proof_cost)
        self._proofs = {made: True}
        return made

    def is_own(self, kept_result: KeptResult) -> bool:
        """Say whether a login came of the secret of this client; worked out once for each proof."""
        if not self._secret:
            return True
        known = self._proofs.get(kept_result.proof)
        if known is None:  # threads may both find out
            known = fits(kept_result.proof, self._secret)
            self._proofs = {kept_result.proof: known}
        return known

    def __repr__(self) -> str:
        return f"<account at {self.planned.address}>"
