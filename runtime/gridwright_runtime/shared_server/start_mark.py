"""The mark that a person sets at a server, by which one that forgot everything is found out.

A server that lost what it knew looks like a new one. Who comes first would take all turns for free,
while the calls of others are still under way. So nothing is kept at a server before somebody said
that it begins there, and one that was emptied is found out by that.
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import NamedTuple

from ..errors import StoreError
from .server import Script, SharedServer, Unreachable

__all__ = ["MARK", "Mark", "forgotten_error", "read_mark", "write_mark"]

MARK = "{gridwright}:begun"
"""The braces keep all keys in one slot of a cluster."""


class Mark(NamedTuple):
    """What a server says of itself."""

    begun_at: datetime | None
    """None: nobody has said that it begins, or that was lost."""
    accounts: int
    """Of how many accounts it keeps limits."""
    eviction: str
    """What it does when its memory is full; empty where it does not say."""
    version: str
    """Which server it is."""
    is_primary: bool
    """Whether it takes what is written; a replica does not."""
    is_full: bool
    """Whether it holds as much as its memory may, so that it takes nothing more."""


def write_mark(server: SharedServer) -> None:
    """Say that limits and logins are kept at a server from now on, and that it knows of none.

    Raises:
        StoreError: it refuses or does not answer.
    """
    try:
        server.run(_BEGIN, MARK, token_hex(16), datetime.now(UTC).isoformat(timespec="seconds"))
    except Unreachable as error:
        raise server.unreached("limits and logins", str(error)) from None


def read_mark(server: SharedServer) -> Mark:
    """Return what a server says of itself.

    Raises:
        StoreError: it refuses or does not answer.
    """
    try:
        at, accounts, about = server.run(_LOOK, MARK)
    except Unreachable as error:
        raise server.unreached("limits and logins", str(error)) from None
    facts = dict(
        line.split(":", 1) for line in about.decode(errors="replace").split("\r\n") if ":" in line
    )
    kind = "Valkey" if "valkey_version" in facts else "Redis"
    version = facts.get("valkey_version") or facts.get("redis_version", "")
    begun_at = datetime.fromisoformat(at.decode()) if at else None
    most = int(facts.get("maxmemory", "0"))
    return Mark(
        begun_at=begun_at,
        accounts=accounts,
        eviction=facts.get("maxmemory_policy", ""),
        version=f"{kind} {version}".strip(),
        is_primary=facts.get("role", "master") == "master",
        is_full=0 < most <= int(facts.get("used_memory", "0")),
    )


def forgotten_error(server: SharedServer) -> StoreError:
    """Say that a server does not know what was called before."""
    return StoreError(
        f"{server.address.shown} knows of no limits: it is new, or was restarted or emptied and "
        "has forgotten them, so nothing was sent. When the longest time of a limit, and of its "
        "penalty, has passed since then, type: gridwright store begin"
    )


# All fields but these three are names of accounts.
_BEGIN = Script(
    """
redis.call('DEL', KEYS[1])
local time = redis.call('TIME')
local since = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'at', ARGV[2], 'since', since)
return 1
""",
    keys=1,
)
_LOOK = Script(
    """
local about = redis.call('INFO', 'server') .. redis.call('INFO', 'memory')
about = about .. redis.call('INFO', 'replication')
local fields = redis.call('HLEN', KEYS[1])
return {redis.call('HGET', KEYS[1], 'at') or '', math.max(fields - 3, 0), about}
""",
    keys=1,
)
