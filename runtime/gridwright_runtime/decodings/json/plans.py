"""Plan the fast and exact decoding of JSON replies that are just as the document says.

A plan is a chain of msgspec structs along the ways to the payload and to the verdict. They take
no other name, since anything else may be an error: such a body is looked at the forgiving way.
"""

import types
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct

from ...codecs.json_codec import number_kind
from ...interface import Operation, Path, Verdict
from ...record import Record
from ...values.convert import hook_of, shape_of
from ..field_places import is_plain
from ..verdicts import field_names, wire_names

__all__ = ["DecodingPlan", "is_exact", "plan_of"]


class DecodingPlan(Struct, frozen=True, kw_only=True):
    """How to read a reply fast."""

    decode: Callable[[bytes], Any]
    test_numbers: Callable[[bytes], object] | None
    payload: Callable[[Any], Any]
    """Returns the payload of what was decoded; raises AttributeError where the way breaks off."""
    verdict_fields: Callable[[Any], Mapping[str, object] | None]
    """Returns the fields of the verdict in what was decoded; None where they have no place."""
    most: tuple[tuple[bytes, int], ...]
    """How often a body may have a name: the names of a verdict, and those of which two would make
    a guess of what counts."""
    looks_into_records: bool
    """Records could hold such names; else only what stands around them matters."""
    list_name: bytes
    """The name of the list that the reply is, where its records hold lists; else empty."""
    texts: tuple[str, ...]
    """Python names of the text fields of a flat record in a list."""
    refuses_empty: bool
    """A record need not hold anything, so that an object without names would be one."""
    most_fields: int
    """The fields of the largest record of the payload."""


@cache
def plan_of(operation: Operation[Any]) -> DecodingPlan | None:
    """Return the plan of an operation; None: its replies need a closer look."""
    reply, verdict = operation.reply, operation.verdict
    model: type[Record] | None = reply.model
    if model is None or reply.shape not in ("record", "list") or reply.variants or reply.verdict:
        return None
    if not is_exact(model) or not is_plain(model) or reply.layout or _asks_for_more(operation):
        return None
    is_list = reply.shape == "list"
    has_fields = verdict is not None and "json" in verdict.formats and not verdict.root
    placed = verdict if has_fields else None
    if placed is not None and not _is_outside(placed.under, reply.payload, is_list=is_list):
        return None
    if any(_may_hide(operation, one, placed) for one in operation.partial):
        return None
    shape = shape_of(model)
    vouches = placed is not None and not all("" in values for values in placed.success.values())
    if shape.loose and not _is_strict(model) and (is_list or not vouches):
        return None  # another answer would be taken for an empty record
    kind: Any = types.GenericAlias(list, (model,)) if is_list else model
    has_lists = shape.nested or any(field.many for field in shape.fields)
    shell = _shell(kind, (), reply.payload, placed, is_list=is_list)
    # A model that takes no unknown field does not take those of a refusal either.
    is_anywhere = verdict is not None and verdict.in_list
    looks_into = is_anywhere and not _is_strict(model)
    return DecodingPlan(
        decode=msgspec.json.Decoder(shell, dec_hook=hook_of(model)).decode,
        test_numbers=_number_test(reply.payload, kind),
        payload=_getter(reply.payload),
        verdict_fields=_verdict_getter(reply.payload, placed),
        most=tuple(_most(operation, placed, looks_into=looks_into).items()),
        looks_into_records=looks_into,
        list_name=_name(reply.payload[-1]) if is_list and has_lists and reply.payload else b"",
        texts=shape.texts if is_list and not shape.nested else (),
        refuses_empty=shape.loose and (is_list or not vouches),
        most_fields=_most_fields(model),
    )


def _asks_for_more(operation: Operation[Any]) -> bool:
    """Say whether a verdict asks for what no plan looks at."""
    model: type[Record] | None = operation.reply.model
    # A record at the root that takes unknown fields would hide the verdict of a gateway.
    hides = not operation.reply.payload and model is not None and not _is_strict(model)
    return (bool(operation.gateways) and hides) or any(
        case.has or case.lacks or case.roots
        for verdict in operation.verdicts
        for case in verdict.cases
    )


def _may_hide(operation: Operation[Any], failures: Verdict, placed: Verdict | None) -> bool:
    """Say whether a list of failures stands in what a plan takes as it is."""
    model: type[Record] | None = operation.reply.model
    in_verdict = placed is not None and placed.under and _leads(placed.under, failures.under)
    in_payload = _leads(operation.reply.payload, failures.under)
    return bool(in_verdict) or (in_payload and model is not None and not _is_strict(model))


def _leads(path: Path, further: Path) -> bool:
    return further[: len(path)] == path


