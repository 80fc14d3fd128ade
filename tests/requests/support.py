"""One helper for the one boundary: from an operation and arguments to a request, or to problems."""

import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.interface import Operation
from gridwright_runtime.message import HttpRequest
from gridwright_runtime.record import Record
from gridwright_runtime.requests.build import Draft, prepare
from gridwright_runtime.requests.build_body import Sending
from gridwright_runtime.sources import Values

HERE = "http://127.0.0.1:8000"
ELSEWHERE = "https://api.sample.example/base"
KEY = "INVENTED-key"
PASSWORD = "INVENTED-pass<&>"
NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)
CREDENTIALS = {"service_key": KEY, "login_id": "INVENTED-login", "password": PASSWORD}
OPTIONS = {"application": "gopweb", "ip_address": "192.0.2.1"}
RESULTS: Mapping[str, Mapping[str, str]] = {"ticket": {"": "ST-1-INVENTED"}}
IDENTITY = "7f1c"


def drafted(
    operation: Operation[Any], arguments: Record, base_url: str = HERE, **how: Any
) -> Draft:
    given = Values(
        credentials=how.get("credentials", CREDENTIALS),
        options=how.get("options", OPTIONS),
        identity=how.get("identity", IDENTITY),
        service_name=operation.wire_name,
        format=how.get("format", next(iter(operation.reply.formats))),
    )
    sending = Sending(
        base_url,
        how.get("attachments", ()),
        how.get("progress"),
        how.get("new_boundary", lambda: "frontier"),
    )
    more = {name: how[name] for name in ("overrule", "now") if name in how}
    return prepare(operation, arguments, given, sending, **more)


def built(
    operation: Operation[Any], arguments: Record, base_url: str = HERE, **how: Any
) -> HttpRequest:
    draft = drafted(operation, arguments, base_url, **how)
    return draft.request(results=RESULTS, now=NOW, serial="41")


def body_of(request: HttpRequest) -> bytes:
    if request.body is None or isinstance(request.body, bytes):
        return request.body or b""
    return b"".join(request.body.pieces())


def problems(operation: Operation[Any], arguments: Record, **how: Any) -> list[str]:
    """Return path and rule of each problem of a request that is refused."""
    with pytest.raises(InvalidRequestError) as caught:
        built(operation, arguments, **how)
    assert caught.value.__context__ is None
    return [f"{problem.path} {problem.rule}" for problem in caught.value.problems]


def shown(error: BaseException) -> str:
    """Return all that a log could show of an error, and our variables in its traceback."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in trace.stack if "/gridwright_runtime/" in frame.filename]
    assert ours
    variables = [value for frame in ours for value in (frame.locals or {}).values()]
    return "\n".join([repr(error), *traceback.format_exception(error), *variables])
