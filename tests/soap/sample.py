"""A small system with SOAP services, as the generator sees it: invented, whole, of every type."""

from functools import cache

from gridwright.diagnostics import Span
from gridwright.ir import (
    Basis,
    BinaryType,
    Body,
    BooleanType,
    Citation,
    Code,
    CodeList,
    CodeType,
    DecimalType,
    Document,
    Element,
    Field,
    IntegerType,
    Interface,
    ListType,
    Missing,
    Operation,
    Record,
    RecordType,
    Reply,
    Server,
    Soap,
    SoapHeaderField,
    TemporalType,
    TextType,
    TypeRef,
    Variant,
)

__all__ = ["NAMESPACE", "field", "interface", "record"]

NAMESPACE = "urn:example:works"
SPAN = Span("specs/works/interface.yaml", 1, 1)
CITE = Citation(lines=((7, 7),), basis=Basis.DOCUMENT)


def field(name: str, wire: str, type: TypeRef, **rest: bool) -> Field:
    """Make a field of the document's line 7."""
    required = rest.get("required", False)
    return Field(
        name=name, wire=wire, provisional=wire.startswith("PROVISIONAL_"), label="項目", en=name,
        type=type, unit=None, required=required, optional=not required,
        personal=rest.get("personal", False), secret=rest.get("secret", False), default=None,
        note="", printed_size="", also=(), series=None, instant=None, cite=CITE, span=SPAN,
    )  # fmt: skip


def record(name: str, *fields: Field, extends: str = "") -> Record:
    """Make a record."""
    return Record(
        name=name, en=name, fields=fields, open=False, extends=extends, filler=(), cite=CITE,
        span=SPAN,
    )  # fmt: skip


TEXT = TextType(size=None)
STAGES = CodeList(
    name="stage",
    en="stage of the work",
    values=(
        Code(value="01", name="received", label="受付", en="received", cite=CITE),
        Code(value="02", name="done", label="完了", en="done", cite=CITE),
    ),
    cite=CITE,
    span=SPAN,
)
STEP = record(
    "Step",
    field("step_name", "stepName", TextType(size=20)),
    field("cost_jpy", "cost", DecimalType(precision=9, scale=2)),
)
SUMMARY = record(
    "Summary",
    field("number", "number", TextType(size=12), required=True),
    field("stage", "stage", CodeType(codes=STAGES, size=2)),
    field("steps", "steps", ListType(item=RecordType(record="Step"))),
)
LIST_REQUEST = record(
    "ListRequest",
    field("day", "day", TemporalType(kind="date", pattern="yyyymmdd", zone="Asia/Tokyo")),
    field("stage", "stage", CodeType(codes=STAGES, size=2), required=True),
    field("text", "PROVISIONAL_text", TEXT),
    field("at_most", "atMost", IntegerType(digits=4)),
    field("limit_jpy", "limit", DecimalType(precision=9, scale=2)),
    field("is_open", "isOpen", BooleanType()),
    field("numbers", "numbers", ListType(item=TextType(size=12))),
    field("step", "step", RecordType(record="Step")),
    field("scan", "scan", BinaryType()),
)
LIST_REPLY = record(
    "ListReply",
    field("status", "status", TEXT, required=True),
    field("total", "total", IntegerType(digits=6)),
    field("entries", "entries", ListType(item=RecordType(record="Summary"))),
)
STATUS_REQUEST = record("StatusRequest", field("number", "number", TEXT, required=True))
STATUS_REPLY = record("StatusReply", field("kind", "kind", TEXT))
STATUS_OF_METER = record(
    "StatusOfMeter", *STATUS_REPLY.fields, field("meter", "meter", TEXT), extends="StatusReply"
)


def element(wire: str) -> Element:
    """Make a container of a message."""
    return Element(
        wire=wire,
        provisional=wire.startswith("PROVISIONAL_"),
        label="",
        en=wire,
        cite=CITE,
        span=SPAN,
    )


def operation(
    name: str, request: Record, reply: Record, *variants: Record, attachments: bool
) -> Operation:
    """Make a service."""
    return Operation(
        name=name, wire_name=f"{name.title().replace('_', '')}Provider", number="1", label="一覧",
        en=name, description_en=name, kind="read", method="POST", protocol="soap11",
        request_media="multipart_related", address=f"/{name}", path=f"/{name}", server="production",
        formats=("xml",), parameters=(),
        body=Body(
            record=request, root=element(f"{name}Request"), arguments="", attachments=attachments,
            cite=CITE,
        ),
        reply=Reply(
            shape="record", payload=(), is_message=False,
            root=element(f"{name}Reply"), list=None, item=None, record=reply,
            variants=tuple(
                Variant(when=(("kind", ("meter",)),), record=variant, en="", cite=CITE, span=SPAN)
                for variant in variants
            ),
            attachments=attachments,
        ),
        gateways=(), envelope=None, statuses=(), rules=(), paging=None, reconcile=None,
        known_by_example=False, examples=(), amended=(), cite=CITE, span=SPAN,
    )  # fmt: skip


@cache
def interface(*, confirmed: bool = False) -> Interface:
    """Return the system."""
    secrets = [("loginID", "login_id", "credential"), ("password", "password", "credential")]
    others = [("requestID", "request_id", "uuid"), ("timeStamp", "time_stamp", "now")]
    return Interface(
        system="works", title="工事", title_en="Works", zone="Asia/Tokyo",
        document=Document(
            file="works.txt", title="Works guide", language="ja", publisher="", publisher_en="",
            revisions=(), facts=(),
        ),
        units=(),
        missing=Missing(json=("null",), xml=("empty", "absent"), cite=CITE),
        servers=(
            Server(
                name="production", address="https://works.example/services/",
                doubtful=not confirmed, default=confirmed, en="", cite=CITE, span=SPAN,
            ),
        ),
        credentials=(), auth_steps=(), presented=(), login_names=("", ""), limits=(), statuses=(),
        soap=Soap(
            namespace=NAMESPACE, provisional=False, header=element("header"),
            fields=tuple(
                SoapHeaderField(field=field(name, wire, TEXT), source=source, name=name, default="")
                for wire, name, source in [*others, *secrets]
            ),
            cite=CITE, span=SPAN,
        ),
        codes=(STAGES,),
        records=(
            STEP, SUMMARY, LIST_REQUEST, LIST_REPLY, STATUS_REQUEST, STATUS_REPLY, STATUS_OF_METER,
        ),
        envelopes=(),
        operations=(
            operation("list_works", LIST_REQUEST, LIST_REPLY, attachments=True),
            operation(
                "get_status", STATUS_REQUEST, STATUS_REPLY, STATUS_OF_METER, attachments=False
            ),
        ),
        amendments=(), samples=(), span=SPAN,
    )  # fmt: skip
