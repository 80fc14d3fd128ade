"""Move the fields of a record from where they stand to their names: attributes, texts, containers,
items.

A settled record is a mapping by the names of its model, whatever its format: what stands in an
attribute, in the text of an element or in containers has moved to the name that the model has for
it. What the model does not know keeps its own name.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from ..interface import Format, Operation, Path
from ..layouts import SeveralForOne, objects_sent
from ..record import Location, Record
from ..values.convert import ModelField, shape_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "ElementContent",
    "is_plain",
    "json_name",
    "marks_of",
    "normalize_record",
    "normalize_value",
    "outer_marks",
    "read_marks",
    "wrap_lists",
]

TEXT = "."
"""The text of an element, or a value that is no record."""


def json_name(wire: str) -> str:
    """Return the key in JSON of what is an attribute in XML; other names stay as they are."""
    return wire[1:] if wire[:1] == "@" else wire


@cache
def is_plain(model: Any) -> bool:
    """Say whether all fields of a model, and of the records within, stand under their own names."""
    if model.__located__:
        return False
    return all(
        field.wire[:1] != "@"
        and field.wire != TEXT
        and (field.model is None or is_plain(field.model))
        for field in shape_of(model).fields
    )


def normalize_record(
    tree: Mapping[str, object], model: type[Record], format: Format
) -> dict[str, object]:
    """Return the tree of a record by the names of its model."""
    rest = dict(tree)
    containers: dict[Path, dict[str, object]] = {(): rest}
    found: dict[str, object] = {}
    direct: list[ModelField] = []
    empty: set[Path] = set()
    for field in shape_of(model).fields:
        location = model.__located__.get(field.wire)
        if location is None:
            direct.append(field)
        elif location.header:
            continue
        elif not _is_held(containers, location.under, format):
            if null := _null_on(containers, location.under):
                found[field.wire] = None  # a container without a value has none of what it holds
                empty.add(null)
        else:
            name = json_name(location.name) if format == "json" else location.name
            holder = containers[location.under]
            if name in holder:
                found[field.wire] = _items(holder.pop(name), location, format, field.model)
                continue
            for alias, known in model.__also__.items():
                if known == field.wire and alias in holder:
                    found[alias] = _items(holder.pop(alias), location, format, field.model)
    for path in empty:
        if len(path) > 1 and _is_held(containers, path[:-1], format):
            containers[path[:-1]].pop(path[-1], None)
    _give_back(containers, found, rest)
    for field in direct:
        name = json_name(field.wire) if format == "json" else field.wire
        if name in rest:
            found[field.wire] = rest.pop(name)
    for path in empty:
        if len(path) == 1:  # it may be a field itself, beside its attributes
            rest.pop(path[0], None)
    for field in shape_of(model).fields:
        if field.wire in found:
            found[field.wire] = _normalize_within(found[field.wire], field, format)
    return {**found, **rest}


def normalize_value(value: object, model: type[Record], format: Format) -> object:
    """Return a record with the names of its model; a value that is no record is returned unchanged.

    An element that has a text and nothing else is a record of its text.
    """
    if is_plain(model):
        return value
    if isinstance(value, Mapping):
        return normalize_record(value, model, format)
    if _has_text(model) and not isinstance(value, list) and value is not None:
        return {TEXT: value}
    return value


def wrap_lists(
    tree: Mapping[str, object], model: type[Record], forms: Collection[str]
) -> dict[str, object]:
    """Return a record with lists where a service writes them otherwise in JSON."""
    found = dict(tree)
    for field in shape_of(model).fields:
        value = found.get(field.wire)
        if field.many and "one" in forms and isinstance(value, Mapping):
            value = [value]
        elif field.many and "empty" in forms and field.wire in found and value in (None, ""):
            value = []
        if isinstance(value, list) and field.model is not None:
            inner = field.model
            value = [wrap_lists(v, inner, forms) if isinstance(v, Mapping) else v for v in value]
        elif isinstance(value, Mapping) and field.model is not None:
            value = wrap_lists(value, field.model, forms)
        if field.wire in found:
            found[field.wire] = value
    return found


@cache
def _has_text(model: type[Record]) -> bool:
    return TEXT in shape_of(model).wires


def _is_held(containers: dict[Path, dict[str, object]], under: Path, format: Format) -> bool:
    """Make copies of the containers on a way; say whether it leads to a mapping.

    Several in the place of one are marked, so that the check tells why nothing was read in them.
    """
    for depth in range(1, len(under) + 1):
        if under[:depth] in containers:
            continue
        holder, step = containers[under[: depth - 1]], under[depth - 1]
        inner = holder.get(step)
        if type(inner) is list:
            holder[step] = _marked(inner, format)
        if not isinstance(inner, Mapping):
            return False
        containers[under[:depth]] = dict(inner)
    return True


def _null_on(containers: dict[Path, dict[str, object]], under: Path) -> Path:
    """Return the first container on a way that is null; empty: there is none."""
    inner: object = containers[()]
    for depth, step in enumerate(under, 1):
        if not isinstance(inner, Mapping) or step not in inner:
            return ()
        inner = containers.get(under[:depth], inner[step])
        if inner is None:
            return under[:depth]
    return ()


def _marked(several: list[object], format: Format) -> SeveralForOne:
    if format == "xml":
        return SeveralForOne(several, "repeated-field", "is there more than once")
    return SeveralForOne(several, "wrong-type", "is a list, not a record")


def _give_back(
    containers: dict[Path, dict[str, object]], found: dict[str, object], rest: dict[str, object]
) -> None:
    """Leave in containers what no field has taken: a value, or what nobody knows."""
    for path in sorted(containers, key=len, reverse=True):
        if not path:
            continue
        holder = containers[path[:-1]]
        left = containers[path]
        if list(left) == [TEXT]:
            holder[path[-1]] = left[TEXT]  # the element's own text
        elif left:
            holder[path[-1]] = left
        else:
            holder.pop(path[-1], None)


def _items(value: object, location: Location, format: Format, inner: type[Record] | None) -> object:
    """Return the items of a list, which stand in elements of XML, or laid out otherwise in JSON."""
    if location.layout and format == "json" and inner is not None:
        names = [json_name(field.wire) for field in shape_of(inner).fields]
        return objects_sent(value, location.layout, names, location.keyed_by)
    if not location.item or format != "xml":
        return value
    if isinstance(value, Mapping) and list(value) == [location.item]:
        return value[location.item]
    if value is None or (isinstance(value, str) and not value.strip()):
        return []
    return value


def _normalize_within(value: object, field: ModelField, format: Format) -> object:
    if field.model is None:
        return value
    if is_plain(field.model):
        return value
    if isinstance(value, list):
        return [normalize_value(item, field.model, format) for item in value]
    return normalize_value(value, field.model, format)


# --- XML: attributes, and texts beside them ---------------------------------------------------


class ElementContent(Struct, frozen=True):
    """What counts of an element beside its children, and of the elements within it."""

    attributes: frozenset[str] | None
    """Names with ``@`` before them; None: all, so that one that nobody knows is seen."""
    text: bool
    inner: Mapping[str, "ElementContent"]


_NO_MARKS = ElementContent(frozenset(), False, {})


@cache
def marks_of(model: type[Record]) -> ElementContent | None:
    """Return what counts in elements that are records of a model; None: children alone."""
    if is_plain(model):
        return None
    wires: list[tuple[Path, str]] = []
    inner: dict[Path, ElementContent] = {}
    for field in shape_of(model).fields:
        location = model.__located__.get(field.wire) or Location(name=field.wire)
        if location.header:
            continue
        wires.append((location.under, location.name))
        below = marks_of(field.model) if field.model is not None else None
        if below is not None:
            path = (*location.under, location.name, *((location.item,) if location.item else ()))
            inner[path] = below
    return _marks((), wires, inner, is_record=True)


@cache
def outer_marks(operation: Operation[Any]) -> ElementContent:
    """Return the attributes and texts that count in a reply, outside of the records of a list.

    The records of a list have their own, which `marks_of` returns.
    """
    reply, verdict = operation.reply, operation.verdict
    wires: list[tuple[Path, str]] = []
    inner: dict[Path, ElementContent] = {}
    if verdict is not None:
        names = {verdict.code, verdict.message, verdict.kind, *verdict.success, *verdict.fields}
        wires += [(verdict.under, name) for name in sorted(names) if name]
    for one in operation.partial:
        wires += [((*one.under, *one.located.get(name, ())), name) for name in one.fields]
    if reply.beside is not None:
        for field in shape_of(reply.beside).fields:
            location = reply.beside.__located__.get(field.wire) or Location(name=field.wire)
            if location.header:
                continue
            wires.append((location.under, location.name))
            inside = marks_of(field.model) if field.model is not None else None
            if inside is not None:
                inner[(*location.under, location.name)] = inside
    model: type[Record] | None = reply.model
    if reply.shape == "record" and model is not None:
        below = marks_of(model)
        if below is not None and not reply.payload:
            return _merge_marks(_marks((), wires, inner, is_record=False), below)
        if below is not None:
            inner[reply.payload] = below
    return _marks((), wires, inner, is_record=False)


def _merge_marks(one: ElementContent, other: ElementContent) -> ElementContent:
    both: dict[str, ElementContent] = {**one.inner, **other.inner}
    for name in one.inner.keys() & other.inner.keys():
        both[name] = _merge_marks(one.inner[name], other.inner[name])
    attributes = None
    if one.attributes is not None and other.attributes is not None:
        attributes = one.attributes | other.attributes
    return ElementContent(attributes, one.text or other.text, both)


def _marks(
    prefix: Path,
    wires: Sequence[tuple[Path, str]],
    inner: Mapping[Path, ElementContent],
    *,
    is_record: bool,
) -> ElementContent:
    depth = len(prefix)
    here = [name for under, name in wires if under == prefix]
    below = {
        path[depth]
        for path in (*(under for under, _name in wires), *inner)
        if len(path) > depth and path[:depth] == prefix
    }
    within: dict[str, ElementContent] = {}
    for name in sorted(below):
        path = (*prefix, name)
        deeper = _marks(path, wires, inner, is_record=is_record)
        if path in inner:
            deeper = _merge_marks(deeper, inner[path])
        if deeper != _NO_MARKS:
            within[name] = deeper
    attributes = frozenset(name for name in here if name[:1] == "@")
    holds_all = is_record and (not prefix or bool(attributes))
    has_text = TEXT in here or (bool(prefix) and bool(attributes))
    return ElementContent(None if holds_all else attributes, has_text, within)


def read_marks(element: "_Element", marks: ElementContent) -> dict[str, object]:
    """Return an element's children as `plain` does, with the attributes and texts that count."""
    found: dict[str, object] = {}
    for key, value in cast("Mapping[str, str]", element.attrib).items():
        name = f"@{key}"
        # Those of a namespace, such as xsi:schemaLocation, are for parsers.
        if key[:1] != "{" and (marks.attributes is None or name in marks.attributes):
            found[name] = value
    text = element.text
    # A text that nobody knows is seen, too, where it would be lost.
    is_seen = bool(text or found) if marks.text else bool(found and text and text.strip())
    if is_seen and not len(element):
        found[TEXT] = text
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        content = _content(child, marks.inner.get(name, _NO_MARKS))
        if name not in found:
            found[name] = content
        elif isinstance(found[name], list):
            found[name].append(content)  # type: ignore[attr-defined]
        else:
            found[name] = [found[name], content]
    return found


def _content(element: "_Element", marks: ElementContent) -> object:
    if len(element):
        return read_marks(element, marks)
    if marks is _NO_MARKS:
        return element.text
    return read_marks(element, marks) or element.text
