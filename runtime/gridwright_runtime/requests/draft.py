"""A request that lacks only what is known when it leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias, assert_never
from urllib.parse import quote

from msgspec.structs import replace

from ..encodings.wire_texts import fault_in, texts_of
from ..errors import GridwrightError, UnexpectedReplyError
from ..interface import Basic, Operation
from ..message import Hidden, HttpRequest, Stream
from ..sources import Values, fill_source, steps_in
from .build_body import Content, Sending, content_of
from .build_plan import BuildPlan, PlannedPart

__all__ = ["Draft", "Placed"]

Placed: TypeAlias = list[tuple[PlannedPart, object]]
"""Parts with their values, in the document's order; None where a value is not known yet."""


class Draft:
    """A request that lacks only what is known when it leaves; its repr shows none of it.

    Attributes:
        identity: what identifies the call; empty where nothing does.
        sensitive: the secret and personal values in it.
        steps: the names of the login steps whose results it carries.
    """

    __slots__ = (
        "_content",
        "_has_begun",
        "_link",
        "_operation",
        "_placed",
        "_plan",
        "_sending",
        "_tree",
        "_values",
        "_whole",
        "identity",
        "sensitive",
        "steps",
    )

    def __init__(
        self,
        operation: Operation[Any],
        plan: BuildPlan,
        values: Values,
        sending: Sending,
        placed: Placed,
        tree: dict[str, object],
        content: Content | None,
        sensitive: Hidden,
    ) -> None:
        self._operation = operation
        self._plan = plan
        self._values = values
        self._sending = sending
        self._placed = placed
        self._tree = tree
        self._content = content
        self._has_begun = False
        self._link: str | None = None
        self.identity = values.identity if plan.is_identified else ""
        self.sensitive = sensitive
        self.steps = plan.steps
        self._whole: HttpRequest | None = None
        if content is not None and content.is_whole and not plan.is_late:
            self._whole = self._assembled(placed, content, sensitive)

    def follow(self, link: str) -> None:
        """Send the request to an address that the service gave, in place of its own.

        Raises:
            UnexpectedReplyError: it is on another server.
        """
        from ..walks.links import followed  # few operations have links

        own = self._sending.base_url.rstrip("/") + self._operation.path
        followed(self._operation.call, own, link)
        self._link = link

    @property
    def can_be_repeated(self) -> bool:
        """Whether the request can be sent a second time; a stream may be at its end."""
        return not self._has_begun

    def request(
        self, *, results: Mapping[str, Mapping[str, str]], now: datetime, serial: str = ""
    ) -> HttpRequest:
        """Return the request as it has to leave now.

        Args:
            results: of login steps, by the name of the step and of the part of its result.
            now: aware.
            serial: the number of this request, where requests are numbered.

        Raises:
            UnexpectedReplyError: the result of a login cannot stand in its place.
            InvalidRequestError: a body that carries it cannot be written.
            UploadError: a body that carries it holds a file that cannot be read any more.
            TypeError: a result or the number that it carries is not given.
        """
        if self._whole is not None:
            return self._at_link(self._whole)
        values = replace(self._values, results=results, now=now, serial=serial)
        del results  # as credentials are kept out of tracebacks in `prepare`
        request = self._fill(values)
        if isinstance(request, Exception):
            raise request
        return self._at_link(request)

    def _at_link(self, request: HttpRequest) -> HttpRequest:
        if self._link is None:
            return request
        from ..walks.links import completed

        return completed(self._operation, request, self._link)

    def _fill(self, values: Values) -> HttpRequest | GridwrightError | TypeError:
        placed, sensitive = self._placed, self.sensitive
        if self._plan.is_late:
            found = _with_late_parts(self._operation, placed, values)
            if isinstance(found, Exception):
                return found
            placed = found
            sensitive = Hidden((*sensitive, *_secrets(placed, values)))
        content = self._content
        if content is None:
            made = content_of(
                self._operation, self._plan, self._tree, placed, values.format, self._sending
            )
            if isinstance(made, GridwrightError):
                return made
            content = made
        return self._assembled(placed, content, sensitive)

    def _assembled(self, placed: Placed, content: Content, sensitive: Hidden) -> HttpRequest:
        query: list[tuple[str, str]] = []
        fields: list[tuple[str, str]] = []
        cookies: list[str] = []
        in_path: dict[str, str] = {}
        soap_header: dict[str, object] = {}
        security = ""
        for entry, value in placed:
            wire = entry.wire
            match entry.place:
                case "query" if type(value) is str:
                    query.append((wire, value))
                case "query":
                    query += [(wire, text) for text in texts_of(value)]
                case "header":
                    fields += [(wire, text) for text in texts_of(value)]
                case "path":
                    in_path[wire] = texts_of(value)[0]
                case "cookie":
                    cookies += [f"{wire}={text}" for text in texts_of(value)]
                case "soap_header":
                    soap_header["/".join((*entry.part.under, wire))] = value
                case "soap_security":
                    security = str(value)
                case "body":
                    pass  # `content` has it
                case _:
                    assert_never(entry.place)
        if cookies:
            fields.append(("Cookie", "; ".join(cookies)))
        headers, body = self._headers_and_body(content, soap_header, security)
        if self._plan.headers:
            # A document may have its own word for what is sent anyway, such as Accept.
            headers = [item for item in headers if item[0].lower() not in self._plan.headers]
        server = self._sending.base_url.rstrip("/")
        address = server + self._operation.path
        return HttpRequest(
            method=self._operation.method,
            url=server + _path(self._plan, in_path) if in_path else address,
            safe_url=address,
            query=tuple(query),
            headers=(*headers, *fields),
            body=body,
            sensitive=sensitive,
        )

    def _headers_and_body(
        self, content: Content, soap_header: Mapping[str, object], security: str
    ) -> tuple[list[tuple[str, str]], bytes | Stream | None]:
        """Return headers and body."""
        body = content.body
        if body is None or isinstance(body, bytes):
            return [*content.headers], body
        from ..encodings.varying_body import WhenSent  # few bodies vary

        headers, written = body.write(
            WhenSent(
                soap_header=soap_header,
                security=security,
                new_boundary=self._sending.new_boundary,
                progress=self._sending.progress,
                begin=self._begin,
            )
        )
        return [*headers, *content.headers], written

    def _begin(self) -> None:
        self._has_begun = True

    def __repr__(self) -> str:
        return f"<Draft {self._operation.call}>"


