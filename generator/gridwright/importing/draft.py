"""Write a description of an interface as the draft of a spec."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gridwright.importing.conditions import rules_of, unsaid_conditions
from gridwright.importing.description import Condition, Description, Operation, Payload, Server
from gridwright.importing.draft_access import Access, drafted_access
from gridwright.importing.draft_records import DraftRecords
from gridwright.importing.names import names_of_places, operation_of, snake_of, unique
from gridwright.importing.read_file import Json
from gridwright.importing.unsaid import Left, Unsaid

__all__ = ["SpecDraft", "draft_spec"]

_ERRORS = {
    "401": "authentication", "403": "authentication", "429": "limit", "4xx": "rejected",
    "5xx": "system",
}  # fmt: skip
_REASONS = {"4": "the request is refused", "5": "the service failed", "3": "it is elsewhere"}


@dataclass(frozen=True, slots=True)
class SpecDraft:
    """A spec as plain values, what could not be said in it, and what is to be decided."""

    spec: Json
    left_out: tuple[Left, ...]
    decisions: Mapping[str, tuple[str, ...]]


def draft_spec(description: Description, unsaid: Unsaid, *, system: str) -> SpecDraft:
    """Draft the spec of a system.

    Args:
        description: what the file says.
        unsaid: what was left out so far; grows.
        system: id of the system.
    """
    named = _operation_names(description)
    records = DraftRecords(description, named, unsaid)
    access = drafted_access(description, named, unsaid)
    operations = _operations(description, named, records, access, unsaid)
    spec = _head(description, system)
    if access.credentials:
        spec["credentials"] = dict(access.credentials)
    if access.auth:
        spec["auth"] = dict(access.auth)
    listed = records.records()
    _add_rules(operations, description, named, listed, unsaid)
    codes = records.codes(set(_used_codes([listed, operations])))
    if codes:
        spec["codes"] = codes
    if listed:
        spec["records"] = listed
    spec["operations"] = operations
    operation_ids = {o.id: named[o.place] for o in description.operations}
    left = tuple(
        Left(one.place, one.what, one.value, operation_ids.get(one.operation, one.operation))
        for one in unsaid.left
    )
    decisions = {name: tuple(lines) for name, lines in unsaid.decisions.items()}
    return SpecDraft(spec, left, decisions)


def _operations(
    description: Description,
    named: Mapping[str, str],
    records: DraftRecords,
    access: Access,
    unsaid: Unsaid,
) -> Json:
    """Draft the operations by name, and note those that cannot be drafted."""
    operations: Json = {}
    for operation in description.operations:
        unsaid.operation = name = named[operation.place]
        _move_decisions(unsaid, operation.id, name)
        found = None if operation.stopped else _operation(operation, name, records, access)
        if found is None:
            why = operation.stopped or records.why
            unsaid.leave(operation.place, "an operation that is not drafted", why, own=True)
            unsaid.leave(operation.place, "what such an operation is", operation.summary, own=True)
            unsaid.decide(f"how it is asked: {why}")
        else:
            operations[name] = found
    unsaid.operation = ""
    return operations


def _head(description: Description, system: str) -> Json:
    """Draft what a spec says of the system as a whole."""
    title = _line(description.title or system)
    return {
        "gridwright": "1",
        "system": system,
        "title": {"text": title, "en": title, "inferred": "the imported file"},
        "document": _document(description, title),
        "conventions": {
            "required_marks": {"required": "required", "optional": "optional"},
            "time_zone": {
                "name": str(description.facts.get("time_zone") or "UTC"),
                "assumed": "the imported file names no zone: correct it",
            },
        },
        "servers": _servers(description),
    }


def _add_rules(
    operations: Json,
    description: Description,
    named: Mapping[str, str],
    listed: Json,
    unsaid: Unsaid,
) -> None:
    """Add to each operation the rules across its fields, and note those that cannot be said."""
    said: list[Condition] = []
    for operation in description.operations:
        drafted = operations.get(named[operation.place], {})
        of = drafted.get("body", {}).get("of", "")
        for condition, rule in rules_of(operation, description.records, listed, of):
            said.append(condition)
            rules = drafted.setdefault("rules", [])
            rules += [rule] if rule not in rules else []
    unsaid_conditions(description.records.values(), said, unsaid)


def _used_codes(value: Any) -> Iterator[str]:
    """Yield the names of the code lists that the fields below a value use."""
    if isinstance(value, dict):
        if isinstance(value.get("codes"), str):
            yield value["codes"]
        for below in value.values():
            yield from _used_codes(below)
    elif isinstance(value, list):
        for one in value:
            yield from _used_codes(one)


def _document(description: Description, title: str) -> Json:
    said = description.facts.get("document") or {}
    found: Json = {
        "file": str(said.get("file") or description.file),
        "title": str(said.get("title") or title),
        "language": str(said.get("language") or "en"),
    }
    if description.version.strip():
        version = {"text": _line(description.version), "en": "version of the interface"}
        found["facts"] = {"version": {**version, "inferred": "#/info/version"}}
    return found


def _move_decisions(unsaid: Unsaid, id_: str, name: str) -> None:
    """Let decisions that were noted under the id of an operation stand under its name."""
    if id_ != name and id_ in unsaid.decisions:
        unsaid.decisions.setdefault(name, {}).update(unsaid.decisions.pop(id_))


def _operation_names(description: Description) -> dict[str, str]:
    wanted = {o.place: operation_of(o.id) for o in description.operations}
    return names_of_places(wanted, (), "_operation")


def _servers(description: Description) -> Json:
    found: Json = {}
    for number, server in enumerate(description.servers):
        name = unique(_server_name(server), found)
        found[name] = {"address": server.address}
        if number == 0:
            found[name]["default"] = "yes"
        if server.said:
            found[name]["en"] = _line(server.said)
        found[name]["inferred"] = server.place
    for operation in description.operations:
        known = [one["address"] for one in found.values()]
        if operation.server and operation.server not in known:
            name = unique("server", found)
            found[name] = {"address": operation.server, "inferred": operation.place}
    if not description.servers:
        found = {
            "server": {"address": "undocumented", "inferred": "the file names no server"},
            **found,
        }
    return found


def _server_name(server: Server) -> str:
    name = snake_of(server.said or "server", "server")
    return name if len(name) <= 30 else "server"


def _operation(
    operation: Operation, name: str, records: DraftRecords, access: Access
) -> Json | None:
    facts = operation.facts
    path, query = _split(operation.path)
    body = records.body(operation)
    reply = None if body is None else _reply(operation.payload, records)
    if body is None or reply is None:
        return None
    held = body.get("body", {})
    taken = records.argument_names(held["of"]) if "of" in held else {"entries", "content"}
    request = _request(operation, path, query, records, access, taken if held else ())
    address = f"{operation.server}{path}" if operation.server else path
    found: Json = {
        "wire_name": str(facts.get("wire_name") or _line(operation.id)),
        "en": records.remark(operation.said, operation.place) or name.replace("_", " "),
        "kind": facts.get("kind") or ("read" if operation.method == "GET" else "write"),
        "method": operation.method,
        "address": {"text": address, "inferred": operation.place},
    }
    found |= reply.pop("formats")
    if request:
        found["request"] = request
    found |= body
    found |= reply
    statuses = _statuses(operation, records)
    if statuses:
        found["statuses"] = statuses
    found["inferred"] = operation.place
    return found


def _split(path: str) -> tuple[str, dict[str, str]]:
    """Split constants off that a path has in a query."""
    path, _, query = path.partition("#")[0].partition("?")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return path, {key: value for key, _, value in pairs if key and "{" not in value}


def _request(
    operation: Operation,
    path: str,
    query: dict[str, str],
    records: DraftRecords,
    access: Access,
    taken: Collection[str],
) -> Json:
    found: Json = {}
    names: set[str] = set(taken)
    places = set(re.findall(r"\{([^{}]*)\}", path))
    for key, value in query.items():
        name = unique(snake_of(key, "constant"), names)
        names.add(name)
        found[key] = {"name": name, "value": value, "inferred": operation.place}
    for wire, media, place in _media_types(operation):
        name = unique(snake_of(wire, "header"), names)
        names.add(name)
        found[wire] = {"name": name, "in": "header", "value": media, "inferred": place}
    for part in operation.parts:
        wire = part.field.wire
        if part.place == "path" and wire not in places:
            what = "a parameter that its path does not have"
            facts = {"name": wire, "type": part.field.value.kind, **part.field.value.bounds}
            records.unsaid.leave(operation.place, what, facts)
            continue
        field = records.parameter(part)
        if wire in found:  # one wire name in two places of a request
            records.unsaid.leave(operation.place, f"a second {wire!r}, in {part.place}", own=True)
            if not part.field.is_required:
                continue
            wire = f"{wire} "
        if field["name"] in names:
            field["name"] = unique(f"{field['name']}_in_{part.place}", names)
        names.add(field["name"])
        found[wire] = field
    for wire in sorted(places - found.keys()):
        records.unsaid.leave(operation.place, "a place of the path without a parameter", wire)
        name = unique(snake_of(wire, "place"), names)
        names.add(name)
        found[wire] = {
            "name": name, "type": "text", "in": "path", "required": "required",
            "inferred": operation.place,
        }  # fmt: skip
    for scheme in operation.schemes:
        for wire, field in access.carried.get(scheme, {}).items():
            if wire not in found:
                found[wire] = {**field, "name": unique(field["name"], names)}
                names.add(found[wire]["name"])
    return found


def _media_types(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Yield the headers that name media types which a client would not name by itself."""
    body, payload = operation.body, operation.payload
    if payload.media:
        yield "Accept", payload.media, payload.place
    if body is not None and body.media:
        yield "Content-Type", body.media, body.place


def _reply(payload: Payload, records: DraftRecords) -> Json | None:
    value, place = payload.value, payload.place
    formats: Json = {"formats": list(payload.formats)}
    if value is None:
        return {"formats": formats}
    said = records.reply(payload, value)
    if said is None:
        return {"formats": {"formats": ["file"]}}
    if "xml" in payload.formats:
        root: Json = {"element": payload.root or "root"}
        if payload.namespace:
            root["namespace"] = payload.namespace
        said["root"] = {**root, "inferred": place}
    return {"formats": formats, "reply": {**said, "inferred": place}}


def _statuses(operation: Operation, records: DraftRecords) -> Json:
    found: Json = {}
    for status in operation.statuses:
        if status.status[:1] not in "45":
            records.unsaid.leave(status.place, "a status", status.said, own=True)
            continue
        word = _ERRORS.get(status.status) or ("rejected" if status.status[0] == "4" else "system")
        said = records.remark(status.said, status.place) or _REASONS[status.status[0]]
        found[status.status] = {"error": word, "en": said, "inferred": status.place}
    return found


def _line(text: str) -> str:
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split()) or "?"
