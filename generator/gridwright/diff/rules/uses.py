"""Pair records and code lists: by name, by what uses them, by what they hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from gridwright.diff.match import Matched, match
from gridwright.diff.rules.fields import match_fields
from gridwright.ir import (
    CodeList,
    CodeType,
    Field,
    Interface,
    Operation,
    Record,
    RecordType,
)

__all__ = ["Used", "match_used"]

_Thing = TypeVar("_Thing", Record, CodeList)


class Used(NamedTuple):
    """What became of the records and the code lists of two sides."""

    records: Matched[Record]
    codes: Matched[CodeList]


@dataclass(slots=True)
class _Pairs(Generic[_Thing]):
    """Things of one kind of both sides, and which are paired so far, by name."""

    old: Mapping[str, _Thing]
    new: Mapping[str, _Thing]
    partner: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def pair(self, old: str, new: str) -> bool:
        """Pair two things where both are free; say whether they are a pair now."""
        is_free = old not in self.partner and new not in self.taken
        if is_free and old in self.old and new in self.new:
            self.partner[old] = new
            self.taken.add(new)
        return self.partner.get(old) == new

    def match_free(self, keys: Iterable[Callable[[_Thing], object]]) -> Iterator[tuple[str, str]]:
        """Pair by keys what is free, and yield the names of each new pair."""
        free = [thing for name, thing in self.old.items() if name not in self.partner]
        others = [thing for name, thing in self.new.items() if name not in self.taken]
        for one, other in match(free, others, keys).pairs:
            self.pair(one.name, other.name)
            yield one.name, other.name

    def matched(self) -> Matched[_Thing]:
        """Return all pairs, and what has no partner, each in the order of its side."""
        old = {new: name for name, new in self.partner.items()}
        return Matched(
            tuple((self.old[old[name]], thing) for name, thing in self.new.items() if name in old),
            tuple(thing for name, thing in self.old.items() if name not in self.partner),
            tuple(thing for name, thing in self.new.items() if name not in self.taken),
        )


def match_used(old: Interface, new: Interface, operations: Matched[Operation]) -> Used:
    """Pair records and code lists.

    A name pairs first. What is left is paired by its use: two records are one where the same reply,
    body or field of a paired record holds them; two code lists, where they have a code in common,
    too. What is left then is paired by its fields or codes.
    """
    records = _Pairs(_by_name(old.records), _by_name(new.records))
    codes = _Pairs(_by_name(old.codes), _by_name(new.codes))
    waiting = list(records.match_free((lambda r: r.name,)))
    _ = list(codes.match_free((lambda c: c.name,)))
    for before, after in operations.pairs:
        waiting += _records_at_same_places(before, after, codes)
    _follow(waiting, records, codes)
    by_fields = records.match_free((lambda r: tuple(f.wire for f in r.fields),))
    _follow(list(by_fields), records, codes)
    values = (
        lambda c: tuple(code.value for code in c.values),
        lambda c: tuple(code.name for code in c.values),
    )
    _ = list(codes.match_free(values))
    return Used(records.matched(), codes.matched())


def _by_name(things: Iterable[_Thing]) -> dict[str, _Thing]:
    return {thing.name: thing for thing in things}


def _records_at_same_places(
    old: Operation, new: Operation, codes: _Pairs[CodeList]
) -> Iterator[tuple[str, str]]:
    """Yield the records that two operations hold at the same places, and pair their code lists."""
    yield old.reply.record.name, new.reply.record.name
    if old.reply.beside is not None and new.reply.beside is not None:
        yield old.reply.beside.name, new.reply.beside.name
    if old.body is not None and new.body is not None:
        yield old.body.record.name, new.body.record.name
    before, after = ([part.field for part in one.parameters] for one in (old, new))
    yield from _of_fields(before, after, codes)


def _follow(
    waiting: list[tuple[str, str]], records: _Pairs[Record], codes: _Pairs[CodeList]
) -> None:
    """Pair records, and what the fields of each pair hold."""
    seen: set[tuple[str, str]] = set()
    while waiting:
        names = waiting.pop(0)
        if names in seen or not records.pair(*names):
            continue
        seen.add(names)
        old, new = records.old[names[0]], records.new[names[1]]
        waiting += _of_fields(old.fields, new.fields, codes)


def _of_fields(
    old: Iterable[Field], new: Iterable[Field], codes: _Pairs[CodeList]
) -> Iterator[tuple[str, str]]:
    for one, other in match_fields(tuple(old), tuple(new)).pairs:
        before, after = one.item_type, other.item_type
        if isinstance(before, RecordType) and isinstance(after, RecordType):
            yield before.record, after.record
        elif isinstance(before, CodeType) and isinstance(after, CodeType):
            _pair_codes(before.codes, after.codes, codes)


def _pair_codes(old: CodeList | None, new: CodeList | None, codes: _Pairs[CodeList]) -> None:
    if old is None or new is None:
        return
    if {code.value for code in old.values} & {code.value for code in new.values}:
        codes.pair(old.name, new.name)
