"""Read how xsdata binds a message class to its element: names, order, lists, inner elements.

What xsdata finds out about a class is gathered once; `soap` writes and reads messages by it. The
outcome is that of xsdata's own serializer and parser, several times as fast, and what the schema
does not have is kept for the validators to report.
"""

from typing import Any

__all__ = ["Binding", "BoundItems", "Item", "binding_of"]


class Item:
    """One child element.

    Attributes:
        name: without its namespace.
        namespace: empty: it is in none.
        many: it may be repeated.
        within: its own children; None: it holds text.
    """

    __slots__ = ("many", "name", "namespace", "within")

    def __init__(self, name: str, namespace: str, many: bool, within: "BoundItems | None") -> None:
        self.name = name
        self.namespace = namespace
        self.many = many
        self.within = within


class BoundItems:
    """The child elements of one.

    Attributes:
        by_name: in the order in which they are written.
        by_tag: by name with namespace, as lxml has it.
        lists: the names of those that may be repeated.
    """

    __slots__ = ("by_name", "by_tag", "lists")

    def __init__(self) -> None:
        self.by_name: dict[str, Item] = {}
        self.by_tag: dict[str, Item] = {}
        self.lists: list[str] = []

    def add(self, item: Item, tag: str) -> None:
        """Add what is written after all others."""
        self.by_name[item.name] = self.by_tag[tag] = item
        if item.many:
            self.lists.append(item.name)


class Binding:
    """The element of one message."""

    __slots__ = ("items", "name", "namespace")

    def __init__(self, name: str, namespace: str, items: BoundItems) -> None:
        self.name = name
        self.namespace = namespace
        self.items = items


def binding_of(message: type[Any]) -> Binding:
    """Return how a class that xsdata made is bound; found out once.

    Raises:
        TypeError: it holds something else than elements.
    """
    if message not in _BINDINGS:
        _BINDINGS[message] = _binding(message)
    return _BINDINGS[message]


def _binding(message: type[Any]) -> Binding:
    from xsdata.formats.dataclass.context import XmlContext  # slow to import; SOAP alone needs it

    context = XmlContext()
    meta = context.build(message)
    namespace, _, name = meta.qname.rpartition("}")
    namespace = namespace.removeprefix("{")
    return Binding(name, namespace, _items(context, message, namespace, {}))


def _items(
    context: Any, message: type[Any], around: str, known: dict[type[Any], BoundItems]
) -> BoundItems:
    if message in known:
        return known[message]
    items = known[message] = BoundItems()
    for var in context.build(message, around).get_all_vars():
        space, _, name = var.qname.rpartition("}")
        if not var.is_element or name != var.local_name:
            raise TypeError(f"{message.__name__}.{var.name} is no element of the message")
        own = space.removeprefix("{")
        within = None if var.clazz is None else _items(context, var.clazz, own, known)
        items.add(Item(name, own, var.list_element, within), var.qname)
    return items


_BINDINGS: dict[type[Any], Binding] = {}