def is_exact(model: type[Record]) -> bool:
    """Say whether msgspec alone reads records of a model as `convert_record` does."""
    if model.__open__ or model.__filler__ or model.__missing__:
        return False
    fields = shape_of(model).fields
    # msgspec sees one value at a time, and reads numbers that nobody declared as floats.
    if any(field.beside or field.takes_anything for field in fields):
        return False
    if not _is_strict(model):  # a field under another name would seem to be absent
        renamed = set(model.__also__.values())
        if any(field.default and field.wire in renamed for field in fields):
            return False
    return all(is_exact(field.model) for field in fields if field.model)


def _most_fields(model: type[Record]) -> int:
    fields = shape_of(model).fields
    return max(len(fields), *(_most_fields(field.model) for field in fields if field.model), 0)


def _is_strict(model: type[Record]) -> bool:
    return bool(model.__struct_config__.forbid_unknown_fields)


def _is_outside(under: Path, payload: Path, *, is_list: bool) -> bool:
    """Whether a verdict stands neither in the record of the payload nor in its list."""
    return under[: len(payload)] != payload or (is_list and under == payload != ())


def _shell(
    kind: Any, prefix: Path, payload: Path, verdict: Verdict | None, *, is_list: bool
) -> Any:
    """Return the type of what stands at a place on the way to the payload or to the verdict."""
    if prefix == payload:
        return kind
    under = verdict.under if verdict else None
    on_way = payload[: len(prefix)] == prefix
    if verdict is not None and prefix == under and not on_way:
        return dict[str, str | int | None]
    fields: list[Any] = []
    if on_way:
        step = payload[len(prefix)]
        inner = _shell(kind, (*prefix, step), payload, verdict, is_list=is_list)
        # A list has to be there; that a record is missing means something.
        is_needed = is_list and len(payload) == len(prefix) + 1
        fields.append(_field("way", step, inner, is_needed=is_needed))
    if verdict is not None and under is not None:
        if prefix == under:
            fields += [
                (f"v{index}", str | int | None, msgspec.field(name=name, default=None))
                for index, name in enumerate(field_names(verdict))
            ]
        elif under[: len(prefix)] == prefix:
            step = under[len(prefix)]
            if not on_way or step != payload[len(prefix)]:
                inner = _shell(kind, (*prefix, step), payload, verdict, is_list=is_list)
                fields.append(_field("other", step, inner, is_needed=False))
    return msgspec.defstruct("Shell", fields, forbid_unknown_fields=True)


def _field(name: str, wire: str, kind: Any, *, is_needed: bool) -> Any:
    if is_needed:
        return (name, kind, msgspec.field(name=wire))
    return (name, kind | None, msgspec.field(name=wire, default=None))


def _getter(payload: Path) -> Callable[[Any], Any]:
    return attrgetter(".".join(["way"] * len(payload))) if payload else lambda shell: shell


def _verdict_getter(
    payload: Path, verdict: Verdict | None
) -> Callable[[Any], Mapping[str, object] | None]:
    if verdict is None:
        return lambda shell: None
    under, names = verdict.under, field_names(verdict)
    common = 0
    while common < min(len(under), len(payload)) and under[common] == payload[common]:
        common += 1
    is_apart = common < len(under)
    steps = ["way"] * common + ["other"] * (len(under) - common)

    def get_fields(shell: Any) -> Mapping[str, object] | None:
        for step in steps:
            shell = getattr(shell, step, None)
        if shell is None or is_apart:
            return shell  # type: ignore[no-any-return]  # a mapping
        return {name: getattr(shell, f"v{index}") for index, name in enumerate(names)}

    return get_fields


def _number_test(payload: Path, kind: Any) -> Callable[[bytes], object] | None:
    """Return a test that refuses a body in which a decimal is not written as a JSON number.

    msgspec reads a Decimal from a text too, and so takes NaN, 1_5 and the digits of any script for
    numbers. It takes no text for a float. So the test reads the decimals once more, as floats, and
    skips all else; that is quicker than any search in the bytes.

    Returns:
        A function that raises `msgspec.DecodeError`; None: there are no decimals.
    """
    inner = number_kind(kind)
    if inner is None:
        return None
    for step in reversed(payload):
        field = ("way", inner | None, msgspec.field(name=step, default=None))
        inner = msgspec.defstruct("Numbers", [field], gc=False)
    return msgspec.json.Decoder(inner).decode


def _most(
    operation: Operation[Any], placed: Verdict | None, *, looks_into: bool
) -> dict[bytes, int]:
    """Return how often a body may have the names of a verdict, of the ways, and of inner lists."""
    reply, verdict = operation.reply, operation.verdict
    names: dict[str, int] = {}
    if verdict is not None and looks_into:
        names |= dict.fromkeys(wire_names(verdict), 0)
    if placed is not None:
        names |= dict.fromkeys((*placed.under, *wire_names(placed)), 1)
    names |= dict.fromkeys(reply.payload, 1)
    model: type[Record] | None = reply.model
    if reply.shape == "record" and model is not None:
        fields = shape_of(model).fields
        names |= dict.fromkeys((field.wire for field in fields if field.many or field.model), 1)
    return {_name(name): most for name, most in names.items()}


def _name(name: str) -> bytes:
    return f'"{name}"'.encode()
