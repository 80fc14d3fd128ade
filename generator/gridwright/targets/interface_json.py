"""The resolved interface as JSON, whole, for tools that want everything; and its schema.

What stands there is what the IR holds, attribute by attribute, but for the places in the spec's
files. A duration is its ISO 8601 text, a bound of a number a text, too; a type has the key
``kind``; a citation the lines of the document. Below the interface itself, an attribute that is
null, empty or false is left out. The version is raised when a tool that reads it would have to
change.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from gridwright import ir
from gridwright.diagnostics import Span
from gridwright.ir import Interface
from gridwright.output.view import TextView
from gridwright.targets.json_text import json_text

__all__ = ["INTERFACE_VERSION", "interface_json_views", "interface_plain", "interface_schema"]

INTERFACE_VERSION = 3
_SCHEMA_ID = f"urn:gridwright:interface:{INTERFACE_VERSION}"
# How a type is called in JSON, by its class.
_KINDS = {
    ir.TextType: "text",
    ir.CodeType: "code",
    ir.IntegerType: "integer",
    ir.DecimalType: "decimal",
    ir.TemporalType: "temporal",
    ir.BooleanType: "boolean",
    ir.BinaryType: "binary",
    ir.AnyType: "any",
    ir.RecordType: "record",
    ir.ListType: "list",
    ir.Argument: "argument",
    ir.Text: "text",
    ir.Basic: "basic",
    ir.Filled: "filled",
    ir.FormatWord: "format_word",
}
# A list of codes and a record are whole in one place, and by name in all others.
_BY_NAME = {ir.CodeList, ir.Record, ir.Envelope}


def interface_json_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield the interface of a system."""
    yield TextView(
        f"schemas/{interface.system}/interface.json", json_text(interface_plain(interface))
    )


def interface_plain(interface: Interface) -> dict[str, Any]:
    """Return the interface as plain values."""
    head = {"$schema": _SCHEMA_ID, "gridwright_interface": INTERFACE_VERSION}
    return head | {
        name: _plain(getattr(interface, name), whole=name in ("codes", "records", "envelopes"))
        for name, _ in _attributes(Interface)
    }


def interface_schema() -> dict[str, Any]:
    """Return the JSON Schema of every interface, made from the types of the IR."""
    definitions: dict[str, Any] = {}
    properties = {
        name: _described(annotation, definitions, whole=name in ("codes", "records", "envelopes"))
        for name, annotation in _attributes(Interface)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _SCHEMA_ID,
        "title": "gridwright interface",
        "description": "A resolved interface spec, amendments applied.",
        "type": "object",
        "properties": {
            "$schema": {"const": _SCHEMA_ID},
            "gridwright_interface": {"const": INTERFACE_VERSION},
            **properties,
        },
        "required": ["$schema", "gridwright_interface", *properties],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _plain(value: object, whole: bool = False) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [_plain(item, whole) for item in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if type(value) in _BY_NAME and not whole:
        return getattr(value, "name")  # noqa: B009  # one of three classes, all with a name
    kind = _KINDS.get(type(value))
    head = {"kind": kind} if kind else {}
    # What a type calls its own kind, such as date, would hide which type it is.
    return head | {
        _key(kind, name): plain
        for name, annotation in _attributes(type(value))
        if (plain := _plain(getattr(value, name))) not in _says_nothing(name, annotation)
    }


def _key(kind: str | None, name: str) -> str:
    return "temporal_kind" if kind == "temporal" and name == "kind" else name


def _described(annotation: Any, definitions: dict[str, Any], whole: bool = False) -> dict[str, Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        kinds = [_described(kind, definitions, whole) for kind in arguments if kind is not NoneType]
        kinds += [{"type": "null"}] if NoneType in arguments else []
        return {"anyOf": kinds}
    if origin is tuple:
        if arguments[1:] == (...,):
            return {"type": "array", "items": _described(arguments[0], definitions, whole)}
        items = [_described(item, definitions) for item in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if origin is Literal:
        return {"enum": list(arguments)}
    if annotation in _PLAIN:
        return {"type": _PLAIN[annotation]}
    if annotation is timedelta:
        return {"type": "string", "pattern": "^P(T[0-9]+S)$"}
    if annotation is Decimal:
        return {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    if issubclass(annotation, Enum):
        return {"enum": [item.value for item in annotation]}
    if annotation in _BY_NAME and not whole:
        return {"type": "string", "description": f"name of a {annotation.__name__}"}
    _define(annotation, definitions)
    return {"$ref": f"#/$defs/{annotation.__name__}"}


def _define(kind: type, definitions: dict[str, Any]) -> None:
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}  # types lead back to each other
    word = _KINDS.get(kind)
    properties: dict[str, Any] = {"kind": {"const": word}} if word else {}
    required = list(properties)
    for name, annotation in _attributes(kind):
        key = _key(word, name)
        properties[key] = _described(annotation, definitions)
        nothing = _says_nothing(name, annotation)
        if nothing:
            properties[key] |= {"default": nothing[0]}
        else:
            required.append(key)
    definitions[kind.__name__] = {
        "description": (kind.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


@cache
def _says_nothing(name: str, annotation: Any) -> tuple[Any, ...]:
    """Return the value that an attribute has where nothing is said; (): it always says something.

    A text that may be missing may be empty, too, and that says something.
    """
    if name in ("name", "id"):
        return ()
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return (None,) if NoneType in arguments else ()
    if origin is tuple:
        return ([],) if arguments[1:] == (...,) else ()
    if origin is Literal:
        return ("",) if "" in arguments else ()
    return {str: ("",), bool: (False,)}.get(annotation, ())


@cache
def _attributes(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return name and type of each attribute, but for places in a spec's files."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no part of the IR")
    hints = get_type_hints(kind, vars(ir))
    return tuple((f.name, hints[f.name]) for f in fields(kind) if hints[f.name] is not Span)


def _duration(value: timedelta) -> str:
    return f"PT{int(value.total_seconds())}S"


_PLAIN = {str: "string", int: "integer", bool: "boolean"}
