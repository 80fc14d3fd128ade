"""End connections whose request stops halfway; uvicorn alone would hold them for ever."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

__all__ = ["REQUEST_SECONDS", "TimedProtocol"]

REQUEST_SECONDS = 20.0
"""How long the rest of a request may be silent."""


class TimedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # the one that is installed
    """Closes a connection on which nothing came while something was still to come."""

    def connection_made(self, transport: Any) -> None:
        """Begin to watch."""
        super().connection_made(transport)
        self._heard_at = self.loop.time()
        self._watch: asyncio.TimerHandle = self.loop.call_later(REQUEST_SECONDS, self._end_silence)

    def data_received(self, data: bytes) -> None:
        """Take note of the time."""
        self._heard_at = self.loop.time()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        self._watch.cancel()
        super().connection_lost(exc)

    def _end_silence(self) -> None:
        silent = self.loop.time() - self._heard_at
        cycle = self.cycle
        # What has been received whole is being answered, and may take its time.
        is_waiting = cycle is None or cycle.response_complete or cycle.more_body
        if is_waiting and silent >= REQUEST_SECONDS:
            self.transport.close()
            return
        rest = REQUEST_SECONDS - silent if is_waiting else REQUEST_SECONDS
        self._watch = self.loop.call_later(max(rest, 0.01), self._end_silence)
