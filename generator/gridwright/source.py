"""Read YAML text into nodes with positions. Never interprets a scalar: all of them are text."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import yaml

from gridwright.diagnostics import Diagnostic, Span

__all__ = ["Entry", "Node", "Plain", "read_whole", "read_yaml"]

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"

# Marks that reorder the text around them, so that a reviewer reads something else than a machine.
_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# The C parser gives the same events some ten times as fast; it is missing where PyYAML was built
# without libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Fillers and selectors that Unicode counts among letters and marks.
_INVISIBLE = frozenset({
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0,
})  # fmt: skip
# Keys whose value is a name: of ours, on the wire, or of a file.
_NAMING = frozenset({"name", "wire_name", "element", "of", "codes", "field", "system", "root"})
_LINE_BREAKS = frozenset("\n\t\r")
# What a spec needs is less than ten deep; recursion ends far beyond this.
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    key_span: Span
    value: "Node"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a spec file.

    Exactly one of ``text``, ``items`` and ``entries`` is not None.

    Attributes:
        amended: ids of the amendments that put the value there.
    """

    span: Span
    text: str | None = None
    items: "tuple[Node, ...] | None" = None
    entries: tuple[Entry, ...] | None = None
    amended: tuple[str, ...] = field(default=(), compare=False)

    def get(self, key: str) -> "Node | None":
        """Return the value of ``key``, None where the mapping has none."""
        for entry in self.entries or ():
            if entry.key == key:
                return entry.value
        return None

    def entry(self, key: str) -> Entry | None:
        """Return the entry of ``key`` with its own span."""
        return next((e for e in self.entries or () if e.key == key), None)

    def string(self, key: str, default: str = "") -> str:
        """Return the text of ``key``; ``default`` where there is none."""
        node = self.get(key)
        return default if node is None or node.text is None else node.text

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list ``key``."""
        node = self.get(key)
        return tuple(item.text or "" for item in (node.items or ())) if node else ()

    def children(self, key: str) -> tuple[Entry, ...]:
        """Return the entries of the mapping ``key``."""
        node = self.get(key)
        return (node.entries or ()) if node else ()

    def plain(self) -> Plain:
        """Return the value without positions: str, list or dict."""
        if self.text is not None:
            return self.text
        if self.items is not None:
            return [item.plain() for item in self.items]
        return {entry.key: entry.value.plain() for entry in self.entries or ()}

    def walk(self) -> "Iterator[Node]":
        """Yield the node and everything below it, in the order of the file."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if node.entries:
                waiting.extend(entry.value for entry in reversed(node.entries))
            elif node.items:
                waiting.extend(reversed(node.items))

    def marked(self, amendment: str) -> "Node":
        """Return the node and all below it as put there by ``amendment``."""
        return replace(
            self,
            amended=(*self.amended, amendment),
            items=None if self.items is None else tuple(i.marked(amendment) for i in self.items),
            entries=None
            if self.entries is None
            else tuple(replace(e, value=e.value.marked(amendment)) for e in self.entries),
        )


def read_whole(text: str, name: str) -> Node | None:
    """Read a file that is without a mistake; None where it has one."""
    root, problems = read_yaml(text.encode(), name)
    return None if problems else root


