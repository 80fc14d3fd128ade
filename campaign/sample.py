"""An invented service with a session, a rate and a concurrency, and its clients. Never serves."""

from pathlib import Path
from typing import Any

from gridwright_runtime.client import BaseClient
from gridwright_runtime.interface import (
    Argument,
    Credential,
    Hole,
    Operation,
    Part,
    ReplySpec,
    RequestSpec,
    Step,
    System,
    Text,
)
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits, RateLimit
from gridwright_runtime.limits.valkey import ValkeyLimitStore
from gridwright_runtime.record import Record
from gridwright_runtime.retry import RetryPolicy

__all__ = [
    "AT_MOST",
    "LOOK",
    "PER_SECONDS",
    "REQUESTS",
    "TOUCH",
    "Arguments",
    "client_at",
    "limited_client",
]

REQUESTS, PER_SECONDS, AT_MOST = 20, 0.5, 3
LEASE_SECONDS = 1.0


class Arguments(Record, frozen=True):
    """What a call asks for."""

    number: str = ""


class Thing(Record, frozen=True):
    """What comes back."""

    value: str = ""


def _operation(name: str, *parts: Part) -> Operation[Thing]:
    return Operation(
        system="sample",
        name=name,
        wire_name=name,
        kind="read",
        method="GET",
        path=f"/{name}",
        request=RequestSpec(
            model=Arguments,
            check=lambda *_: [],
            parts=(Part(wire="number", place="query", source=Argument("number")), *parts),
        ),
        reply=ReplySpec(model=Thing, shape="record", formats={"json": ("application/json",)}),
    )


LOOK = _operation("look")
"""Open to all."""
TOUCH = _operation(
    "touch", Part(wire="X-Session", place="header", source=Text((Hole("step", "session"),)))
)
"""Needs a session, and is limited."""
_SERVERS = {"production": "https://sample.example"}
_OPEN = System(name="sample", servers=_SERVERS, default_server="production")
_LIMITED = System(
    name="sample",
    servers=_SERVERS,
    default_server="production",
    credentials=(
        Credential(name="user", environment="SAMPLE_USER"),
        Credential(name="password", environment="SAMPLE_PASSWORD"),
    ),
    steps=(
        Step(
            name="session",
            method="POST",
            address={"": "/login"},
            parts={
                "": (
                    Part(wire="user", place="body", source=Text((Hole("credential", "user"),))),
                    Part(
                        wire="password",
                        place="body",
                        source=Text((Hole("credential", "password"),)),
                    ),
                )
            },
            encoding="form",
            read={"": ("body session",)},
            lifetime_seconds=3600.0,
            refused=(401,),
        ),
    ),
    limits=Limits(
        (
            RateLimit(
                name="rate", requests=REQUESTS, per_seconds=PER_SECONDS, operations=("touch",)
            ),
            ConcurrencyLimit(name="at_once", at_most=AT_MOST, operations=("touch",)),
        )
    ),
)


def client_at(address: str) -> BaseClient:
    """Return a client for calls that are open to all."""
    return BaseClient(
        _OPEN,
        credentials={},
        base_url=address,
        retry=RetryPolicy(attempts=1),
        timeout_seconds=15.0,
    )


def limited_client(
    address: str, place: Path | str, user: str = "invented", **more: Any
) -> BaseClient:
    """Return a client that shares limits and session by a folder, or a server's address."""
    shared: dict[str, Any]
    if isinstance(place, str):
        limits = ValkeyLimitStore(place, lease_seconds=LEASE_SECONDS)
        shared = {"shared_store": place, "limit_store": limits}
    else:
        limits_folder = FileLimitStore(place / "limits")
        shared = {"login_folder": place / "logins", "limit_store": limits_folder}
    return BaseClient(
        _LIMITED,
        credentials={"user": user, "password": "INVENTED-password"},
        base_url=address,
        retry=RetryPolicy(attempts=1),
        **{"timeout_seconds": 5.0, **shared, **more},
    )
