"""Show the request that a call would send, with secrets and personal values masked."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..interface import Operation
from ..message import HttpRequest
from ..record import Record
from ..redact import MASK, mask
from ..sending.conversation import Conversation

__all__ = ["PlannedRequest", "planning"]


class PlannedRequest(Struct, frozen=True):
    """A request that was built and checked, as it may be shown."""

    operation: str
    kind: str
    method: str
    address: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: str | None
    login: tuple[str, ...]
    """Steps that are taken before it, or whose kept results it carries."""

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "operation": self.operation,
            "kind": self.kind,
            "method": self.method,
            "address": self.address,
            "query": [list(pair) for pair in self.query],
            "headers": [list(pair) for pair in self.headers],
            "body": self.body,
            "login": list(self.login),
        }

    def __str__(self) -> str:
        lines = [f"{self.operation}: a {self.kind}; nothing was sent"]
        if self.login:
            lines.append(f"login: {', '.join(self.login)}")
        lines.append(f"{self.method} {self.address}")
        lines += [f"  {name} = {value}" for name, value in self.query]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            lines += ["", self.body]
        return "\n".join(lines)


class _WasPlanned(BaseException):
    """Leaves the generated method; no handler of errors of a call sees it."""

    def __init__(self, planned: PlannedRequest) -> None:
        self.planned = planned


def planning(client: type[Any]) -> type[Any]:
    """Return a client whose methods plan: ``planned_by`` of it calls one and returns what it would
    have sent.
    """

    class Planning(client):  # type: ignore[misc]  # the class is known when it runs
        def _send(
            self, operation: Operation[Any], arguments: Record, options: Mapping[str, Any]
        ) -> Any:
            """Stand for what all calls are made by, those of a walk, too."""
            call = self._begin(operation, arguments, options)
            raise _WasPlanned(_planned(operation, call, self._settings))

        def planned_by(self, method: str, arguments: Mapping[str, Any]) -> PlannedRequest:
            try:
                found = getattr(self, method)(**arguments)
                next(iter(found))  # a walk plans its first page when it is asked for it
            except _WasPlanned as end:
                return end.planned
            raise TypeError(f"{method} sends nothing")

    return Planning


def _planned(operation: Operation[Any], call: Conversation[Any], settings: Any) -> PlannedRequest:
    draft: Any = call.draft
    results = {
        step.name: dict.fromkeys(step.read, MASK) | {"": MASK}
        for step in settings.system.steps
        if step.name in draft.steps
    }
    request: HttpRequest = draft.request(results=results, now=settings.clock.now(), serial=MASK)
    hidden = (*request.sensitive, *settings.secrets)
    return PlannedRequest(
        operation=operation.call,
        kind=operation.kind,
        method=request.method,
        address=request.safe_url,
        query=tuple((name, mask(value, hidden)) for name, value in request.query),
        headers=tuple((name, mask(value, hidden)) for name, value in request.headers),
        body=_body(request, hidden),
        login=tuple(step.name for step in settings.system.steps if step.name in draft.steps),
    )


def _body(request: HttpRequest, hidden: tuple[str, ...]) -> str | None:
    body = request.body
    if body is None:
        return None
    if not isinstance(body, bytes):
        return "<a body that is sent in pieces, with a file in it>"
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"<{len(body)} bytes>"
    try:
        return mask(json.dumps(json.loads(text), ensure_ascii=False, indent=1), hidden)
    except ValueError:
        return mask(text, hidden)
