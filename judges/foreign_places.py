"""Where a finding of oasdiff stands in an interface that was imported from the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gridwright.importing.documents import Documents
from gridwright.ir import (
    CodeType,
    Field,
    Interface,
    ListType,
    Operation,
    Record,
    RecordType,
    TypeRef,
)

__all__ = ["Finding", "Place", "finding_of", "place_of"]

_PROPERTY = (
    r"(?:property|parameter|header) `([^`]*)`",
    r"`([^`]*)` (?:request|response)(?:'s)? property",
)
_STATUS = r"status `(\w+)`|`(\w+)` status"
_SILENT = re.compile(r"(?:all|any|one)Of\[.*\]|additionalProperties|")
_ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of oasdiff.

    Attributes:
        rule: its id there.
        level: 3 is breaking.
        pointer: the operation's place in the file; empty where the finding is of the whole file.
        status: of the reply that it is about; empty where it is about the request.
        path: names of properties, from the body down; of a parameter or a header, its name.
    """

    rule: str
    level: int
    text: str
    pointer: str
    status: str
    path: tuple[str, ...]


@dataclass(slots=True)
class Place:
    """Where a finding stands in one interface.

    Attributes:
        exact: paths in the spec of the thing itself.
        above: paths in the spec of what holds the thing.
        pointers: places of the thing in the file, where the import lists what it left out.
    """

    exact: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)


def finding_of(said: dict[str, Any]) -> Finding:
    """Read one finding of oasdiff's report."""
    text = said["text"]
    path = said.get("path", "").replace("~", "~0").replace("/", "~1")
    status = re.search(_STATUS, text)
    name = next(filter(None, (re.search(pattern, text) for pattern in _PROPERTY)), None)
    is_whole = "parameter" in said["id"] or "header" in said["id"]
    return Finding(
        rule=said["id"],
        level=said["level"],
        text=text,
        pointer=f"#/paths/{path}/{said['operation'].lower()}" if path else "",
        status=next(filter(None, status.groups()), "") if status else "",
        path=() if name is None else (name[1],) if is_whole else tuple(_segments(name[1])),
    )


def place_of(finding: Finding, interface: Interface, documents: Documents) -> Place:
    """Find where a finding stands; what is not there has the places above it alone."""
    operation = _operation(finding.pointer, interface)
    if operation is None:
        return Place(pointers=[finding.pointer])
    here = f"operations.{operation.name}"
    found = Place(above=[here])
    if finding.status:
        is_failure = not finding.status.startswith("2")
        part = "headers" if "header" in finding.rule else "content" if is_failure else ""
        at = f"{finding.pointer}/responses/{finding.status}"
        found.pointers += [f"{one}/{part}" for one in _followed(at, documents) if part]
        if part:
            found.exact.append(f"{here}.statuses.{_key(finding.status)}")
            return found
        found.above += [f"{here}.reply", f"{here}.formats"]
        reply = operation.reply
        _down(reply.record, finding.path, interface, found, is_value=reply.shape == "value")
    elif "parameter" in finding.rule:
        for one in (p.field for p in operation.parameters if p.field.wire in finding.path):
            found.exact += [f"{here}.request.{_key(one.wire)}", *_codes(one)]
            found.pointers.append(one.cite.reason)
    else:
        found.pointers.append(f"{finding.pointer}/requestBody")
        found.above += [f"{here}.body", f"{here}.request_media"]
        body = operation.body
        if body is not None:
            _down(body.record, finding.path, interface, found, is_value=body.is_value)
    return found


def _down(
    record: Record, path: tuple[str, ...], interface: Interface, found: Place, *, is_value: bool
) -> None:
    """Follow names of properties through records; the last field that is there is the thing."""
    records = {one.name: one for one in interface.records}
    held: TypeRef | None = record.fields[0].type if is_value else RecordType(record=record.name)
    for number, name in enumerate(path):
        one = records.get(_record_of(held))
        if name == _ITEMS and (one is None or isinstance(held, ListType) or not _has(one, name)):
            held = held.item if isinstance(held, ListType) else held
            continue
        if one is None:
            return
        found.pointers.append(f"{one.cite.reason}/properties/{name}")
        has = next((f for f in one.fields if f.wire == name), None)
        if has is None:
            return
        held = has.type
        is_last = {*path[number + 1 :]} <= {_ITEMS} or not _record_of(held)
        here = f"records.{one.name}.fields.{_key(name)}"
        (found.exact if is_last else found.above).append(here)
        if is_last:
            found.exact += _codes(has)
            found.pointers.append(has.cite.reason)


def _has(record: Record, name: str) -> bool:
    return any(field.wire == name for field in record.fields)


def _record_of(type_: TypeRef | None) -> str:
    inner = type_.item if isinstance(type_, ListType) else type_
    return inner.record if isinstance(inner, RecordType) else ""


def _codes(has: Field) -> Iterator[str]:
    inner = has.type.item if isinstance(has.type, ListType) else has.type
    if isinstance(inner, CodeType) and inner.codes is not None:
        yield f"codes.{inner.codes.name}"


def _followed(pointer: str, documents: Documents) -> Iterator[str]:
    """Yield a place of the file, and that to which it refers."""
    yield pointer
    _, place, trouble = documents.follow({"$ref": pointer}, "")
    if not trouble and place != pointer:
        yield place


def _operation(pointer: str, interface: Interface) -> Operation | None:
    return next((o for o in interface.operations if o.cite.reason == pointer), None)


def _segments(path: str) -> Iterator[str]:
    # A schema that is named in brackets has slashes of its own.
    for segment in re.findall(r"(?:\[[^\]]*\]|[^/\[])+", path):
        if not _SILENT.fullmatch(segment):
            yield segment


def _key(name: str) -> str:
    return f'"{name}"' if "." in name or not name else name
