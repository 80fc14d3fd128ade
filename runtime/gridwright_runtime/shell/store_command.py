"""`gridwright store`: the server at which all machines keep limits and logins.

Its address comes from the environment alone, since it may hold a password.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from time import monotonic

from ..errors import ConfigurationError, StoreError
from ..shared_server.address import VARIABLE, address_in_environment
from ..shared_server.encryption import KEY_VARIABLE, sealer_of
from ..shared_server.server import SharedServer, Unreachable, server_at
from ..shared_server.start_mark import Mark, read_mark, write_mark
from .doctor import Finding
from .usage_error import UsageError

__all__ = ["begin_store", "store_findings"]

_ASKED = 9
_SLOW_SECONDS = 0.005


def begin_store() -> str:
    """Say at the server that limits and logins are kept there from now on.

    Returns:
        What was done, in a sentence.

    Raises:
        UsageError: the environment names no server.
        ConfigurationError: that is no address, or the server refuses or does not answer.
    """
    server = _server()
    write_mark(server)
    return (
        f"{server.address.shown} keeps limits and logins from now on. Processes that live enter "
        "what they hold within seconds; calls that are limited by how many are under way wait for "
        "that"
    )


def store_findings() -> Iterator[Finding]:
    """Yield what is found of the server, looked at only.

    Raises:
        UsageError: the environment names no server.
    """
    try:
        server = _server()
        mark = read_mark(server)
    except StoreError as error:
        help = f"start it, let this machine in, or correct {VARIABLE}"
        yield Finding("shared store", "problem", str(error), help)
        return
    except ConfigurationError as error:
        yield Finding("shared store", "problem", str(error), f"correct {VARIABLE}")
        return
    said = f"{server.address.shown} is {mark.version or 'there'}"
    if mark.is_primary:
        yield Finding("shared store", "ok", said)
    else:
        said += ", and a replica, which takes nothing: every call ends with an error"
        yield Finding("shared store", "problem", said, f"name its primary in {VARIABLE}")
    yield _begun(mark)
    yield _key()
    yield _memory(mark)
    try:
        yield from _time(server)
    except (Unreachable, StoreError) as error:
        yield Finding("round trip", "problem", str(error), "look again; it answered a moment ago")


def _begun(mark: Mark) -> Finding:
    if mark.begun_at is None:
        said = "it is new, or has forgotten everything, and no client calls by it"
        help = (
            "when the longest time of a limit and of its penalty has passed: gridwright store begin"
        )
        return Finding("memory of limits", "problem", said, help)
    noun = "account" if mark.accounts == 1 else "accounts"
    said = f"since {mark.begun_at:%Y-%m-%d %H:%M} UTC, of {mark.accounts} {noun}"
    return Finding("memory of limits", "ok", said)


def _key() -> Finding:
    try:
        sealer_of(None)
    except ConfigurationError as error:
        help = f"set {KEY_VARIABLE}, unless no client logs in: gridwright store key makes one"
        return Finding("key of logins", "warning", str(error), help)
    return Finding("key of logins", "ok", f"{KEY_VARIABLE} is set")


def _memory(mark: Mark) -> Finding:
    if mark.is_full and mark.eviction == "noeviction":
        said = "it is full, and takes nothing more: every call ends with an error"
        return Finding("full memory", "problem", said, "give the server a higher maxmemory")
    if mark.eviction in ("", "noeviction"):
        said = "nothing is thrown away" if mark.eviction else "it does not say what it throws away"
        return Finding("full memory", "ok" if mark.eviction else "skipped", said)
    said = f"its policy is {mark.eviction}, and may throw limits away when its memory is full"
    return Finding("full memory", "warning", said, "set maxmemory-policy noeviction")


def _time(server: SharedServer) -> Iterator[Finding]:
    seconds, ahead = [], []
    for _ in range(_ASKED):
        asked = monotonic()
        found = server.ask("TIME")
        now = datetime.now(UTC).timestamp()
        seconds.append(monotonic() - asked)
        ahead.append(int(found[0]) + int(found[1]) / 1e6 - now)
    trip, off = median(seconds), median(ahead)
    said = f"{trip * 1000:.2f} ms"
    if trip > _SLOW_SECONDS:
        help = "keep it nearer to the machines: a turn takes two round trips"
        yield Finding("round trip", "warning", said, help)
    else:
        yield Finding("round trip", "ok", said)
    yield Finding(
        "its clock", "ok", f"{abs(off):.0f} s from this machine's; limits go by the server's"
    )


def _server() -> SharedServer:
    url = address_in_environment()
    if not url:
        raise UsageError(
            f"set {VARIABLE} to the address of a server of Valkey or Redis, such as "
            "valkey://host:6379/0"
        )
    return server_at(url)
