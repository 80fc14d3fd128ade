"""One helper for each boundary: operations around generated records, and replies for them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from lxml import etree
from msgspec import structs

from gridwright_runtime.decodings.reader import Circumstances, Refused, read_reply
from gridwright_runtime.errors import (
    AuthenticationError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    RejectedError,
    SystemFailureError,
)
from gridwright_runtime.interface import (
    ConsentRule,
    ErrorMeaning,
    Format,
    Operation,
    Shape,
    SoapSpec,
    Variant,
    Verdict,
)
from gridwright_runtime.message import RawReply
from gridwright_runtime.record import Record
from gridwright_runtime.reply import Reply
from gridwright_runtime.result import Result
from gridwright_runtime.validation import Check

from . import sample

FORMATS: tuple[Format, ...] = ("json", "xml")
NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)
DOCUMENT = "sample.txt"
METER = "INVENTED-1"
CONSENT = "정보제공 동의한 날짜부터 조회가 가능합니다. 정보제공동의일 : 20240315"


# --- Models and checks -------------------------------------------------------------------------

Reading = sample.models.Reading
Row = sample.models.Row
Range = sample.models.Range
Page = sample.models.Page
History = sample.models.History
Bill = sample.models.Bill
Status = sample.models.Status
MeterStatus = sample.models.MeterStatus
Undocumented = sample.models.Undocumented
Number = sample.models.GetNumberValue

CHECKS: Mapping[type[Record], Check] = {
    Reading: sample.validators.check_reading,
    Row: sample.validators.check_row,
    Page: sample.validators.check_page,
    History: sample.validators.check_history,
    Status: sample.validators.check_status,
    Number: sample.validators.check_get_number_value,
}


# --- Verdicts ----------------------------------------------------------------------------------

ERRORS = {
    "E401": ErrorMeaning(AuthenticationError, "the key is not known"),
    "E402": ErrorMeaning(NotSubscribedError, "the service is not subscribed"),
    "E404": ErrorMeaning(NoDataError),
    "E429": ErrorMeaning(LimitError),
}
AT_ROOT = Verdict(code="code", message="msg", success={"code": ("0",)}, errors=ERRORS)
IN_ELEMENT = Verdict(
    under=("head",), code="code", message="msg", success={"code": ("0",)}, errors=ERRORS
)
IN_LIST = Verdict(
    under=("head",),
    formats=("xml",),
    fields=("msg", "code", "ok"),
    also={"haed": "head", "kO": "ok"},
    code="code",
    message="msg",
    success={"code": ("0",), "ok": ("Y",)},
    errors=ERRORS,
    in_list=True,
    consent=ConsentRule(
        sentence="정보제공 동의한 날짜부터 조회", date_pattern=r"정보제공동의일\s*:\s*([0-9]{8})"
    ),
)
BY_KIND = Verdict(
    code="code",
    message="msg",
    kind="type",
    kinds={
        "BUSINESS": ErrorMeaning(RejectedError),
        "SECURITY": ErrorMeaning(AuthenticationError),
        "SYSTEM": ErrorMeaning(SystemFailureError),
    },
    success={"code": ("0",), "type": ("OK",)},
)
NO_ERROR = Verdict(message="detail", success={"error": ("",)})


# --- Operations --------------------------------------------------------------------------------


def operation(
    *,
    shape: Shape = "list",
    model: type[Record] | None = Reading,
    payload: tuple[str, ...] = ("list",),
    item: str = "item",
    verdict: Verdict | None = None,
    statuses: Mapping[int, ErrorMeaning] | None = None,
    check_message: Check | None = None,
    variants: tuple[Variant, ...] = (),
    soap: SoapSpec | None = None,
    name: str = "get_readings",
) -> Operation[Any]:
    """Return an operation of the sample, its reply and what judges it varied."""
    base: Operation[Any] = sample.operations.GET_READINGS
    reply = structs.replace(
        base.reply,
        model=model if shape != "none" else None,
        shape=shape,
        payload=payload,
        item=item if shape == "list" else "",
        check=CHECKS.get(model) if model and check_message is None else None,
        check_message=check_message,
        variants=variants,
    )
    return structs.replace(
        base, name=name, reply=reply, verdict=verdict, statuses=statuses or {}, soap=soap
    )


LIST = operation(verdict=IN_LIST)
"""Records in a list, failures in a header or in the list."""
PAGE: Operation[Any] = sample.operations.GET_PAGE
"""One record in an envelope, whose message is checked as a whole."""
HISTORY: Operation[Any] = operation(
    shape="record", model=History, payload=(), verdict=NO_ERROR, name="get_history"
)
"""One record that is the whole message, its verdict among its fields."""
STATUS: Operation[Any] = sample.operations.GET_STATUS


# --- Replies -----------------------------------------------------------------------------------


def reading(**changes: object) -> dict[str, object]:
    """Return a reading as documented; a change to ``...`` takes the field away."""
    record = {"mtr": METER, "ymd": "20241001", "cnt": 1, "kwh": Decimal("31.5"), **changes}
    return {name: value for name, value in record.items() if value is not ...}


def to_json(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False, default=_number).encode()


def to_xml(tree: Mapping[str, object], root: str = "Answer") -> bytes:
    element = etree.Element(root)
    _fill(element, tree)
    body: bytes = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    return body


def envelope(body: bytes, namespace: str = "http://schemas.xmlsoap.org/soap/envelope/") -> bytes:
    """Put an XML message into an envelope."""
    message = body.partition(b"?>")[2] if body.startswith(b"<?xml") else body
    start = f'<e:Envelope xmlns:e="{namespace}"><e:Header/><e:Body>'.encode()
    return start + message + b"</e:Body></e:Envelope>"


def listed(records: Sequence[object], format: Format, **head: object) -> bytes:
    """Return a reply of `LIST`, in XML with its header."""
    if format == "json":
        return to_json({"list": records, **({"head": head} if head else {})})
    return to_xml(
        {"head": {"msg": None, "code": "0", "ok": "Y", **head}, "list": {"item": records}}
    )


def page(body: object, format: Format = "json", **changes: object) -> bytes:
    """Return a reply of `PAGE`."""
    tree = {"code": "0", "msg": "OK", "type": "OK", "body": body, **changes}
    tree = {name: value for name, value in tree.items() if value is not ...}
    return to_json(tree) if format == "json" else to_xml(tree)


def raw(body: bytes, status: int = 200, **headers: str) -> RawReply:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return RawReply(status_code=status, headers=named, body=body, received_at=NOW)


Outcome = Reply[Any] | Result[Any] | Refused


_NO_CIRCUMSTANCES = Circumstances()


def answer(
    operation: Operation[Any],
    body: bytes,
    format: Format = "json",
    status: int = 200,
    *,
    strict: bool = False,
    circumstances: Circumstances = _NO_CIRCUMSTANCES,
    **headers: str,
) -> Outcome:
    reply = raw(body, status, **headers)
    return read_reply(operation, reply, format=format, strict=strict, circumstances=circumstances)


def read(operation: Operation[Any], body: bytes, format: Format = "json", **how: Any) -> Any:
    """Return what a reply brings, which must not be a failure."""
    outcome = answer(operation, body, format, **how)
    assert not isinstance(outcome, Refused), outcome.error
    return outcome


def refused(operation: Operation[Any], body: bytes, format: Format = "json", **how: Any) -> Refused:
    """Return the failure that a reply is."""
    outcome = answer(operation, body, format, **how)
    assert isinstance(outcome, Refused), outcome
    assert outcome.error.__cause__ is None
    assert outcome.error.__context__ is None
    return outcome


def error_of(operation: Operation[Any], body: bytes, format: Format = "json", **how: Any) -> Any:
    return refused(operation, body, format, **how).error


def rules(outcome: Reply[Any] | Result[Any]) -> list[str]:
    """Return path and rule of each deviation."""
    return [f"{problem.path} {problem.rule}" for problem in outcome.deviations]


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _fill(element: Any, tree: Mapping[str, object]) -> None:
    for name, value in tree.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            child = etree.SubElement(element, name)
            if isinstance(one, Mapping):
                _fill(child, one)
            elif one is not None:
                child.text = (
                    {True: "true", False: "false"}.get(one) if isinstance(one, bool) else str(one)
                )


Kind = Literal["none", "root", "element", "list", "kinds"]
VERDICTS: Mapping[Kind, Verdict | None] = {
    "none": None,
    "root": AT_ROOT,
    "element": IN_ELEMENT,
    "list": IN_LIST,
    "kinds": BY_KIND,
}
