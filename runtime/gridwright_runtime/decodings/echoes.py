"""Compare a reply with what the request asked for: it may be about somebody else."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, TypeAlias

from ..interface import Echo, Format, Operation, Path, ReplySpec
from ..problems import Deviation, Problem
from ..record import Record
from ..redact import masked, printable
from ..values.convert import ModelField, shape_of
from ..values.filler import is_filler
from .trees import (
    find_at,
    is_list_filler,
    is_only_notice,
    model_of,
    normalized_items,
    normalized_record,
    path_of,
)

__all__ = ["Answers", "Asked", "other_than_asked", "requested_values"]

Asked: TypeAlias = Sequence[Set[object]]
"""The values that were asked for, for each of a reply's echoes; none where nobody asked."""


def requested_values(reply: ReplySpec[Any], arguments: Record) -> Asked:
    """Return what the arguments of a call ask for, for each of the reply's echoes."""
    return tuple(frozenset(_values_at(arguments, echo.asked)) for echo in reply.echoes)


class Answers:
    """Which of the values that a call asked for its reply says again, message by message.

    Those of a walk are told reply by reply what was asked, and judged at its end. Its repr shows
    none of them.
    """

    def __init__(self, asked: Asked) -> None:
        self.asked = list(asked)
        self.seen: list[set[object]] = [set() for _ in asked]
        self.is_read = False

    def __bool__(self) -> bool:
        return any(self.asked)

    def add(self, other: "Answers") -> None:
        """Take what another reply of the same walk was asked for, and is about."""
        self.is_read |= other.is_read
        for at, (asked, seen) in enumerate(zip(other.asked, other.seen, strict=True)):
            self.asked[at] |= asked
            self.seen[at] |= seen

    def not_answered(self, reply: ReplySpec[Any], *, of_page: bool = True) -> Iterator[Deviation]:
        """Yield what a list asked for and no item is about, once all messages are read.

        Args:
            reply: of the operation.
            of_page: one page was read, where the operation has pages, and not all of them.
        """
        for echo, values, seen in zip(reply.echoes, self.asked, self.seen, strict=False):
            missing = [value for value in values if value not in seen]
            if not (echo.each and missing and self.is_read) or (echo.over_pages and of_page):
                continue
            shown = sorted(_echo_text(value, echo) for value in missing)
            more = f" and {len(shown) - _MOST_SHOWN} others" if len(shown) > _MOST_SHOWN else ""
            named = ", ".join(shown[:_MOST_SHOWN]) + more
            count = f"{len(missing)} of {len(values)}"
            yield Problem(
                path=".".join(echo.asked),
                wire=echo.wire[-1],
                rule="not-answered",
                message=f"{count} that were asked for have no answer: {named}",
            )

    def __repr__(self) -> str:
        return "<answers>"


def other_than_asked(
    operation: Operation[Any], tree: object, format: Format, answers: Answers
) -> Iterator[Deviation]:
    """Yield the fields that say again what was asked for, and say something else."""
    reply = operation.reply
    answers.is_read = True
    for echo, values, seen in zip(reply.echoes, answers.asked, answers.seen, strict=False):
        if not values:
            continue
        numbers = {one.lstrip("0"): one for one in values if isinstance(one, str)}
        for path, model, record in _records(operation, tree, format):
            for where, field, value in _places(record, model, echo.wire, path):
                if not _is_one_of(field, value, values, numbers, seen):
                    yield Problem(
                        path=where,
                        wire=field.wire if field.wire != _VALUE else "".join(reply.payload[-1:]),
                        rule="other-than-asked",
                        message="is not what was asked for",
                    )


# --- What was asked ---------------------------------------------------------------------------


def _values_at(found: object, path: Path) -> Iterator[object]:
    """Yield what stands at the end of a path of Python names."""
    if isinstance(found, list | tuple):
        for item in found:
            yield from _values_at(item, path)
    elif path:
        if isinstance(found, Record):
            yield from _values_at(getattr(found, path[0], None), path[1:])
    elif isinstance(found, str):
        yield from filter(None, [found.strip()])
    elif found is not None:
        yield found


# --- What the reply says ----------------------------------------------------------------------


def _records(
    operation: Operation[Any], tree: object, format: Format
) -> Iterator[tuple[str, type[Record], Mapping[str, object]]]:
    """Yield the records of the payload, each after its path and its model."""
    reply = operation.reply
    if reply.model is None:
        return
    if reply.shape == "list":
        count = 0
        for item in normalized_items(reply, tree, format).found:
            if not isinstance(item, Mapping) or is_only_notice(operation, item):
                continue
            if not is_list_filler(operation, item):
                yield f"records[{count}]", model_of(reply, item), item
                count += 1
        return
    _is_there, payload = find_at(tree, reply.payload)
    if reply.shape == "value":
        yield path_of(reply), reply.model, {_VALUE: payload}
        return
    payload = normalized_record(reply, payload, format)
    if isinstance(payload, Mapping):
        yield path_of(reply), model_of(reply, payload), payload


def _places(
    record: Mapping[str, object], model: type[Record], steps: Path, path: str
) -> Iterator[tuple[str, ModelField, object]]:
    """Yield what stands at the end of a path of wire names, each after its path and its field."""
    wire = steps[0]
    field = next((one for one in shape_of(model).fields if one.wire == wire), None)
    if field is None:
        return  # another form of the record
    value = record.get(wire)
    if wire not in record:
        names = [other for other, known in model.__also__.items() if known == wire]
        value = next((record[name] for name in names if name in record), None)
    where = path if wire == _VALUE else f"{path}.{field.name}" if path else field.name
    is_list = field.many or isinstance(value, list)
    for number, one in enumerate(value if isinstance(value, list) else [value]):
        place = f"{where}[{number}]" if is_list else where
        if len(steps) == 1:
            yield place, field, one
        elif field.model is None or not isinstance(one, Mapping):
            continue
        elif not is_filler(one, field.model.__filler__):
            yield from _places(one, field.model, steps[1:], place)


def _is_one_of(
    field: ModelField,
    value: object,
    asked: Set[object],
    numbers: Mapping[str, object],
    seen: set[object],
) -> bool:
    """Say whether a value was asked for, and note it among those that were seen."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return True  # a missing value says nothing about somebody else
    try:
        read = field.read(value)
    except ValueError:
        return True  # what cannot be read is listed as that
    if read in asked:
        seen.add(read)
        return True
    # A number in the place of a text has lost the zeros at its beginning.
    if not isinstance(value, str) and str(read) in numbers:
        seen.add(numbers[str(read)])
        return True
    return False


def _echo_text(value: object, echo: Echo) -> str:
    text = printable(str(value), 40)
    return masked(text) if echo.personal else text


_MOST_SHOWN = 20
_VALUE = "."
"""The wire name of the one field of a model that stands for a value."""
