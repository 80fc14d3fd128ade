"""Send a mock's reply: whole or cut off, at once or late."""

from collections.abc import Iterable

from starlette.responses import HTMLResponse, Response
from starlette.types import Message, Scope, Send

from ...clock import Clock

__all__ = ["MOCK_EXTENSION", "page", "send_reply", "wait"]

MOCK_EXTENSION = "gridwright.mock"
"""The ASGI extension by which our own transports say how to wait; see `transport`."""


async def send_reply(
    send: Send,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    *,
    is_cut_off: bool = False,
) -> None:
    """Send a reply with its length; cut off, announce the length and send half of it."""
    # RFC 9110, 8.6: a 204 announces no length.
    length = [] if status == 204 else [(b"content-length", b"%d" % len(body))]
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, *length],
    }
    await send(start)
    sent = body[: len(body) // 2] if is_cut_off else body
    await send({"type": "http.response.body", "body": sent, "more_body": is_cut_off})


async def wait(clock: Clock, scope: Scope, seconds: float) -> None:
    """Wait as the caller's transport can: in its event loop, or blocking where there is none."""
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
    """Return a small HTML page, as servers send for what they cannot route."""
    title = f"HTTP {status}: {text}"
    return HTMLResponse(
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>",
        status_code=status,
    )
