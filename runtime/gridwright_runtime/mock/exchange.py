"""What every mock does with HTTP, whatever it serves. Never looks into a body."""

from collections.abc import Iterable

from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Receive, Scope, Send

from ..clock import Clock
from .engine import MOCK_EXTENSION

__all__ = ["page", "read_body", "send_reply", "wait"]


async def read_body(receive: Receive, largest: int) -> bytes | None:
    """Return the body of a request, None when it is too large."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


async def send_reply(
    send: Send,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    *,
    is_cut_off: bool = False,
) -> None:
    """Send a reply, or half of it and then nothing."""
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, (b"content-length", b"%d" % len(body))],
    }
    await send(start)
    sent = body[: len(body) // 2] if is_cut_off else body
    await send({"type": "http.response.body", "body": sent, "more_body": is_cut_off})


async def wait(clock: Clock, scope: Scope, seconds: float) -> None:
    """Wait as the caller's transport can: in its event loop, or blocking where there is none.

    Raises:
        TimeoutError: the caller's transport says that it waits less long.
    """
    how = scope.get("extensions", {}).get(MOCK_EXTENSION, {})
    patience = how.get("read_timeout")
    shortened = seconds if patience is None else min(seconds, patience)
    if how.get("is_blocking"):
        clock.sleep(shortened)
    else:
        await clock.async_sleep(shortened)
    if shortened < seconds:
        raise TimeoutError("the reply takes longer than the client waits")


def page(status: int, text: str) -> Response:
    """Return the page that a server answers with when no service has answered."""
    title = f"HTTP {status}: {text}"
    return HTMLResponse(
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>",
        status_code=status,
    )
