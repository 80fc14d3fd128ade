"""Explain a word that the language does not have at a place.

A near word is offered only where it is a slip of the keyboard, or the same thing by another name:
what is spelt much alike may mean something else. Otherwise all words of the place are named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

__all__ = ["explain_key", "explain_word", "slip"]

_SOURCES = ("at", "inferred", "assumed", "observed")
# What others call the same thing, by the key at which it stands.
_OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "type": {
        "array": "list",
        "bool": "boolean",
        "bytes": "binary",
        "date-time": "datetime",
        "double": "decimal",
        "enum": "code",
        "file": "binary",
        "float": "decimal",
        "int": "integer",
        "long": "integer",
        "object": "record",
        "str": "text",
        "string": "text",
        "timestamp": "datetime",
        "uuid": "text",
        "varchar": "text",
    },
    "in": {
        "address": "path",
        "cookies": "cookie",
        "formData": "form",
        "headers": "header",
        "url": "path",
    },
    "required": {"mandatory": "required"},
    "formats": {"application/json": "json", "application/xml": "xml", "text/xml": "xml"},
    "request_media": {
        "application/json": "json",
        "application/x-www-form-urlencoded": "form",
        "application/xml": "xml",
        "application/octet-stream": "file",
        "multipart/form-data": "multipart_form",
        "multipart/related": "multipart_related",
        "text/plain": "text",
    },
}
_OTHER_KEYS: Mapping[str, str] = {
    "enum": "codes",
    "items": "of",
    "mandatory": "required",
    "maxLength": "size",
    "url": "address",
    "verb": "method",
}
# Two things that one word may mean: the reader decides.
_SEVERAL = {
    ("type", "number"): "`integer` for whole numbers, or `decimal` for others",
    ("in", "payload"): "`body` for JSON and XML, or `form` for a form",
    ("repeated", "in_order"): "`undecided`: the order of records says which of two hours is meant "
    "only in an `instant` with `day` and `time`, and not of a date with a time, nor of a series",
}


def explain_word(word: str, known: Sequence[str], key: str, about: str, root: object) -> str:
    """Say what may stand where an unknown word does.

    Args:
        word: as it was written.
        known: the words that may stand there.
        key: at which it stands.
        about: what the words of this place say; may be empty.
        root: the whole grammar.
    """
    if (key, word) in _SEVERAL:
        return f"write {_SEVERAL[key, word]}"
    same = _OTHER_NAMES.get(key, {}).get(word) or slip(word, known, _all_words(root))
    if same in known:
        return f"did you mean {same!r}?"
    before = f"{about}: " if about else "known: "
    return f"{before}{', '.join(known)}"


def explain_key(key: str, known: Sequence[str], root: object) -> str:
    """Say what may stand where an unknown key does, and where else the key belongs."""
    same = slip(key, known, _all_words(root)) or _plural(key, known) or _OTHER_KEYS.get(key, "")
    if same in known:
        return f"did you mean {same!r}?"
    elsewhere = _places_of(root).get(key, ())
    told = f"`{key}` stands at {_list_places(elsewhere)}; " if elsewhere else ""
    own = [name for name in known if name not in _SOURCES]
    sources = [name for name in known if name in _SOURCES]
    return f"{told}keys that stand here: {', '.join([*own, *sources])}"


def _plural(key: str, known: Sequence[str]) -> str:
    """Return the key whose singular was written, or whose plural; empty: there is none."""
    return next(
        (one for one in (f"{key}s", key.removesuffix("s")) if one != key and one in known), ""
    )


def slip(word: str, known: Iterable[str], others: Iterable[str] = ()) -> str:
    """Return the known word that a slip of the keyboard made of it; empty: there is none.

    A word is a slip if it differs in capital letters, blanks and hyphens alone, or by one letter
    that is missing, too many, another or has changed its place; and never if it is a word itself.
    """
    folded = _folded(word)
    for candidate in known:
        if _folded(candidate) == folded:
            return candidate
    if word in set(others) or len(word) < 3:
        return ""
    return next((candidate for candidate in known if _is_near(folded, _folded(candidate))), "")


def _folded(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")


def _is_near(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or len(other) < 4:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _list_places(places: Sequence[str]) -> str:
    shown = [f"`{place}`" for place in places]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if shown[1:] else shown[0]


@cache
def _words(frozen: "_Grammar") -> frozenset[str]:
    return frozenset(
        str(word)
        for part in _parts(frozen.root)
        for word in (*part.get("properties", ()), *part.get("enum", ()))
    )


@cache
def _places(frozen: "_Grammar") -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for place, part in _mappings(frozen.root):
        for key in part.get("properties", ()):
            found.setdefault(key, {})[place] = None
    return {key: tuple(places) for key, places in found.items() if len(places) <= _FEW}


_FEW = 3
"""A key that stands in more places than this is explained by none of them."""


class _Grammar:
    """A grammar as the key of a cache: by identity."""

    def __init__(self, root: object) -> None:
        self.root = root

    def __hash__(self) -> int:
        return id(self.root)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Grammar) and other.root is self.root


def _all_words(root: object) -> frozenset[str]:
    return _words(_Grammar(root))


def _places_of(root: object) -> Mapping[str, tuple[str, ...]]:
    return _places(_Grammar(root))


def _parts(schema: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, Mapping):
        yield schema
        for below in schema.values():
            yield from _parts(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from _parts(below)


_SHARED = {
    "field": "a field",
    "operation": "operations.*",
    "statuses": "statuses.*",
    "basic": "basic",
}


def _mappings(root: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the mappings of a grammar with the place at which they stand in a spec."""
    if not isinstance(root, Mapping):
        return
    yield from _below(root, "")
    for name, part in root.get("$defs", {}).items():
        yield from _below(part, _SHARED.get(name, name))


def _below(schema: Mapping[str, Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "properties" in schema:
        yield place or "the top of the file", schema
    steps = {
        **schema.get("properties", {}),
        **(
            {"*": other} if isinstance(other := schema.get("additionalProperties"), Mapping) else {}
        ),
        **({"*": items} if isinstance(items := schema.get("items"), Mapping) else {}),
    }
    for key, below in steps.items():
        if isinstance(below, Mapping):
            yield from _below(below, f"{place}.{key}" if place else key)
