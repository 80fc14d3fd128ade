"""Resolve bodies of requests, and the records that operations have for themselves."""

from dataclasses import replace

from gridwright.analysis.naming import class_name
from gridwright.diagnostics import nearest
from gridwright.ir import (
    Body,
    Field,
    ListType,
    Record,
)
from gridwright.resolve.context import (
    Context,
    cite,
    yes,
)
from gridwright.resolve.fields import (
    resolve_fields,
)
from gridwright.resolve.message_records import RESERVED_NAMES, element, holder_of, shared_record
from gridwright.source import Entry, Node

__all__ = ["own_fields", "resolve_body"]


def resolve_body(operation: Entry, context: Context, records: dict[str, Record]) -> Body | None:
    """Resolve the body of a request; None where an operation sends none."""
    node = operation.value
    body = node.get("body")
    if body is None:
        return None
    value = body.entry("value")
    record = (
        shared_record(body.get("of") or body, context, records)
        if value is None
        else _body_value(operation, body, value, context, records)
    )
    if record is None:
        return None
    arguments = body.get("arguments")
    known = [field.wire for field in record.fields]
    if arguments is not None and arguments.text not in known:
        context.report(
            arguments.span,
            "unknown-field",
            f"the body has no field {arguments.text!r}",
            nearest(arguments.text or "", known),
        )
    root = body.get("root")
    is_message = node.string("request_media") not in ("text", "file")
    if root is None and is_message and "xml" in node.strings("formats"):
        context.report(
            body.span,
            "missing-root",
            "a body in XML needs the name of its root",
            "add `root: {element: …, at: …}`",
        )
    return Body(
        record=record,
        is_value=value is not None,
        root=element(
            root, context, "the root of the body", f"{operation.key}_request", is_root=True
        )
        if root
        else None,
        arguments=body.string("arguments"),
        attachments=yes(body, "attachments"),
        cite=cite(body, context, "the body"),
    )


def _body_value(
    operation: Entry, body: Node, value: Entry, context: Context, records: dict[str, Record]
) -> Record:
    """Make the record that holds the one value of a body, under the name of a text: a dot."""
    for key in ("of", "arguments", "attachments"):
        if (said := body.get(key)) is not None:
            context.report(
                said.span,
                "misplaced-key",
                f"a body that is one value has a {key!r}",
                f"remove `{key}:`, or `value:`",
            )
    (field,) = resolve_fields((replace(value, key="."),), context, reserved=RESERVED_NAMES)
    is_xml = body.get("root") is not None
    if is_xml and isinstance(field.type, ListType) and not field.item:
        context.report(
            value.key_span,
            "list-without-item",
            "the items of a body that is a list have no name in XML",
            "add `item: NAME` to the value",
        )
    record = holder_of(field, f"{class_name(operation.key)}Body", value)
    before = records.setdefault(record.name, record)
    if before is not record:
        context.report(
            before.span,
            "name-collision",
            f"record {record.name!r} is called as the body of {operation.key!r}",
            "choose another name",
        )
    return record


def own_fields(body: Body | None) -> tuple[Field, ...]:
    """Return the fields of a body that the caller fills without a name before them."""
    return body.record.fields if body is not None and not body.arguments else ()
