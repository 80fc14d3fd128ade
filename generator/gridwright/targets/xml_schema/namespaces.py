"""Put a schema whose elements are in several namespaces into a document for each of them.

XSD lets a document declare elements of one namespace, and of none. So a type stands where its
elements are; and an element that is elsewhere than those beside it stands in the document of its
namespace, by itself or as a group of one element, and is referred to. So does an attribute that is
in a namespace, as a group of one attribute.
"""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy

from lxml import etree

from gridwright.analysis.element_namespaces import ANY_OTHER, Namespaces
from gridwright.ir import NO_NAMESPACE
from gridwright.targets.xml_schema.types import XS, XsdElement, xs

__all__ = ["document_name", "split_schema"]

_Path = tuple[str, ...]
_ELEMENT, _TYPE, _SIMPLE = (f"{{{XS}}}{name}" for name in ("element", "complexType", "simpleType"))
_ALL = f"{{{XS}}}all"
_ATTRIBUTE = f"{{{XS}}}attribute"
_REFERENCES = ("type", "base", "memberTypes", "ref")


def document_name(name: str, prefix: str) -> str:
    """Return the name of a document; an empty prefix is that of the first."""
    return f"{name}.{prefix}.xsd" if prefix else f"{name}.xsd"


def split_schema(
    schema: XsdElement,
    messages: Mapping[str, Namespaces],
    first: str,
    prefixes: Mapping[str, str],
    name: str,
) -> dict[str, str]:
    """Return the text of each document, the first one first, by file name.

    Args:
        schema: of all messages, as if their elements were in one namespace.
        messages: the namespaces of each message, by the name of its root.
        first: the namespace of the first document, which imports all others.
        prefixes: of each namespace.
        name: that of the files.
    """
    roots = {(_plain(message.root), name) for name, message in messages.items()}
    split = _Split(schema, first, roots)
    for root in schema.findall(_ELEMENT):
        split.add(root, messages[str(root.get("name"))])
    files = {
        space: document_name(name, "" if space == first else prefixes.get(space, "none"))
        for space in split.documents
    }
    return {
        files[space]: _text(space, content, files, prefixes, is_first=space == first)
        for space, content in split.documents.items()
    }


class _Split:
    """Documents as they fill; references are whole names until all is there."""

    def __init__(self, schema: XsdElement, first: str, roots: Collection[tuple[str, str]]) -> None:
        self.documents: dict[str, dict[str, XsdElement]] = {first: {}}
        self._first = first
        self._roots = roots
        self._types = {str(one.get("name")): one for one in schema.findall(_TYPE)}
        self._simple = {str(one.get("name")): one for one in schema.findall(_SIMPLE)}
        self._made: dict[tuple[str, bytes], str] = {}

    def add(self, root: XsdElement, message: Namespaces) -> None:
        """Add the root of a message with all that it holds."""
        space = _plain(message.root)
        made = self._element(root, message, (), space, space)
        self._add(space, f"element {root.get('name')}", made)

    def _element(
        self, source: XsdElement, message: Namespaces, path: _Path, own: str, home: str
    ) -> XsdElement:
        """Return an element for the document of ``home``; its own namespace is that, or none."""
        made = etree.Element(_ELEMENT, _attributes(source))
        if path and own == "" != home:
            made.set("form", "unqualified")
        named = str(source.get("type", ""))
        if named in self._types:
            space, name = self._type(named, self._types[named], message, path, own)
            made.set("type", f"{{{space}}}{name}")
        elif named in self._simple:
            made.set("type", self._reference(named, home))
        for child in source:
            if child.tag != _TYPE:
                made.append(self._plain_copy(child, home))
                continue
            inside = self._home(child, message, path, own)
            if inside == home:
                made.append(self._content(child, message, path, own, home))
            else:
                name = f"{source.get('name')}Type"
                space, name = self._type(name, child, message, path, own)
                made.set("type", f"{{{space}}}{name}")
        return made

    def _type(
        self, name: str, source: XsdElement, message: Namespaces, path: _Path, own: str
    ) -> tuple[str, str]:
        """Return namespace and name of a type, which is made where it is not there yet."""
        home = self._home(source, message, path, own)
        made = self._content(source, message, path, own, home)
        made.set("name", name)
        key = (home, etree.tostring(made))
        if key not in self._made:
            free = self._free(home, f"type {name}").partition(" ")[2]
            made.set("name", free)
            self._add(home, f"type {free}", made)
            self._made[key] = free
        return home, self._made[key]

    def _home(self, source: XsdElement, message: Namespaces, path: _Path, own: str) -> str:
        """Return the namespace of the document in which the elements of a type stand."""
        inside = {
            _namespace_of(message, (*path, str(one.get("name"))), own) for one in _children(source)
        }
        qualified = inside - {""}
        if len(qualified) == 1:
            return qualified.pop()
        return own or self._first

    def _content(
        self, source: XsdElement, message: Namespaces, path: _Path, own: str, home: str
    ) -> XsdElement:
        """Return a type, or a part of it, with the elements in it."""
        made = etree.Element(str(source.tag), _attributes(source))
        for attribute in _REFERENCES:
            if (said := source.get(attribute)) is not None:
                made.set(attribute, self._references(said, home))
        for child in source:
            space = message.elements.get((*path, f"@{child.get('name')}"))
            if child.tag == _ATTRIBUTE and space is not None:
                made.append(self._attribute(child, space))
                continue
            if child.tag != _ELEMENT:
                is_simple = child.tag in (_SIMPLE, f"{{{XS}}}annotation", f"{{{XS}}}attribute")
                copy = (
                    self._plain_copy(child, home)
                    if is_simple
                    else self._content(child, message, path, own, home)
                )
                made.append(copy)
                continue
            below = (*path, str(child.get("name")))
            space = _namespace_of(message, below, own)
            if space in (home, ""):
                made.append(self._element(child, message, below, space, home))
                continue
            element = self._element(child, message, below, space, space)
            if made.tag == _ALL and (shared := self._shared(element, space)) is not None:
                made.append(shared)
                continue
            if made.tag == _ALL:
                made.tag = f"{{{XS}}}sequence"  # xs:all holds no groups
            name = self._free(space, f"group {child.get('name')}Element").partition(" ")[2]
            self._add(space, f"group {name}", xs("group", xs("sequence", element), name=name))
            made.append(xs("group", ref=f"{{{space}}}{name}"))
        return made

    def _attribute(self, source: XsdElement, space: str) -> XsdElement:
        """Refer to an attribute in a namespace, whose document has it in a group of its own."""
        inner = self._plain_copy(source, space)
        inner.set("form", "qualified")
        number, name = 1, f"{source.get('name')}Attribute"
        while True:
            made = xs("attributeGroup", deepcopy(inner), name=name)
            known = self.documents.get(space, {}).get(f"attributes {name}")
            if known is None or etree.tostring(known) == etree.tostring(made):
                break
            number += 1
            name = f"{source.get('name')}Attribute{number}"
        self._add(space, f"attributes {name}", made)
        return xs("attributeGroup", ref=f"{{{space}}}{name}")

    def _shared(self, element: XsdElement, space: str) -> XsdElement | None:
        """Refer to an element of another document; None where another has its name there.

        XSD lets elements stand in any order only where these are declared or referred to by
        themselves, and not in groups.
        """
        name = str(element.get("name"))
        least = element.get("minOccurs")
        if least is not None:
            del element.attrib["minOccurs"]
        known = self.documents.get(space, {}).get(f"element {name}", element)
        if (space, name) in self._roots or etree.tostring(known) != etree.tostring(element):
            if least is not None:
                element.set("minOccurs", least)
            return None
        self._add(space, f"element {name}", known)
        said = {} if least is None else {"minOccurs": str(least)}
        return xs("element", ref=f"{{{space}}}{name}", **said)

    def _plain_copy(self, source: XsdElement, home: str) -> XsdElement:
        """Return what holds no elements; the simple types to which it refers stand beside it."""
        made = deepcopy(source)
        for one in made.iter():
            for attribute in _REFERENCES:
                if (said := one.get(attribute)) is not None:
                    one.set(attribute, self._references(said, home))
        return made

    def _references(self, said: str, home: str) -> str:
        return " ".join(self._reference(name, home) for name in said.split())

    def _reference(self, name: str, home: str) -> str:
        """Return the whole name of a simple type, of which each document has its own."""
        if name not in self._simple:
            return name
        key = f"simple {name}"
        if key not in self.documents.get(home, {}):
            self._add(home, key, etree.Element(_SIMPLE))  # keeps its place
            self._add(home, key, self._plain_copy(self._simple[name], home))
        return f"{{{home}}}{name}"

    def _add(self, space: str, key: str, made: XsdElement) -> None:
        self.documents.setdefault(space, {})[key] = made

    def _free(self, space: str, key: str) -> str:
        """Return a key that a document does not have."""
        number, free = 1, key
        while free in self.documents.get(space, {}):
            number += 1
            free = f"{key}{number}"
        return free


