"""Lay amendments over a transcription. Never guesses: a patch that does not fit is an error."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.source import Entry, Node

__all__ = ["apply_amendments", "split_path"]

_SEGMENT = re.compile(r'"([^"]*)"|([^."]+)')
# Which keys a patch may have together.
_FORMS = ({"printed", "use"}, {"printed", "remove"}, {"absent", "use"}, {"rename"})


@dataclass(frozen=True, slots=True)
class _Change:
    """One entry of a patch."""

    amendment: str
    is_private: bool
    path: tuple[str, ...]
    span: Span
    node: Node

    @property
    def renames(self) -> bool:
        return self.node.get("rename") is not None

    @property
    def adds(self) -> bool:
        return self.node.get("absent") is not None


_Place = tuple[bool, tuple[str, ...]]
"""Whether a patch is private, and its path."""


def apply_amendments(spec: Node, amendments: Sequence[Node]) -> tuple[Node, list[Diagnostic]]:
    """Return ``spec`` with every patch applied, and every patch that does not fit.

    A private amendment may patch what another has put in: it finds printed what stands there then.

    Args:
        spec: the transcription.
        amendments: the amendments of one or more files, in order; each an ``amendments`` item.
    """
    problems = list(_check_amendments(spec, amendments))
    changes, conflicts = _changes_by_place(amendments)
    problems += conflicts
    for change in sorted(changes.values(), key=_turn):
        above = _replaced_above(change, changes)
        if above is not None:
            problems.append(_conflict(change, above))
            continue
        spec, problem = _apply(spec, change)
        if problem:
            problems.append(problem)
    return spec, problems


def _check_amendments(spec: Node, amendments: Sequence[Node]) -> Iterator[Diagnostic]:
    """Report ids that come twice, amendments without evidence, and places that are not there."""
    seen: dict[str, Span] = {}
    for amendment in amendments:
        name, span = amendment.string("id"), _span(amendment, "id")
        if name and name in seen:
            message = f"two amendments are called {name!r}"
            yield Diagnostic(span, "duplicate-amendment", message, f"first at {seen[name]}")
        seen.setdefault(name, span)
        yield from _check_evidence(amendment)
        for about in (amendment.get("about") or Node(amendment.span, items=())).items or ():
            if (segments := split_path(about.text or "")) is None or _find(spec, segments) is None:
                yield Diagnostic(
                    about.span,
                    "amendment-path",
                    f"no such place in the spec: {about.text}",
                    "name an existing path, such as operations.list_customers",
                )


def _changes_by_place(
    amendments: Sequence[Node],
) -> tuple[dict[_Place, _Change], list[Diagnostic]]:
    """Return the entries of all patches, and those that are no paths or patch a place again."""
    changes: dict[_Place, _Change] = {}
    problems: list[Diagnostic] = []
    for amendment in amendments:
        is_private = amendment.string("kind") == "private"
        for entry in amendment.children("patch"):
            path = split_path(entry.key)
            if path is None:
                problems.append(
                    Diagnostic(
                        entry.key_span,
                        "amendment-path",
                        f"{entry.key!r} is not a path",
                        "join keys with dots, and put a key that has a dot in double quotes",
                    )
                )
                continue
            name = amendment.string("id")
            change = _Change(name, is_private, path, entry.key_span, entry.value)
            if (is_private, path) in changes:
                problems.append(_conflict(change, changes[is_private, path]))
            elif _is_patch(entry.value):  # the grammar has reported anything else
                changes[is_private, path] = change
    return changes, problems


def _replaced_above(change: _Change, changes: Mapping[_Place, _Change]) -> _Change | None:
    """Return a patch further out that replaces what the change is about; None: there is none."""
    outer = [(change.is_private, change.path[:n]) for n in range(1, len(change.path))]
    above = (changes[place] for place in outer if place in changes)
    # What is added below a new value overrides nothing; any other patch there would.
    return next((one for one in above if not one.renames and not change.adds), None)


def split_path(text: str) -> tuple[str, ...] | None:
    """Split ``a.b."c.d"`` into its keys; None where it is no path."""
    keys: list[str] = []
    at = 0
    while True:
        match = _SEGMENT.match(text, at)
        if not match:
            return None
        keys.append(match[1] if match[1] is not None else match[2])
        at = match.end()
        if at == len(text):
            return tuple(keys)
        if text[at] != ".":
            return None
        at += 1


def _turn(change: _Change) -> tuple[bool, int, bool]:
    """Order the patches: outer places first; renames last, and inner ones first.

    So every path can be written in the names of the transcription. Private ones follow others at
    the same place.
    """
    depth = len(change.path)
    return change.renames, -depth if change.renames else depth, change.is_private


def _is_patch(node: Node) -> bool:
    keys = {entry.key for entry in node.entries or ()}
    rename = node.get("rename")
    return keys in _FORMS and (rename is None or rename.text is not None)


def _conflict(change: _Change, first: _Change) -> Diagnostic:
    return Diagnostic(
        change.span,
        "amendment-conflict",
        f"{change.amendment!r} patches a place that {first.amendment!r} has patched",
        f"first at {first.span}; merge the two rulings",
    )


def _check_evidence(amendment: Node) -> list[Diagnostic]:
    if amendment.string("kind") == "observation":
        wanted = "evidence"
    elif amendment.string("kind") == "erratum":
        wanted = "at"
    else:
        return []
    if amendment.get(wanted) is not None:
        return []
    message = f"{amendment.string('kind')} {amendment.string('id')!r} has no '{wanted}'"
    help_text = "cite the document's lines" if wanted == "at" else "name the field note"
    return [Diagnostic(amendment.span, "amendment-evidence", message, help_text)]


def _find(node: Node, path: Sequence[str]) -> Node | None:
    for key in path:
        below = node.get(key)
        if below is None:
            below = next((n for i, n in enumerate(node.items or ()) if str(i) == key), None)
        if below is None:
            return None
        node = below
    return node


def _apply(spec: Node, change: _Change) -> tuple[Node, Diagnostic | None]:
    parent = _find(spec, change.path[:-1])
    key = change.path[-1]
    if parent is None or parent.entries is None:
        known, at = _nearest_parent(spec, change.path)
        return spec, Diagnostic(
            change.span,
            "amendment-path",
            f"no such place in the spec: {'.'.join(change.path)}",
            f"under {at!r}: {known}" if at else known,
        )
    old = parent.get(key)
    if change.adds:
        if old is not None:
            return spec, Diagnostic(
                change.span,
                "amendment-not-absent",
                f"{'.'.join(change.path)} is there already",
                f"it stands at {old.span}; use `printed:` to replace it",
            )
        added = Entry(key, change.span, _use(change))
        return _replace(
            spec, change.path[:-1], replace(parent, entries=(*parent.entries, added))
        ), None
    if old is None:
        help_text = nearest(key, (e.key for e in parent.entries))
        return spec, Diagnostic(
            change.span,
            "amendment-path",
            f"no such place in the spec: {'.'.join(change.path)}",
            help_text,
        )
    rename = change.node.get("rename")
    if rename is not None:
        return _rename(spec, change, parent, rename)
    printed = change.node.get("printed")
    if printed is not None and printed.plain() != old.plain():
        return spec, Diagnostic(
            printed.span,
            "amendment-printed",
            f"the spec does not say {_short(printed)} at {'.'.join(change.path)}",
            f"it says {_short(old)} at {old.span}",
        )
    entries = tuple(
        e if e.key != key else replace(e, value=_use(change))
        for e in parent.entries
        if e.key != key or change.node.get("remove") is None
    )
    return _replace(spec, change.path[:-1], replace(parent, entries=entries)), None


def _rename(
    spec: Node, change: _Change, parent: Node, rename: Node
) -> tuple[Node, Diagnostic | None]:
    new = rename.text or ""
    taken = parent.entry(new)
    if taken is not None:
        return spec, Diagnostic(
            rename.span,
            "amendment-not-absent",
            f"the name {new!r} is taken",
            f"it stands at {taken.key_span}",
        )
    entries = tuple(
        Entry(new, e.key_span, replace(e.value, amended=(*e.value.amended, change.amendment)))
        if e.key == change.path[-1]
        else e
        for e in parent.entries or ()
    )
    return _replace(spec, change.path[:-1], replace(parent, entries=entries)), None


def _use(change: _Change) -> Node:
    used = change.node.get("use") or Node(change.span, text="")
    return used.marked(change.amendment)


def _replace(node: Node, path: Sequence[str], new: Node) -> Node:
    if not path:
        return new
    key, rest = path[0], path[1:]
    if node.items is not None:
        items = tuple(
            _replace(n, rest, new) if str(i) == key else n for i, n in enumerate(node.items)
        )
        return replace(node, items=items)
    entries = tuple(
        replace(e, value=_replace(e.value, rest, new)) if e.key == key else e
        for e in node.entries or ()
    )
    return replace(node, entries=entries)


def _nearest_parent(spec: Node, path: Sequence[str]) -> tuple[str, str]:
    node = spec
    for index, key in enumerate(path):
        below = node.get(key)
        if below is None:
            return nearest(key, (e.key for e in node.entries or ())), ".".join(path[:index])
        node = below
    return "the place holds no keys", ".".join(path)


def _short(node: Node) -> str:
    text = repr(node.plain())
    return text if len(text) <= 60 else text[:57] + "…"


def _span(node: Node, key: str) -> Span:
    entry = node.entry(key)
    return entry.value.span if entry else node.span
