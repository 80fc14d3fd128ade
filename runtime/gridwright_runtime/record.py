"""The base of generated records."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from .layouts import Layout

__all__ = ["Location", "Record"]


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """Where a field stands that is not in its record under its own name."""

    under: tuple[str, ...] = ()
    """Wire names of the containers between the record and the field."""
    name: str
    """Its wire name in there."""
    item: str = ""
    """In XML: the elements within it that hold the items of its list."""
    header: bool = False
    """It is a header of the HTTP reply, or stands in a block of the SOAP header."""
    block: str = ""
    """That block, by its wire name; empty: it is a header of HTTP."""
    layout: Layout = ""
    """How its list is laid out in JSON."""
    keyed_by: str = ""
    """The field of its items that the keys of such a list are values of."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a reply; generated models are frozen, with keywords only.

    They forbid unknown fields: a record that has one is decoded the slow, forgiving way, which
    keeps what is known and finds a refusal in disguise.

    Its repr masks what the spec marks as personal, so that a record can be logged.
    """

    __personal__: ClassVar[frozenset[str]] = frozenset()
    """Python names whose values are shown as ``***``."""
    __also__: ClassVar[dict[str, str]] = {}
    """Names seen on the wire beside the documented ones: ``{"meterNo": "meter"}``."""
    __readings__: ClassVar[dict[str, Any]] = {}
    """By the name of a method that returns readings: what says where they are, and when."""
    __open__: ClassVar[bool] = False
    """The record has a field ``items``, a mapping: what stands beside its documented fields."""
    __located__: ClassVar[Mapping[str, Location]] = {}
    """By the name that stands for a field here: where it stands in a message. A name that begins
    with ``@`` is an attribute in XML and a key without that sign in JSON, and ``.`` the text of
    the element itself; they are not listed."""
    __missing__: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """By the name that stands for a field here: texts that stand for a missing value."""
    __filler__: ClassVar[Mapping[str, str]] = {}
    """Wire names and values of an entry of a list that stands for nothing."""

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        """Yield names and values for a repr, personal ones masked."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            hidden = name in self.__personal__ and value is not None
            # Nobody knows which of the undocumented items are personal.
            hidden = hidden or (self.__open__ and name == "items" and bool(value))
            yield name, _Masked() if hidden else value

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"


class _Masked:
    def __repr__(self) -> str:
        return "***"
