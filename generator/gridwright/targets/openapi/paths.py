"""Paths of an OpenAPI document, which knows one operation of a method and address.

Where a document has several, told apart by what their requests hold, OpenAPI gets one operation
that takes what each of them takes, so that tools can call all of them. It says which values mean
which, and holds each as it would stand alone in ``x-gridwright``.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gridwright.checks.same_address import address_of
from gridwright.ir import Interface, Operation, Parameter
from gridwright.targets.openapi.facts import Json

__all__ = ["paths_of"]

_PLACE = re.compile(r"\{([^{}]*)\}")


def paths_of(interface: Interface, describe: Callable[[Operation], Json]) -> Json:
    """Return the paths of a system.

    Args:
        interface: the system.
        describe: describes one operation as if it were alone.
    """
    addresses: dict[tuple[str, str], list[Operation]] = {}
    shown: dict[str, str] = {}
    for operation in interface.operations:
        method, path = address_of(operation)
        shown.setdefault(path, operation.path)
        addresses.setdefault((method, path), []).append(operation)
    paths: dict[str, Json] = {}
    for (method, path), operations in addresses.items():
        described = [_with_places(describe(o), o.path, shown[path]) for o in operations]
        paths.setdefault(shown[path], {})[method.lower()] = (
            described[0]
            if len(operations) == 1
            else _joint_operation(interface, operations, described)
        )
    return paths


def _with_places(described: Json, path: str, shown: str) -> Json:
    """Call the places of a path as the one that is shown does: OpenAPI tells no two of a form."""
    if path == shown:
        return described
    names = dict(zip(_PLACE.findall(path), _PLACE.findall(shown), strict=True))
    return described | {
        "parameters": [
            one | {"name": names[one["name"]]} if one["in"] == "path" else one
            for one in described["parameters"]
        ]
    }


def _joint_operation(
    interface: Interface, operations: Sequence[Operation], described: Sequence[Json]
) -> Json:
    deciding = _deciding(operations)
    names = " and ".join(f"`{wire}`" for wire in deciding) or "what the request holds"
    lines = [f"One of {len(operations)} operations of this address; {names} says which.", ""]
    lines += [f"- {_deciding_values(operation, deciding)}" for operation in operations]
    parameters = _parameters(described)
    bodies = [one["requestBody"] for one in described if "requestBody" in one]
    whole: Json = {
        "operationId": _id(interface, operations[0]),
        "summary": "; ".join(one["summary"] for one in described),
        "description": "\n".join(lines),
        "tags": described[0]["tags"],
    }
    if parameters:
        whole["parameters"] = parameters
    if bodies:
        whole["requestBody"] = {
            "required": len(bodies) == len(described),
            "content": _contents([body["content"] for body in bodies]),
        }
    whole["responses"] = _responses([one["responses"] for one in described])
    whole["x-gridwright"] = {"operations": {one["operationId"]: one for one in described}}
    return whole


def _deciding(operations: Sequence[Operation]) -> tuple[str, ...]:
    """Return the wire names of the constants that not all operations have alike."""
    constants = [
        {(p.place.value, p.field.wire): p.constant for p in o.parameters if p.constant is not None}
        for o in operations
    ]
    spots = dict.fromkeys(spot for one in constants for spot in one)
    return tuple(
        wire for place, wire in spots if len({c.get((place, wire)) for c in constants}) > 1
    )


def _deciding_values(operation: Operation, deciding: Iterable[str]) -> str:
    by_wire: Mapping[str, Parameter] = {p.field.wire: p for p in operation.parameters}
    values = [
        f"`{wire}={by_wire[wire].constant}`"
        for wire in deciding
        if wire in by_wire and by_wire[wire].constant is not None
    ]
    needs = [f"`{p.field.wire}`" for p in operation.arguments if p.field.required]
    before = ", ".join(values) or f"with {', '.join(needs)}" if values or needs else "else"
    return f"{before}: {operation.en} (`{operation.name}`)"


def _id(interface: Interface, operation: Operation) -> str:
    """Return an id that is no operation's own, since it stands for several."""
    taken = {known.name for known in interface.operations}
    words = re.findall("[a-z0-9]+", operation.path.lower())
    found = "_".join([operation.method.lower(), *words])
    while found in taken:
        found += "_any"
    return found


def _parameters(described: Sequence[Json]) -> list[Json]:
    """Join parameters by name and place; one that some operations lack need not be given."""
    found: dict[tuple[str, str], list[Json]] = {}
    for one in described:
        for parameter in one.get("parameters", ()):
            found.setdefault((parameter["name"], parameter["in"]), []).append(parameter)
    return [_parameter(same, len(described)) for same in found.values()]


def _parameter(same: Sequence[Json], count: int) -> Json:
    is_needed = len(same) == count and all(one["required"] for one in same)
    return same[0] | {
        "required": is_needed or same[0]["in"] == "path",
        "schema": _any_of([one["schema"] for one in same]),
    }


def _responses(all_of_them: Sequence[Json]) -> Json:
    found: Json = {}
    for status in dict.fromkeys(status for one in all_of_them for status in one):
        same = [one[status] for one in all_of_them if status in one]
        descriptions = dict.fromkeys(one["description"] for one in same)
        content = _contents([one["content"] for one in same if "content" in one])
        found[status] = (
            same[0]
            | {"description": " ".join(descriptions)}
            | ({"content": content} if content else {})
        )
    return found


def _contents(contents: Sequence[Json]) -> Json:
    """Join what may be sent or come, by media type."""
    found: Json = {}
    for media in dict.fromkeys(media for content in contents for media in content):
        same = [content[media] for content in contents if media in content]
        found[media] = same[0] | {"schema": _any_of([one["schema"] for one in same])}
    return found


def _any_of(schemas: Sequence[Json]) -> Json:
    flat: list[Any] = []
    for schema in schemas:
        for one in schema["anyOf"] if [*schema] == ["anyOf"] else [schema]:
            if one not in flat:
                flat.append(one)
    constants = [one["const"] for one in flat if "const" in one]
    if len(constants) == len(flat) > 1:
        return {"type": "string", "enum": constants}
    return flat[0] if len(flat) == 1 else {"anyOf": flat}
