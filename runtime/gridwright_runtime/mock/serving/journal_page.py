"""Show the broken limits of a mock as JSON, to programs on this machine alone."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...sending.loopback import is_loopback
from ..limits.watch import BrokenLimit
from ..state import Mock
from .sending import page

__all__ = ["JOURNAL_PATH", "journal_route", "summary"]

JOURNAL_PATH = "/.gridwright/journal"
"""Where the journal is; no service has such a path."""


def journal_route(mock: Mock) -> Route:
    """Return the route of the journal, to stand beside those of the services.

    GET shows it, DELETE also empties it. ``?more_than_seconds=0.05`` leaves out what was broken by
    no more than that: requests that were sent in time may take different times on their way.
    """

    async def show(request: Request) -> Response:
        client = request.client
        if client is None or not is_loopback(client.host):
            return page(404, "not found")
        try:
            ignored = float(request.query_params.get("more_than_seconds", "0"))
        except ValueError:
            return page(400, "more_than_seconds is no number")
        body = msgspec.json.encode(_journal(mock, ignored))
        if request.method == "DELETE":
            mock.watch.clear()
        return Response(body, media_type="application/json")

    return Route(JOURNAL_PATH, show, methods=["GET", "DELETE"], name="journal")


def summary(mock: Mock) -> str:
    """Return the broken limits in a few lines."""
    watch = mock.watch
    requests = sum(watch.requests.values())
    lines = [f"{requests} request{'' if requests == 1 else 's'}"]
    counts = {name: count for name, count in watch.broken_counts.items() if count}
    if not counts and watch.kinds:
        lines.append("no limit was broken")
    for name, count in counts.items():
        worst = max((b for b in watch.broken if b.limit == name), key=_size, default=None)
        by = f", at worst by {worst.breach}" if worst is not None else ""
        lines.append(f"{name} was broken {count} time{'' if count == 1 else 's'}{by}")
    return "\n".join(lines)


def _journal(mock: Mock, ignored_seconds: float) -> dict[str, object]:
    watch = mock.watch
    broken = [limit for limit in watch.broken if _counts(limit, ignored_seconds)]
    return {
        "system": mock.system,
        "requests": watch.requests,
        "limits": {
            name: {"kind": kind, "broken": watch.broken_counts[name], **watch.figures()[name]}
            for name, kind in watch.kinds.items()
        },
        "broken_limits": [
            {
                "time": limit.time.isoformat(),
                "operation": limit.operation,
                "limit": limit.limit,
                "kind": limit.kind,
                "seconds_too_early": limit.breach.seconds_too_early,
                "seconds_too_long": limit.breach.seconds_too_long,
                "calls_too_many": limit.breach.calls_too_many,
            }
            for limit in broken
        ],
    }


def _counts(limit: BrokenLimit, ignored_seconds: float) -> bool:
    breach = limit.breach
    seconds = max(breach.seconds_too_early, breach.seconds_too_long)
    return breach.calls_too_many > 0 or seconds > ignored_seconds


def _size(limit: BrokenLimit) -> float:
    breach = limit.breach
    return max(breach.seconds_too_early, breach.seconds_too_long, breach.calls_too_many)
