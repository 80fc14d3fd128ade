"""A request as it came: headers, cookies, query and body, each read once."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.types import Message, Receive, Scope

from ...codecs.body import MalformedBody
from ...multipart.mime_header import value_and_parameters
from ..world import PAGE_MARK, ReceivedFile
from .form_codec import read_form
from .receive_body import FileMeasure, body_pieces, headers_of, read_body

__all__ = ["IncomingRequest", "has_body", "receive_whole"]

Pairs = Sequence[tuple[str, str]]
_MARK = PAGE_MARK.encode()


class IncomingRequest:
    """One request."""

    __slots__ = ("_cookies", "_headers", "_query", "body", "file", "form", "problem", "scope")

    def __init__(
        self,
        scope: Scope,
        *,
        body: bytes | None = b"",
        form: Mapping[str, object] | None = None,
        problem: MalformedBody | None = None,
    ) -> None:
        self.scope = scope
        self.body = body
        """None: it is too large."""
        self.form = form
        """Instead of a body, where it came as a form with files."""
        self.file: ReceivedFile | None = None
        """The body as a file, where it may be one."""
        self.problem = problem
        """Why a form with files could not be read."""
        self._headers: Mapping[str, str] | None = None
        self._cookies: Mapping[str, str] | None = None
        self._query: Pairs | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in small letters."""
        if self._headers is None:
            self._headers = headers_of(self.scope)
        return self._headers

    @property
    def query(self) -> Pairs:
        """The pairs of the query, in order; none where there are too many to be meant."""
        if self._query is None:
            found = _pairs(self.scope["query_string"])
            if _MARK in self.scope["query_string"]:
                found = [pair for pair in found if pair[0] != PAGE_MARK]
            self._query = found
        return self._query

    @property
    def page(self) -> str:
        """The page to which a link of the mock led; empty: the request follows none."""
        if _MARK not in self.scope["query_string"]:
            return ""
        return dict(_pairs(self.scope["query_string"])).get(PAGE_MARK, "")

    @property
    def address(self) -> str:
        """The address that was asked, with its query but for the page."""
        host, path = self.headers.get("host", ""), self.scope["raw_path"].decode("latin-1")
        items = self.scope["query_string"].decode("latin-1").split("&")
        query = "&".join(one for one in items if one and not one.startswith(f"{PAGE_MARK}="))
        return f"{self.scope['scheme']}://{host}{path}{'?' if query else ''}{query}"

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name."""
        if self._cookies is None:
            found: dict[str, str] = {}
            for pair in self.headers.get("cookie", "").split(";"):
                name, equals, value = pair.strip().partition("=")
                if equals:
                    found.setdefault(name, value.strip('"'))
            self._cookies = found
        return self._cookies

    def headers_called(self, name: str) -> list[str]:
        """Return the values of all headers of a name, in order."""
        wanted = name.lower().encode("latin-1", "replace")
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted]

    def cookies_called(self, name: str) -> list[str]:
        """Return the values of all cookies of a name, in order."""
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return [value.strip('"') for key, equals, value in pairs if equals and key == name]

    @property
    def form_pairs(self) -> Pairs:
        """The pairs of a body that is a form without files."""
        if not self.body or self.media_type != "application/x-www-form-urlencoded":
            return ()
        return _pairs(self.body)

    @property
    def media_type(self) -> str:
        """The media type of the body, in small letters."""
        return value_and_parameters(self.headers.get("content-type", ""))[0].lower()

    def __repr__(self) -> str:
        return "IncomingRequest(***)"  # it holds logins


def has_body(scope: Scope) -> bool:
    """Say whether a request announces a body."""
    return any(name in _ANNOUNCING for name, _ in scope["headers"])


async def receive_whole(
    scope: Scope, receive: Receive, *, largest: int, takes_files: bool
) -> IncomingRequest:
    """Receive a request to its end.

    Args:
        scope: its scope.
        receive: gives its body.
        largest: the most bytes of a body that is kept.
        takes_files: whether files are measured as they arrive, in a form or as the body.
    """
    incoming = IncomingRequest(scope)
    ending = _Ending(receive)
    if takes_files and incoming.media_type == "multipart/form-data":
        try:
            form = await read_form(incoming.headers["content-type"], body_pieces(ending))
        except MalformedBody as error:
            return IncomingRequest(scope, problem=error)
        return IncomingRequest(scope, form=form)
    pieces = body_pieces(ending)
    if takes_files:
        measured = FileMeasure(incoming.headers.get("content-type", ""))
        pieces = measured.passed(pieces)
        incoming.body = await read_body(pieces, largest)
        incoming.file = measured.file()
    else:
        incoming.body = await read_body(pieces, largest)
    if ending.is_early:
        incoming.problem = MalformedBody("the request stops halfway")
    return incoming


class _Ending:
    """Notices when the caller leaves before the body has ended."""

    __slots__ = ("_receive", "is_early")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_early = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self.is_early = message["type"] == "http.disconnect"
        return message


def _pairs(text: bytes) -> Pairs:
    if not text:
        return ()
    try:
        return parse_qsl(
            text.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # more fields than any operation has
        return ()


_MOST_FIELDS = 200
_ANNOUNCING = (b"content-length", b"transfer-encoding")
