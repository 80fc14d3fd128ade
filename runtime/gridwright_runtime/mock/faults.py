"""Faults on demand: what real services do on bad days, for tests of those who call them.

A fault is played on the next requests of one operation, or of any::

    app.state.mock.faults.add("get_day_load_profile", Fault.status(503), times=2)
"""

import gzip
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from threading import Lock
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .world import Refusal

__all__ = [
    "FAILURE",
    "SOAP_FAULT",
    "Fault",
    "Faults",
    "WireRecord",
    "lost",
    "security_error",
    "soap_fault",
    "system_error",
    "system_failure",
]

WireRecord: TypeAlias = dict[str, Any]
"""A record as it goes out, by wire name."""

SOAP_FAULT, FAILURE = "soap-fault", "system-failure"
"""Kinds of refusals that stand in no reply of the service's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which a reply goes wrong; make it with one of the class methods."""

    name: str
    http_status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    page: str | None = None
    """An HTML page to send in place of the reply."""
    delay_seconds: float = 0.0
    instead: Refusal | None = None
    """A refusal in place of the answer."""
    repeat_refusal: int = 1
    edit: Callable[[list[WireRecord]], list[WireRecord]] | None = None
    """Changes the records as they go out."""
    rewrite: Callable[[bytes], bytes] | None = None
    """Changes the body as it goes out."""
    is_cut_off: bool = False
    failed: Refusal | None = None
    """How items of a list fail, where their document judges them one by one."""
    failed_items: tuple[int, ...] = ()
    """Which of them, from 0; (): all."""
    listed: Refusal | None = None
    """A failure that is listed beside the data."""
    is_without_data: bool = False
    """Nothing else is there."""

    @classmethod
    def html(cls, text: str = "Service is under maintenance") -> "Fault":
        """Answer with HTTP 200 and an HTML page."""
        return cls(name="html", page=_page(text))

    @classmethod
    def status(cls, http_status: int) -> "Fault":
        """Answer with an HTTP status such as 503, and an HTML page."""
        return cls(name=f"status {http_status}", http_status=http_status, page=_page("Error"))

    @classmethod
    def too_many(cls, retry_after: int | str | None = 1) -> "Fault":
        """Answer 429; ``retry_after`` is in seconds, or an HTTP date, or None to say nothing."""
        headers = () if retry_after is None else (("retry-after", str(retry_after)),)
        page = _page("Too many requests")
        return cls(name="too many", http_status=429, headers=headers, page=page)

    @classmethod
    def slow(cls, seconds: float) -> "Fault":
        """Wait by the mock's clock, then answer as usual."""
        return cls(name="slow", delay_seconds=seconds)

    @classmethod
    def truncated(cls) -> "Fault":
        """Send the first half of the body as if it were all."""
        return cls(name="truncated", rewrite=lambda body: body[: len(body) // 2])

    @classmethod
    def cut_off(cls) -> "Fault":
        """Announce the whole body, send half of it, and drop the connection.

        Not for `httpx2.ASGITransport`, which takes this for a bug of the application.
        """
        return cls(name="cut off", is_cut_off=True)

    @classmethod
    def foreign_member(cls, name: str = "readme.txt") -> "Fault":
        """Add a member that is no message to a zip archive; other bodies go out as they are."""
        return cls(
            name="foreign member",
            rewrite=lambda body: _with_members(body, [*_members(body), (name, b"read me")]),
        )

    @classmethod
    def wrong_charset(cls, encoding: str = "iso-8859-1") -> "Fault":
        """Put ``é`` into texts, and write all in another encoding than the reply names.

        What is packed is unpacked for that, and packed again.
        """
        return cls(
            name="wrong charset",
            edit=lambda records: [_with_letter(record) for record in records],
            rewrite=lambda body: _changed(body, lambda text: text.decode().encode(encoding)),
        )

    @classmethod
    def bomb(cls, size_bytes: int = 64 * 1024 * 1024) -> "Fault":
        """Let what is packed unpack to so many bytes; other bodies go out as they are."""
        return cls(
            name="bomb",
            rewrite=lambda body: (
                _changed(body, lambda text: text + b" " * size_bytes) if _is_packed(body) else body
            ),
        )

    @classmethod
    def extra_fields(cls, fields: Mapping[str, object] | None = None) -> "Fault":
        """Add fields to every record that the document does not have."""
        added = {"mock_extra": "1"} if fields is None else dict(fields)
        return cls(name="extra fields", edit=lambda records: [{**r, **added} for r in records])

    @classmethod
    def renamed_field(cls, documented: str = "meter", sent: str = "meterNo") -> "Fault":
        """Send a field under another wire name than the documented one."""
        return cls(
            name="renamed field",
            edit=lambda records: [
                {sent if name == documented else name: value for name, value in record.items()}
                for record in records
            ],
        )

    @classmethod
    def refused(cls, code: str = "mock-9999", text: str = "mock: for a reason unknown") -> "Fault":
        """Refuse in the service's own form, with a code that nobody knows unless you say one."""
        return cls(name="refused", instead=Refusal("fault", code, text))

    @classmethod
    def case(cls, number: int, code: str = "mock-9004", text: str = "mock: refused") -> "Fault":
        """Refuse as a case of the document's verdict has it, or of those of gateways after it.

        Args:
            number: of the case, from 1, in the order of the document.
            code: what the reply gives as code, where the case does not say.
            text: what it gives as words, likewise.

        Raises:
            ValueError: the number is below 1.
        """
        if number < 1:
            raise ValueError("cases are numbered from 1, in the order of the document")
        return cls(name=f"case {number}", instead=Refusal("fault", code, text, case=number))

    @classmethod
    def item(
        cls, *items: int, code: str = "mock-9005", text: str = "mock: not this one"
    ) -> "Fault":
        """Let items of the list fail, and the others come.

        Args:
            items: which of them, from 0; all where none is named.
            code: what they give as code.
            text: what they give as words.
        """
        return cls(name="items", failed=Refusal("fault", code, text), failed_items=items)

    @classmethod
    def partial(
        cls, *, code: str = "mock-9006", text: str = "mock: a part failed", alone: bool = False
    ) -> "Fault":
        """List a failure beside the data, where the document has a list of them.

        Args:
            code: what it gives as code.
            text: what it gives as words.
            alone: let no data be there.
        """
        failure = Refusal("fault", code, text)
        return cls(name="partial", listed=failure, is_without_data=alone)

    @classmethod
    def duplicated_refusal(
        cls, code: str = "openapi-9001", text: str = "mock: said twice"
    ) -> "Fault":
        """Refuse inside the list with every element sent twice; a header says it once."""
        return cls(
            name="duplicated refusal", instead=Refusal("fault", code, text), repeat_refusal=2
        )

    @classmethod
    def nul_in_text(cls) -> "Fault":
        """Put U+0000 at the end of names and numbers; XML cannot carry it and loses it."""
        return cls(name="nul in text", edit=lambda records: [_with_nul(r) for r in records])

    @classmethod
    def printed_declaration(cls, *, with_spaces: bool = True) -> "Fault":
        """Begin XML with the malformed declaration that the document prints.

        Args:
            with_spaces: False: without the blanks between the attributes, as some of its
                examples have it.
        """
        printed = b'<?xml version="1.0" encoding="UTF-8" standalone="true">'
        if not with_spaces:
            printed = b'<?xml version="1.0"encoding="UTF-8"standalone="true">'
        return cls(
            name="printed declaration",
            rewrite=lambda body: _DECLARATION.sub(lambda _: printed, body, count=1),
        )


def system_error(code: str = "mock-9001", text: str = "mock: the system has failed") -> Fault:
    """Answer that the system has failed, in the service's own form; nothing is carried out.

    Where the document gives no verdict, the answer is HTTP 500.
    """
    return Fault(name="system error", instead=Refusal("system-error", code, text))


def security_error(code: str = "mock-9002", text: str = "mock: no permission") -> Fault:
    """Answer that there is no permission, in the service's own form; nothing is carried out.

    Where the document gives no verdict, the answer is HTTP 403.
    """
    return Fault(name="security error", instead=Refusal("security-error", code, text))


def lost(*, carried_out: bool) -> Fault:
    """Drop the connection in the middle of the reply, with or without having done the work."""
    instead = None if carried_out else Refusal("lost", "mock-9003", "mock: lost")
    return Fault(name="lost", is_cut_off=True, instead=instead)


def soap_fault(code: str = "Server", text: str = "mock: the system has failed") -> Fault:
    """Answer with a SOAP fault and HTTP 500; nothing is carried out."""
    return Fault(name="soap fault", instead=Refusal(SOAP_FAULT, code, text))


def system_failure() -> Fault:
    """Answer with HTTP 500 and a page; nothing is carried out."""
    text = "mock: the system has failed"
    return Fault(name="system failure", instead=Refusal(FAILURE, "mock-9001", text))


class Faults:
    """The faults still to be played, in the order in which they were added."""

    __slots__ = ("_lock", "_operations", "_waiting")

    def __init__(self, operations: Collection[str]) -> None:
        self._operations = tuple(operations)
        self._waiting: list[tuple[str | None, Fault]] = []
        self._lock = Lock()

    def add(self, operation: str | None, fault: Fault, *, times: int = 1) -> None:
        """Play a fault on the next requests.

        Args:
            operation: the Python name of an operation; None: any.
            fault: what goes wrong.
            times: on how many requests.

        Raises:
            ValueError: there is no such operation, or ``times`` is less than one.
        """
        if operation is not None and operation not in self._operations:
            near = get_close_matches(operation, self._operations, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"no operation is named {operation!r}{hint}")
        if times < 1:
            raise ValueError("times must be at least 1")
        with self._lock:
            self._waiting.extend([(operation, fault)] * times)

    def clear(self) -> None:
        """Play none of them."""
        with self._lock:
            self._waiting.clear()

    @property
    def pending(self) -> Sequence[tuple[str | None, Fault]]:
        """What is still to be played: operation (None: any) and fault."""
        return tuple(self._waiting)

    def take(self, operation: str) -> Fault | None:
        """Return the fault for a request that has just come in, and count it as played."""
        if not self._waiting:
            return None
        with self._lock:
            for position, (wanted, fault) in enumerate(self._waiting):
                if wanted is None or wanted == operation:
                    del self._waiting[position]
                    return fault
        return None


def _is_packed(body: bytes) -> bool:
    return body.startswith((b"PK", b"\x1f\x8b"))


def _changed(body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change a text, or what is packed."""
    if body.startswith(b"\x1f\x8b"):
        return gzip.compress(change(gzip.decompress(body)), mtime=0)
    if body.startswith(b"PK"):
        return _with_members(body, [(name, change(text)) for name, text in _members(body)])
    return change(body)


def _members(body: bytes) -> list[tuple[str, bytes]]:
    """Return the members of a zip archive; none where a body is something else."""
    if not body.startswith(b"PK"):
        return []
    with ZipFile(BytesIO(body)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def _with_members(body: bytes, members: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a zip archive with other members; a body that is none as it is."""
    if not body.startswith(b"PK"):
        return body
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def _page(text: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{text}</title></head><body>{text}</body></html>"


def _with_nul(record: WireRecord) -> WireRecord:
    return {name: f"{value}\0" if _is_name(value) else value for name, value in record.items()}


def _with_letter(record: WireRecord) -> WireRecord:
    return {
        name: f"{value}é" if isinstance(value, str) and " " in value.strip() else value
        for name, value in record.items()
    }


def _is_name(value: object) -> bool:
    """Tell names and numbers of customers and meters from codes, dates and times."""
    return isinstance(value, str) and (len(value) > 8 or not value.isascii())


_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
