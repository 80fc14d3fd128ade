"""Find the names of the generated package that depend on a place of a spec."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from gridwright.amend import apply_amendments, split_path
from gridwright.analysis.naming import class_name, constant_name
from gridwright.source import Node
from gridwright.trace.facts import CitedFact, Spec

__all__ = ["symbols_of", "tree_by_wire_names"]


def tree_by_wire_names(spec: Spec) -> Node:
    """Return the spec as it is used, under the wire names of the transcription.

    What only an example shows is left out, and so are records that nothing sends or receives:
    nothing is generated from them.
    """
    amendments = tuple(_without_renames(amendment) for amendment in spec.amendments)
    tree = apply_amendments(spec.interface, amendments)[0]
    operations = {
        entry.key
        for entry in tree.children("operations")
        if entry.value.string("known_by") != "example"
    }
    tree = _with_only(tree, "operations", operations)
    return _with_only(tree, "records", set(_used_records(tree)))


def _used_records(tree: Node) -> Iterator[str]:
    records = {entry.key: entry.value for entry in tree.children("records")}
    waiting = [entry.value for entry in tree.children("operations")]
    waiting += [entry.value for entry in tree.children("envelopes")]
    seen: set[str] = set()
    while waiting:
        for node in waiting.pop().walk():
            name = node.string("of")
            if name in records and name not in seen:
                seen.add(name)
                yield name
                waiting.append(records[name])


def _with_only(tree: Node, key: str, wanted: Collection[str]) -> Node:
    """Return ``tree`` with those entries of one mapping that are wanted."""
    entries = []
    for entry in tree.entries or ():
        if entry.key == key:
            kept = tuple(below for below in entry.value.entries or () if below.key in wanted)
            entry = replace(entry, value=replace(entry.value, entries=kept))
        entries.append(entry)
    return replace(tree, entries=tuple(entries))


def symbols_of(fact: CitedFact, spec: Spec, tree: Node) -> tuple[str, ...]:
    """Return what a caller's code may name that is made from a fact.

    Args:
        fact: one of the spec; for amendments, all counts that they patch or are about.
        spec: where the fact comes from.
        tree: the spec as ``tree_by_wire_names`` returns it.
    """
    if fact.file == "amendments.yaml":
        amendment = next((a for a in spec.amendments if a.string("id") == fact.path[0]), None)
        found = _patched(amendment, tree) if amendment is not None else iter(())
    else:
        found = _of_path(fact.path, tree)
    return tuple(dict.fromkeys(found))


def _without_renames(amendment: Node) -> Node:
    entries = []
    for entry in amendment.entries or ():
        if entry.key == "patch":
            kept = tuple(e for e in entry.value.entries or () if e.value.get("rename") is None)
            entry = replace(entry, value=replace(entry.value, entries=kept))
        entries.append(entry)
    return replace(amendment, entries=tuple(entries))


def _patched(amendment: Node, tree: Node) -> Iterator[str]:
    places = [entry.key for entry in amendment.children("patch")]
    for place in [*places, *amendment.strings("about")]:
        if path := split_path(place):
            yield from _of_path(path, tree)


def _of_path(path: Sequence[str], root: Node) -> Iterator[str]:
    match path:
        case ["operations", name, *rest] if _at(root, ("operations", name)) is not None:
            presented = {entry.key for entry in (root.get("auth") or root).children("present")}
            yield from _of_operation(name, rest, _at(root, ("operations", name)), presented)
        case ["records", wire, *rest] if (record := _at(root, ("records", wire))) is not None:
            yield from _of_record(_name_of(record, wire), rest, record)
        case ["codes", name, "values", code, *_]:
            if (known := _at(root, ("codes", name, "values", code))) is not None:
                yield f"codes.{class_name(name)}.{constant_name(_name_of(known, code))}"
        case ["codes", name, *_]:
            yield f"codes.{class_name(name)}"
        case ["credentials", name, *_]:
            yield f"Client({name}=)"
        case ["envelopes", name, *_]:
            for entry in root.children("operations"):
                named = entry.value.get("envelope")
                if named is not None and name in (named.text, *(i.text for i in named.items or ())):
                    yield f"Client.{entry.key}()"
        case ["auth" | "servers" | "limits" | "conventions", *_]:
            yield "Client"


def _of_operation(
    name: str, rest: Sequence[str], operation: Node | None, presented: Collection[str]
) -> Iterator[str]:
    """Yield what hangs on a part of an operation; ``presented`` is what the login fills in."""
    method = f"Client.{name}()"
    match rest:
        case ["request", wire, *_]:
            field = _at(operation, ("request", wire))
            is_given = field is not None and not (
                field.get("credential") or field.get("selects") or wire in presented
            )
            yield f"Client.{name}({_name_of(field, wire)}=)" if is_given else method
        case ["reply", "fields", *_]:
            reply = _at(operation, ("reply",))
            record = reply.string("record") if reply else ""
            yield from _of_record(record, rest[1:], reply) if record else iter((method,))
        case ["paging" | "reconcile" | "harvest" as part, *_]:
            helper = _at(operation, (part,))
            yield method
            named = operation.string("walk") if operation and part == "paging" else ""
            if helper is not None and (given := named or helper.string("name")):
                yield f"Client.{given}()"
        case _:
            yield method


def _of_record(name: str, rest: Sequence[str], record: Node | None) -> Iterator[str]:
    match rest:
        case ["fields", wire, *_]:
            if (field := _at(record, ("fields", wire))) is not None:
                # A series is one field for each label.
                labels = "_*" if field.get("series") else ""
                yield f"{name}.{_name_of(field, wire)}{labels}"
        case _:
            yield name


def _at(node: Node | None, path: Sequence[str]) -> Node | None:
    for key in path:
        node = node.get(key) if node is not None else None
    return node


def _name_of(node: Node | None, otherwise: str) -> str:
    return node.string("name", otherwise) if node is not None else otherwise