def read_yaml(data: bytes, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """Read one YAML document; all scalars stay text.

    Args:
        data: the file's bytes.
        file: how the file is called in diagnostics.

    Returns:
        The root node, None where the text cannot be read at all, with what is wrong.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        span = Span(file, line, error.start - data.rfind(b"\n", 0, error.start))
        message = "the file is not UTF-8 text from here on"
        return None, [Diagnostic(span, "not-utf8", message, "save the file as UTF-8")]
    problems = list(_reordering_marks(text, file))
    found: list[Diagnostic] = []
    try:
        root = _Reader(yaml.parse(text, Loader=_LOADER), text, file, found).document()
    except yaml.YAMLError:
        # The parser in Python says more of a fault, and the same on every machine.
        root, found = _read_slowly(text, file)
    except _TooDeepError as error:
        root, found = None, [_too_deep(error)]
    return root, [*problems, *found]


def _read_slowly(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    found: list[Diagnostic] = []
    try:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        return _Reader(events, text, file, found).document(), found
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file, 1, 1)
        what = " ".join(str(error.problem or error.context or "cannot be read").split())
        help_text = "quote the text, or mend the indentation, at this place"
        return None, [*found, Diagnostic(span, "yaml-syntax", what.lower(), help_text)]
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        span = Span(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"character U+{ord(text[error.position]):04X} cannot stand in YAML"
        return None, [*found, Diagnostic(span, "yaml-syntax", message, "remove the character")]
    except _TooDeepError as error:
        return None, [*found, _too_deep(error)]


def _reordering_marks(text: str, file: str) -> Iterator[Diagnostic]:
    """Report bidirectional marks wherever they stand, comments included."""
    for number, line in enumerate(text.split("\n"), 1):
        if not _BIDIRECTIONAL.isdisjoint(line):
            for column, character in enumerate(line, 1):
                if character in _BIDIRECTIONAL:
                    yield _reordering(Span(file, number, column), character)


def _reordering(span: Span, mark: str) -> Diagnostic:
    return Diagnostic(
        span,
        "hidden-character",
        f"here stands the bidirectional mark U+{ord(mark):04X}",
        "remove the mark: it makes a reviewer read other text than is there",
    )


def _too_deep(error: "_TooDeepError") -> Diagnostic:
    message = "the file is nested too deeply to be read"
    return Diagnostic(error.span, "yaml-syntax", message, "flatten it")


class _TooDeepError(Exception):
    """Lists and mappings inside each other, beyond what any spec needs."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class _Reader:
    """Turns the event stream into nodes, collecting what YAML allows and a spec does not."""

    def __init__(
        self, events: Iterator[yaml.Event], text: str, file: str, found: list[Diagnostic]
    ) -> None:
        self._events = events
        self._file = file
        self._found = found
        # Marks that stand in the file itself are reported where they stand.
        self._escaped = _BIDIRECTIONAL.difference(text)
        self._depth = 0

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._report(
                        event,
                        "yaml-documents",
                        "a second document starts here",
                        "keep one document in a file",
                    )
                    return root
                root = self._node(next(self._events))
        if root is None:
            span = Span(self._file, 1, 1)
            self._found.append(
                Diagnostic(
                    span, "empty-file", "the file is empty", "start with `gridwright new SYSTEM`"
                )
            )
        return root

    def _node(self, event: yaml.Event) -> Node:
        span = self._span(event)
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._report(
                event,
                "yaml-anchor",
                f"alias '*{anchor}' hides what stands here",
                "write the value out",
            )
            return Node(span, text="")
        if anchor:
            self._report(
                event,
                "yaml-anchor",
                f"anchor '&{anchor}' is not allowed",
                "write each value out where it belongs",
            )
        if tag:
            self._report(
                event,
                "yaml-tag",
                f"tag {tag!r} is not allowed",
                "remove the tag: every scalar is text",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            return self._collection(event, span)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - no other event starts a node
        self._check_characters(event)
        return Node(span, text=event.value)

    def _collection(self, event: yaml.Event, span: Span) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooDeepError(span)
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node(span, items=tuple(self._items()))
        else:
            node = Node(span, entries=tuple(self._entries()))
        self._depth -= 1
        return node

    def _items(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event)

    def _entries(self) -> Iterator[Entry]:
        seen: dict[str, Span] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self._node(event)
            self._check_name(event, key)
            following = next(self._events)
            value = self._node(following)
            if key.text in _NAMING:
                self._check_name(following, value)
            if key.text is None:
                self._report(
                    event,
                    "key-not-text",
                    "a key is a list or a mapping",
                    "write the key as one word",
                )
            elif key.text == "<<":
                self._report(
                    event, "yaml-anchor", "the merge key '<<' is not allowed", "write each key out"
                )
            elif key.text in seen:
                self._report(
                    event,
                    "duplicate-key",
                    f"key {key.text!r} stands here twice",
                    f"first at {seen[key.text]}",
                )
            else:
                seen[key.text] = key.span
                yield Entry(key.text, key.span, value)

    def _check_name(self, event: yaml.Event, name: Node) -> None:
        """Report what nobody sees in a name: two that look alike would be two."""
        for character in name.text or "":
            if _is_invisible(character):
                self._report(
                    event,
                    "hidden-character",
                    f"the name holds U+{ord(character):04X}, which nobody sees",
                    "remove the character",
                )
                return

    def _check_characters(self, event: yaml.ScalarEvent) -> None:
        if event.value.isprintable():
            return  # so are nearly all texts; what is looked for below never is
        for character in event.value:
            if character in self._escaped:
                self._found.append(_reordering(self._span(event), character))
                return
            if _is_no_text(ord(character)) and character not in _LINE_BREAKS:
                self._report(
                    event,
                    "hidden-character",
                    f"text holds U+{ord(character):04X}, which is no character of a text",
                    "remove the character",
                )
                return

    def _span(self, event: yaml.Event) -> Span:
        mark = event.start_mark
        return Span(self._file, mark.line + 1, mark.column + 1) if mark else Span(self._file, 1, 1)

    def _report(self, event: yaml.Event, code: str, message: str, help_text: str) -> None:
        self._found.append(Diagnostic(self._span(event), code, message, help_text))


def _is_invisible(character: str) -> bool:
    """Whether a character of a name shows nothing at all."""
    if character.isascii() or character in _BIDIRECTIONAL:  # those are reported wherever they stand
        return False
    point = ord(character)
    return (
        unicodedata.category(character) == "Cf"
        or point in _INVISIBLE
        or 0xFE00 <= point < 0xFE10
        or 0xE0100 <= point < 0xE01F0
    )


def _is_no_text(point: int) -> bool:
    """Whether a code point is a control, half of a surrogate pair or a noncharacter."""
    control = point < 32 or 127 <= point < 160
    return (
        control or 0xD800 <= point < 0xE000 or 0xFDD0 <= point < 0xFDF0 or point & 0xFFFE == 0xFFFE
    )
