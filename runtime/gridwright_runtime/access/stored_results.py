"""Save the result of a step in a store, and load it again."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from ..message import RawReply
from .account import Account
from .kept_result import KeptResult, is_same
from .step_reply import lifetime_in, location_in
from .step_result import StepResult
from .timestamp import Timestamp

__all__ = ["clear_result", "load_renewal", "load_result", "take_result"]


def take_result(
    account: Account,
    raw: RawReply,
    asked: Timestamp,
    parts: dict[str, str],
    *,
    renewed: Mapping[str, str],
    has_place: bool,
) -> StepResult:
    """Return the result of a step, and save it unless it serves one request only.

    Args:
        account: held, where the result is kept.
        raw: the reply.
        asked: when the request left.
        parts: of the result.
        renewed: the parts that the request sent, where it renewed them.
        has_place: the reply may say where the result is to be used.
    """
    planned, step = account.planned, account.planned.step
    seconds = lifetime_in(raw, step, planned.address, parts=parts, now=asked.now)
    location = location_in(raw, planned.address) if has_place else ""
    # What the reply does not replace is good on.
    parts = {
        name: parts.get(name) or renewed[name]
        for name in step.read
        if name in parts or name in renewed
    }
    kept_result = None
    if not step.once:
        last = account.store.load(account.name)
        kept_result = KeptResult(
            value=next(iter(parts.values()), ""),
            issuer=planned.address,
            issued_at=asked.now,
            last_used_at=asked.now,
            login=last.login + 1 if last else 1,
            address=location,
            proof=account.proof(last),
            parts=parts if len(step.read) > 1 else UNSET,
            lifetime_seconds=seconds if step.lifetime_read and seconds else UNSET,
            renewal=_renewal(account, parts),
        )
        account.store.save(account.name, kept_result)
    return StepResult(planned, parts, seconds, asked, kept_result, location, is_own=True)


def load_result(account: Account, refused: KeptResult | None) -> StepResult | None:
    """Return the kept result, if it may be used and is not the one that was refused."""
    planned, kept_result = account.planned, account.store.load(account.name)
    if kept_result is None or kept_result.issuer != planned.address or not kept_result.value:
        return None
    if refused is not None and is_same(kept_result, refused):
        return None
    names = tuple(planned.step.read)
    parts = {names[0]: kept_result.value} if len(names) == 1 else kept_result.parts
    if isinstance(parts, UnsetType) or set(names) - parts.keys() - set(planned.step.optional):
        return None
    printed = planned.step.lifetime_seconds
    seconds = printed if printed is not None and printed > 0 else None
    if not isinstance(kept_result.lifetime_seconds, UnsetType):
        seconds = kept_result.lifetime_seconds
    found = StepResult(
        planned, parts, seconds, Timestamp(account.clock), kept_result, location=kept_result.address
    )
    return found if found.is_alive(account.clock) and account.is_own(kept_result) else None


def load_renewal(account: Account) -> dict[str, str] | None:
    """Return the kept parts that the request sends which renews the result; None: there are none.

    They are there still when the result itself has ended, or was refused.
    """
    planned, kept_result = account.planned, account.store.load(account.name)
    if kept_result is None or kept_result.issuer != planned.address:
        return None
    renewal = kept_result.renewal
    if isinstance(renewal, UnsetType) or renewal.keys() != set(planned.own_parts):
        return None
    return renewal if account.is_own(kept_result) else None


def clear_result(account: Account) -> None:
    """Save an empty result: a store that cannot save must fail before the login, not after.

    The account must be held. The result that another secret was given stays, so that a mistyped
    one ends nobody's login; and so does what renews a result, until something newer is got.
    """
    kept, now = account.store.load(account.name), account.clock.now()
    if kept is not None and kept.value and not account.is_own(kept):
        account.store.save(account.name, kept)
        return
    blank = KeptResult(
        value="",
        issuer=account.planned.address,
        issued_at=now,
        last_used_at=now,
        login=kept.login if kept else 0,
        proof=kept.proof if kept else "",
        renewal=kept.renewal if kept else UNSET,
    )
    account.store.save(account.name, blank)


def _renewal(account: Account, parts: Mapping[str, str]) -> dict[str, str] | UnsetType:
    """Return the parts that renew a result, if it has them all."""
    names = account.planned.own_parts
    found = {name: parts[name] for name in names if name in parts}
    return found if names and len(found) == len(names) else UNSET