def _with_late_parts(
    operation: Operation[Any], placed: Placed, values: Values
) -> Placed | GridwrightError | TypeError:
    """Fill the parts that are known only now."""
    filled_in: Placed = []
    for entry, value in placed:
        part = entry.part
        if not entry.is_late:
            filled_in.append((entry, value))
            continue
        text = fill_source(part.source, values)
        if text is None:
            if entry.is_optional:
                continue
            return TypeError(f"{operation.call}: nobody gave what {part.wire} is made of")
        fault = fault_in(part.place, text)
        if fault is not None:
            steps = " and ".join(sorted(steps_in(part.source))) or part.wire
            return UnexpectedReplyError(
                f"{operation.call}: nothing was sent: the result of the login ({steps}) cannot "
                f"travel as {part.wire}: {fault[1]}"
            )
        filled_in.append((entry, text))
    return filled_in


def _secrets(placed: Placed, values: Values) -> list[str]:
    """Return the results of logins, and what is made of them."""
    found = [text for result in values.results.values() for text in result.values() if text]
    found += [
        str(value).partition(" ")[2]
        for entry, value in placed
        if entry.is_late and isinstance(entry.part.source, Basic)
    ]
    tokens = [str(value) for entry, value in placed if entry.place == "soap_security"]
    if tokens:
        from ..texts.username_token import hidden_in  # few systems have one

        found += (text for token in tokens for text in hidden_in(token))
    return found


def _path(plan: BuildPlan, values: Mapping[str, str]) -> str:
    # In one pass, so that no value is taken for a place.
    return "".join(
        piece
        if number % 2 == 0
        else quote(values[piece], safe="")
        if piece in values
        else f"{{{piece}}}"
        for number, piece in enumerate(plan.path)
    )
