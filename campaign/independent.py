"""Read a reply with other tools, `json` and lxml, and say where a record holds another value.

It is simple on purpose: what it cannot find at its documented place, it does not compare.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from email.message import Message
from typing import Any

from lxml import etree

from gridwright_runtime.interface import Operation
from gridwright_runtime.record import Record
from gridwright_runtime.values.convert import ModelField, shape_of

__all__ = ["NotReadable", "other_values", "read_json", "read_xml"]

Tree = Mapping[str, Sequence[Any]]
"""Each name with all that stands under it."""


class NotReadable(Exception):
    """The other tool does not take it."""


def read_json(body: bytes, content_type: str = "") -> Any:
    """Read JSON: an object becomes a `Tree`, a number a `Decimal`.

    Args:
        body: what is read; where it is not UTF-8, in the charset that the content type names.
        content_type: of the body.

    Raises:
        NotReadable: it is none.
    """

    def gathered(pairs: list[tuple[str, Any]]) -> Tree:
        found: dict[str, list[Any]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return found

    def refused(text: str) -> Any:
        raise NotReadable(text)

    try:
        return json.loads(
            _in_utf8(body.removeprefix(b"\xef\xbb\xbf"), content_type),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=refused,
            object_pairs_hook=gathered,
        )
    except (ValueError, LookupError, RecursionError, InvalidOperation) as error:
        raise NotReadable(str(error)) from None


def _in_utf8(body: bytes, content_type: str) -> bytes:
    message = Message()
    message["content-type"] = content_type
    charset = message.get_content_charset()
    if charset is None or json.detect_encoding(body) != "utf-8":
        return body  # UTF-16 says so itself
    try:
        body.decode()
    except UnicodeDecodeError:
        # Korean programs write EUC-KR for what is its superset.
        text = body.decode({"euc-kr": "cp949"}.get(charset, charset))
        return text.encode()
    return body


def read_xml(body: bytes) -> Any:
    """Read XML: an element that holds elements becomes a `Tree`, any other its text.

    Raises:
        NotReadable: it is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotReadable(str(error)) from None
    if etree.QName(root).localname == "Envelope":
        inner = [one for part in root if _name(part) == "Body" for one in part if _name(one)]
        if not inner:
            raise NotReadable("the envelope is empty")
        root = inner[0]
    return _tree(root)


def other_values(operation: Operation[Any], found: Any, tree: Any) -> list[str]:
    """Return the fields that hold something else than the other tool finds for them.

    Args:
        operation: what was called.
        found: the records, the record, or None.
        tree: what the other tool read.
    """
    reply = operation.reply
    model: type[Record] | None = reply.model
    if model is None or found is None or reply.shape not in ("list", "record"):
        return []
    holders = _at(tree, reply.payload)
    if len(holders) != 1:
        return []
    [holder] = holders
    if reply.shape == "record":
        return _other_fields(found, holder, "") if isinstance(holder, Mapping) else []
    items = _items(holder)
    if reply.layout == "columns":
        names = [field.wire for field in shape_of(model).fields]
        items = list(_rows(holder, names))
    if reply.layout == "arrays":
        names = [field.wire for field in shape_of(model).fields]
        items = [_named(item, names) for item in items]
    if reply.layout == "keyed" and isinstance(holder, Mapping):
        items = list(_by_key(holder, reply.keyed_by))
    if len(items) == len(found):
        pairs = zip(found, items, strict=True)
        return [one for record, item in pairs for one in _other_fields(record, item, "")]
    # Fillers and notices are left out: each record must be that of a later item.
    waiting = iter(items)
    for record in found:
        if all(_other_fields(record, item, "") for item in waiting):
            return ["a record is that of no item"]
    return []


def _named(item: Any, names: Sequence[str]) -> Any:
    """Return an item that is an array as a `Tree`, by the order of the fields."""
    if not isinstance(item, list):
        return item
    return {name: [value] for name, value in zip(names, item, strict=False)}


def _by_key(holder: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Yield what an object holds under its keys, each as a `Tree` that has its key, too."""
    for key, values in holder.items():
        for value in values[-1:]:
            yield {**(value if isinstance(value, Mapping) else {".": [value]}), name: [key]}


def _rows(holder: Any, names: Sequence[str]) -> Iterator[Any]:
    """Yield what an object holds in lists under the names of fields, as one `Tree` each."""
    said = {name: holder.get(name, ()) for name in names} if isinstance(holder, Mapping) else {}
    columns = {name: found[-1] for name, found in said.items() if found}
    lists = {name: column for name, column in columns.items() if isinstance(column, list)}
    for index in range(max(map(len, lists.values()), default=0)):
        yield {name: [column[index]] for name, column in lists.items() if index < len(column)}


def _other_fields(record: Any, tree: Any, path: str) -> list[str]:
    if not isinstance(tree, Mapping) or not isinstance(record, Record):
        return [] if record is None else [f"{path} is a record, and stands for {type(tree)}"]
    other: list[str] = []
    shape = shape_of(type(record))
    for field in shape.fields:
        value, said = getattr(record, field.name), tree.get(field.wire, ())
        if value is None or not said:
            continue  # other names are forgiven, and what is missing is no other value
        where = f"{path}{field.name}"
        if field.model is not None:
            if not field.many and len(said) == 1:
                other += _other_fields(value, said[0], f"{where}.")
            continue
        if field.many:
            continue
        if not any(_is_same(field, value, one) for one in said):
            other.append(f"{where} is {value!r:.60}, and stands for {said!r:.80}")
    return other


def _is_same(field: ModelField, value: Any, said: Any) -> bool:
    if isinstance(said, list) and len(said) == 1:
        return False
    if isinstance(value, bool):
        return True
    if isinstance(value, int | Decimal):
        if field.marker is not None and isinstance(said, str) and "," in said:
            said = said.replace(".", "").replace(" ", "").replace(",", ".")  # of its own form
        return _number(said) == value
    if isinstance(value, str):
        if isinstance(said, Decimal):
            return _number(value) == said
        if isinstance(said, bool):
            return value == str(said).lower()
        return bool(value == said)
    return isinstance(said, str | Decimal)


def _number(said: Any) -> Decimal | None:
    if isinstance(said, bool) or not isinstance(said, str | Decimal):
        return None
    if isinstance(said, Decimal):
        return said
    text = said.strip(" \t\r\n")
    if not text.isascii() or "_" in text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _at(tree: Any, path: Sequence[str]) -> list[Any]:
    found = [tree]
    for step in path:
        found = [one for tree in found if isinstance(tree, Mapping) for one in tree.get(step, ())]
    return found


def _items(holder: Any) -> list[Any]:
    if isinstance(holder, list):
        return holder
    if not isinstance(holder, Mapping):
        return []
    # An item of another name is forgiven, and is a deviation.
    return [one for some in holder.values() for one in some]


def _tree(element: Any) -> Any:
    children = [child for child in element if _name(child)]
    if not children:
        return "".join(element.itertext("*")) if len(element) else (element.text or "")
    found: dict[str, list[Any]] = {}
    for child in children:
        found.setdefault(_name(child), []).append(_tree(child))
    return found


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
