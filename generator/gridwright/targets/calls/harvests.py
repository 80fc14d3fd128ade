"""Hints for harvests, in Python names."""

from gridwright.analysis.naming import argument_fields
from gridwright.analysis.payloads import payload_of_reply
from gridwright.analysis.reply_places import listed_record
from gridwright.ir import Harvest, Interface, Operation
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import Call, Name, call

__all__ = ["harvest_spec", "series_key"]


def harvest_spec(interface: Interface, operation: Operation, harvest: Harvest) -> Call:
    """Return how an operation is read for many over a long time."""
    arguments = argument_fields(interface, operation)

    def argument(wire: str) -> str:
        return arguments[wire].name if wire else ""

    def listed(wire: str) -> str:
        by = interface.operation_named(harvest.listed_by)
        record = None if by is None else listed_record(interface, by)
        if by is not None and record is None:
            record = payload_of_reply(interface, by).record
        field = None if record is None else record.field(wire)
        return "" if field is None else field.name

    return call(Name("Harvest", INTERFACE)).with_options(
        each=argument(harvest.each),
        listed_by=harvest.listed_by,
        listed_as=listed(harvest.listed_as),
        first=argument(harvest.first),
        last=argument(harvest.last),
        end="excluded" if harvest.is_end_excluded else "",
        step="" if harvest.step == "P1D" else harvest.step,
        key=series_key(interface, operation, harvest),
        published_seconds=harvest.published.total_seconds() or None,
        corrected_seconds=harvest.corrected.total_seconds() or None,
        history=harvest.history,
        since=listed(harvest.since),
        zone=interface.zone,
    )


def series_key(interface: Interface, operation: Operation, harvest: Harvest) -> tuple[str, ...]:
    """Return the Python names of the fields that tell series of readings, or records, apart."""
    start = listed_record(interface, operation) or payload_of_reply(interface, operation).record
    names: dict[str, str] = {}
    for record in interface.reachable(start):
        for field in record.fields:
            names.setdefault(field.wire, field.name)
    return tuple(names[wire] for wire in harvest.key)
