"""Prove fast that a JSON body gives no name twice, by its likeness to one that was looked at.

msgspec takes the last of two values of one name without a word. Each name has a quote and a colon
behind it; so a body has no name twice if it has as many of these as its objects have names. How
many those are is known of a body whose objects have the names that the objects of an earlier body
had, each of them required. The same decoding shows that decimals are written as numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from types import GenericAlias
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ...codecs.json_codec import number_kind
from ...interface import Operation, Path
from ...record import Record
from ...values.convert import shape_of

__all__ = ["is_proven", "learn", "names_in"]

Count: TypeAlias = Callable[[Sequence[Any]], int]
"""Returns how many names objects of one kind have, those within them included."""


class _Test(Struct, frozen=True):
    decode: Callable[[bytes], Any]
    count: Count


def is_proven(operation: Operation[Any], body: bytes) -> bool:
    """Say whether it is sure that no name comes twice, and that decimals are numbers."""
    tests = _tests_of(operation)
    if not tests:
        return False
    for test in tuple(tests):
        try:
            found = test.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
        names = test.count([found])
        del found
        # There are no fewer colons than names, and one sign is counted faster than two.
        return body.count(b":") == names or names_in(body) == names
    return False


def names_in(body: bytes) -> int | None:
    """Return how many names a body has at most; None: a blank after a name hides some."""
    # The first two are found many times as fast as the last. Several blanks may differ.
    blanks = [blank for blank in _BLANKS if blank in body]
    if any(b'"' + blank in body for blank in blanks) and any(
        blank + b":" in body for blank in blanks
    ):
        return None
    return body.count(b'":')


def learn(operation: Operation[Any], tree: object) -> None:
    """Remember what names the objects of a body have that was looked at, and is as documented."""
    tests, model = _tests_of(operation), operation.reply.model
    if len(tests) >= _MOST_TESTS or model is None:
        return
    if isinstance(tree, list):
        likeness = None if operation.reply.payload else _of_list([tree], (), model)
    else:
        likeness = _of_objects([tree], operation.reply.payload, model)
    if likeness is not None:
        kind, count = likeness
        is_list = isinstance(tree, list)
        counted = (lambda found: count(found[0])) if is_list else count
        tests.append(_Test(msgspec.json.Decoder(kind).decode, counted))


@cache
def _tests_of(operation: Operation[Any]) -> list[_Test]:
    return []


def _of_objects(
    samples: Sequence[Any], path: Path, model: type[Record] | None
) -> tuple[Any, Count] | None:
    """Return the kind of objects like these; None where they are too unlike.

    Args:
        samples: the objects.
        path: leads from them to the payload.
        model: that of the payload, or of the objects where there is no path; None: beside it.
    """
    if not samples or not all(isinstance(one, dict) for one in samples):
        return None
    names = dict.fromkeys(name for one in samples for name in one)
    if len(names) > _MOST_NAMES:
        return None
    is_record = model is not None and not path
    if model is not None and is_record and not shape_of(model).wires.issuperset(names):
        return None
    kinds = _kinds_of(model) if model is not None and is_record else {}
    fields: list[Any] = []
    varying: list[Callable[[Any], Any]] = []
    nested: list[tuple[Callable[[Any], Any], bool, Count]] = []
    for number, name in enumerate(names):
        values = [one[name] for one in samples if name in one]
        attribute = f"f{number}"
        kind, inner = kinds.get(name, (Any, None))
        present = [value for value in values if value is not None]
        if not is_record:
            inner = model if path[:1] == (name,) else None
        way = path[1:] if path[:1] == (name,) else ()
        if present and isinstance(present[0], dict | list):
            is_list = isinstance(present[0], list)
            likeness = (_of_list if is_list else _of_objects)(present, way, inner)
            if likeness is not None:
                kind, count = likeness
                kind = kind | None
                nested.append((attrgetter(attribute), is_list, count))
        if len(values) == len(samples):
            fields.append((attribute, kind, msgspec.field(name=name)))
        else:
            fields.append((attribute, kind | UnsetType, msgspec.field(name=name, default=UNSET)))
            varying.append(attrgetter(attribute))
    if len(varying) > _MOST_VARYING:
        return None
    options = {"kw_only": True, "forbid_unknown_fields": True, "gc": False}
    made = msgspec.defstruct("Alike", fields, **options)  # type: ignore[arg-type]  # all are flags
    required = len(fields) - len(varying)

    def count_names(found: Sequence[Any]) -> int:
        total = len(found) * required
        for read in varying:
            total += sum(1 for one in found if read(one) is not UNSET)
        for read, is_list, count in nested:
            inside = [value for one in found if (value := read(one))]
            total += count(list(_flat(inside)) if is_list else inside)
        return total

    return made, count_names


def _of_list(
    samples: Sequence[Any], path: Path, model: type[Record] | None
) -> tuple[Any, Count] | None:
    """Return the kind of lists like these; None where their items are no objects, or unlike."""
    if path or not all(isinstance(one, list) for one in samples):
        return None
    found = _of_objects(list(_flat(samples)), (), model)
    return None if found is None else (GenericAlias(list, (found[0],)), found[1])


def _flat(lists: Sequence[Sequence[Any]]) -> Iterator[Any]:
    for one in lists:
        yield from one


@cache
def _kinds_of(model: type[Record]) -> dict[str, tuple[Any, type[Record] | None]]:
    """Return by wire name what a value has to be, and the model of the records in it."""
    models = {field.wire: field.model for field in shape_of(model).fields}
    found: dict[str, tuple[Any, type[Record] | None]] = {}
    for info in msgspec.structs.fields(model):
        inner = models.get(info.encode_name)
        kind = None if inner is not None else number_kind(info.type)
        found[info.encode_name] = (Any if kind is None else kind | None, inner)
    return found


_BLANKS = (b" ", b"\t", b"\n", b"\r")
_MOST_TESTS = 8
_MOST_NAMES = 1000
"""More than any record of a document has; each is kept for as long as the process lives."""
_MOST_VARYING = 8