def _text(
    space: str,
    content: Mapping[str, XsdElement],
    files: Mapping[str, str],
    prefixes: Mapping[str, str],
    *,
    is_first: bool,
) -> str:
    used = {found for one in content.values() for found in _spaces_of(one)}
    imported = [other for other in files if other != space and (is_first or other in used)]
    about = {"elementFormDefault": "qualified" if space else "unqualified"}
    named = {prefixes[one]: one for one in (space, *imported) if one}
    root = etree.Element(
        f"{{{XS}}}schema",
        ({"targetNamespace": space} if space else {}) | about,
        nsmap={"xs": XS, **named},
    )
    for other in imported:
        where = {"namespace": other} if other else {}
        root.append(xs("import", schemaLocation=files[other], **where))
    order = ("element", "type", "group", "attributes", "simple")
    for key in sorted(content, key=lambda key: order.index(key.partition(" ")[0])):
        made = content[key]
        for one in made.iter():
            for attribute in _REFERENCES:
                if (said := one.get(attribute)) is not None:
                    names = (_prefixed(name, prefixes) for name in _names(said))
                    one.set(attribute, " ".join(names))
        root.append(made)
    etree.indent(root, "  ")
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _spaces_of(made: XsdElement) -> Iterator[str]:
    for one in made.iter():
        for attribute in _REFERENCES:
            for name in _names(one.get(attribute, "")):
                if name.startswith("{"):
                    yield name[1:].partition("}")[0]


def _names(said: str) -> list[str]:
    return said.split()


def _prefixed(name: str, prefixes: Mapping[str, str]) -> str:
    space, _, local = name.rpartition("}")
    return f"{prefixes[space[1:]]}:{local}" if space[1:] else local


def _children(source: XsdElement) -> Iterator[XsdElement]:
    """Yield the elements of a type, without those within them."""
    for child in source:
        if child.tag == _ELEMENT:
            yield child
        elif child.tag != _SIMPLE:
            yield from _children(child)


def _attributes(source: XsdElement) -> dict[str, str]:
    return {str(name): str(value) for name, value in source.items()}


def _namespace_of(message: Namespaces, path: _Path, around: str) -> str:
    exact = message.elements.get(path)
    said = exact or message.elements.get((*path[:-1], ANY_OTHER))
    return around if said is None else _plain(said)


def _plain(space: str) -> str:
    return "" if space == NO_NAMESPACE else space
