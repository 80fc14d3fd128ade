"""Find what a reply brings, and where it stands in its message."""

from dataclasses import dataclass

from gridwright.ir import Interface, ListType, Operation, Record
from gridwright.ir.words import Shape

__all__ = ["Payload", "has_own_header", "payload_of_reply"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a reply brings.

    Attributes:
        path: wire names that lead to it, from the root of the message.
        is_whole: the document gives the whole message as one record.
        is_of_many: it is an archive of such messages.
    """

    record: Record
    path: tuple[str, ...]
    shape: Shape
    is_whole: bool
    is_of_many: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is any number of records."""
        return self.shape == "list" or self.is_of_many

    @property
    def holds_list(self) -> bool:
        """Whether one message holds any number of records."""
        return self.shape == "list"


def payload_of_reply(interface: Interface, operation: Operation) -> Payload:
    """Return what a reply brings, and where it stands."""
    reply = operation.reply
    record, shape = reply.record, reply.shape
    if reply.is_message and reply.payload:
        field = record.field(reply.payload[0])
        inner = interface.record_of(field) if field is not None else None
        if field is not None and inner is not None:
            record, shape = inner, "list" if isinstance(field.type, ListType) else "record"
    is_whole = reply.shape == "record" and reply.is_message and not has_own_header(operation)
    known = {field.wire for field in record.fields}
    is_whole = is_whole and all(one.path[0] in known for one in operation.partial)
    return Payload(
        record=record,
        path=reply.payload,
        shape=shape,
        is_whole=is_whole,
        is_of_many=reply.packing == "zip_of_many",
    )


def has_own_header(operation: Operation) -> bool:
    """Whether the header of a reply is an element beside the record, not a part of it."""
    envelope = operation.envelope
    if envelope is None or envelope.root is not None or not envelope.path:
        return False
    # Of a payload that lies deeper, the record does not have what stands around it.
    is_around = not operation.reply.is_message and bool(operation.reply.payload)
    known = {field.wire for field in operation.reply.record.fields}
    return is_around or envelope.path[0] not in known
