"""Understand requests: which format, which arguments, and what is wrong. Never answers."""

import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from ..operation import Credential, Format, Operation, Parameter
from ..problems import Problem, refusals
from ..redact import MASK, printable
from .arguments import Reader, reader_of
from .refusals import MALFORMED, bad_parameter, missing_credential, wrong_credential
from .world import Refusal

__all__ = ["Given", "Question", "Questions"]


class Given(NamedTuple):
    """What a request gives, as it came; equal requests have equal answers."""

    query: bytes
    form: bytes
    placed: tuple[tuple[str, str], ...]
    """Wire names and values from the path and from headers."""

    def __repr__(self) -> str:
        return "Given(***)"  # it holds the key


class Question(NamedTuple):
    """A request, understood."""

    format: Format
    shown: Mapping[str, str]
    """What the journal may show of it."""
    arguments: Mapping[str, object]
    refusal: Refusal | None
    """Why it is not to be answered."""


class Questions:
    """Understands the requests of one operation."""

    __slots__ = (
        "_credentials",
        "_formats",
        "_hidden",
        "_operation",
        "_places",
        "_readers",
        "_wires",
    )

    def __init__(
        self, operation: Operation[Any], credentials: tuple[tuple[Credential, str], ...]
    ) -> None:
        self._operation = operation
        self._credentials = [(item.wire, value.encode()) for item, value in credentials]
        self._formats = list(operation.formats.items())
        self._places = _Places(operation)
        self._readers: list[tuple[str, str, Reader]] = [
            (parameter.name, parameter.wire, reader_of(parameter.encode))
            for parameter in operation.parameters
        ]
        self._hidden = {item.wire for item in operation.credentials} | {
            item.wire for item in operation.parameters if item.personal or item.secret
        }
        self._wires = {wire for _, wire, _ in self._readers} | self._hidden
        for _, choice in self._formats:
            self._wires.update(choice.parameters)

    async def receive(self, scope: Scope, receive: Receive) -> Given | None:
        """Return what a request gives; None when its form is too large to be one."""
        form = await _read_form(scope, receive) if scope["method"] == "POST" else b""
        if form is None:
            return None
        return Given(scope["query_string"], form, self._places.values(scope))

    def understand(self, request: Given) -> Question:
        """Read a request and check it."""
        given: dict[str, str] = {}
        for name, value in (*_pairs(request.query), *_pairs(request.form), *request.placed):
            given.setdefault(name, value)  # of two values of one name the first counts
        problems = self._problems(given)
        arguments, unreadable = self._arguments(given)
        return Question(
            self._format(given),
            self._shown(given, {problem.wire for problem in problems} | unreadable),
            arguments,
            self._refusal(given, problems, unreadable),
        )

    def _format(self, given: Mapping[str, str]) -> Format:
        for format, choice in self._formats:
            if all(given.get(name) == value for name, value in choice.parameters.items()):
                return format
        return self._formats[0][0]

    def _problems(self, given: Mapping[str, str]) -> list[Problem]:
        # What the service does not know it ignores.
        known = {name: value for name, value in given.items() if name in self._wires}
        return refusals(self._operation.check_request(known, ""))

    def _arguments(self, given: Mapping[str, str]) -> tuple[dict[str, object], set[str]]:
        arguments: dict[str, object] = {}
        unreadable = set()
        for name, wire, read in self._readers:
            text = given.get(wire)
            try:
                arguments[name] = read(text) if text else None
            except ValueError:
                unreadable.add(wire)
        return arguments, unreadable

    def _shown(self, given: Mapping[str, str], wrong: set[str]) -> Mapping[str, str]:
        # A value that is not what it should be may be anything, a customer's number included.
        hidden = self._hidden | wrong
        return {
            name: MASK if name in hidden else printable(value, 100)
            for name, value in given.items()
            if name in self._wires
        }

    def _refusal(
        self, given: Mapping[str, str], problems: list[Problem], unreadable: set[str]
    ) -> Refusal | None:
        envelope = self._operation.envelope
        for wire, expected in self._credentials:
            value = given.get(wire)
            if not value:
                return missing_credential(envelope, wire)
            if not hmac.compare_digest(value.encode("utf-8", "replace"), expected):
                return wrong_credential(envelope, wire)
        if problems:
            return bad_parameter(problems[0])
        for wire in sorted(unreadable):
            return Refusal(MALFORMED, "mock-2003", f"mock: {wire}: is not written as documented")
        return None


class _Places:
    """Finds what an operation takes from the path and from headers."""

    __slots__ = ("_headers", "_path")

    def __init__(self, operation: Operation[Any]) -> None:
        items: tuple[Parameter | Credential, ...] = (
            *operation.parameters,
            *operation.credentials,
        )
        self._path = [item.wire for item in items if item.place == "path"]
        self._headers = {
            item.wire.lower().encode("latin-1"): item.wire
            for item in items
            if item.place == "header"
        }

    def values(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        if not self._path and not self._headers:
            return ()
        found = [(wire, scope["path_params"][wire]) for wire in self._path]
        for name, value in scope["headers"] if self._headers else ():
            if wire := self._headers.get(name):
                found.append((wire, value.decode("latin-1")))
        return tuple(found)


def _pairs(text: bytes) -> list[tuple[str, str]]:
    if not text:
        return []
    try:
        return parse_qsl(
            text.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # more fields than any operation has
        return []


async def _read_form(scope: Scope, receive: Receive) -> bytes | None:
    """Return the form of a request, empty when it has none, None when it is too large."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        if len(body) > _LARGEST_FORM:
            return None
        more = message.get("more_body", False)
    is_form = kind.split(b";")[0].strip().lower() == b"application/x-www-form-urlencoded"
    return body if is_form else b""


_LARGEST_FORM = 1_048_576
_MOST_FIELDS = 200
