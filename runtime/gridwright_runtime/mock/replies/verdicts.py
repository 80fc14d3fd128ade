"""Write success and failure as the document's verdict has it, in every format.

Of the fields that a verdict has beside code, message, kind and the values of success, nothing is
known but that documents put the time there: `TIME` stands for it until a reply leaves.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ...errors import AuthenticationError, RejectedError
from ...interface import Case, Format, Operation, Verdict
from ..inventing.values import kind_of
from ..texts.json_kinds import as_json_kind
from ..texts.wire import WireTree
from ..world import Refusal
from .refusal_forms import error_of

__all__ = [
    "TIME",
    "as_kind",
    "credential_code",
    "failed",
    "failing_fields",
    "in_pieces",
    "stands_in_list",
    "succeeded",
]

TIME = "\ue000the present\ue001"


def succeeded(operation: Operation[Any], format: Format, payload: object = None) -> WireTree:
    """Return what a successful message holds of its verdict.

    Args:
        operation: the operation.
        format: of the reply.
        payload: what stands at the root beside it, whose own words are kept.
    """
    verdict = operation.verdict
    if verdict is None or format not in verdict.formats or verdict.root:
        return {}
    if verdict.is_optional and not verdict.success:
        return {}  # what is there speaks of a failure
    around = _verdict_holder(verdict, payload)
    found: WireTree = {}
    for wire in _fields_of(verdict):
        if wire in verdict.success:
            values = verdict.success[wire]
            said = around.get(wire)
            kept = (
                said
                if _as_text(said) in values and wire in around
                else _typed(operation, wire, values[0] if values else "")
            )
            found[wire] = kept
        elif wire == verdict.message:
            found[wire] = around.get(wire, "" if verdict.fields else "OK")
        elif wire == verdict.code or wire == verdict.kind:
            found[wire] = around.get(wire, "")
        else:
            found[wire] = around.get(wire, TIME)
    return _nest(verdict, found)


def failed(
    operation: Operation[Any], verdict: Verdict, refusal: Refusal, case: Case | None = None
) -> WireTree:
    """Return what a message of failure holds of its verdict.

    Args:
        operation: the operation.
        verdict: by which it is to be judged.
        refusal: what is wrong.
        case: the case of the verdict that is to hold; None: none.
    """
    found = failing_fields(operation, verdict, refusal)
    return _nest(verdict, found) if case is None else _as_case(verdict, case, found)


def failing_fields(operation: Operation[Any], verdict: Verdict, refusal: Refusal) -> WireTree:
    """Return the fields by which a verdict says that something failed."""
    found: WireTree = {}
    for wire in _fields_of(verdict):
        if wire == verdict.message:
            found[wire] = refusal.text
        elif wire == verdict.code:
            found[wire] = refusal.code
        elif wire == verdict.kind:
            found[wire] = _kind_of(verdict, refusal)
        elif wire in verdict.success:
            found[wire] = _typed(operation, wire, _other_than(verdict.success[wire]))
        else:
            found[wire] = TIME
    return found


def _as_case(verdict: Verdict, case: Case, fields: WireTree) -> WireTree:
    """Return a message for which a case holds."""
    found = fields | {wire: values[0] for wire, values in case.when.items()}
    for wire, text in case.contains.items():
        said = str(found.get(wire, ""))
        found[wire] = said if text in said else f"{text} ({said})" if said else text
    # What must not be there may be what holds the fields.
    is_lacking = bool(case.lacks) and verdict.under[: len(case.lacks)] == case.lacks
    message = {} if is_lacking else _nest(verdict, found)
    holder = message
    for step in case.has[:-1]:
        holder = holder.setdefault(step, {})  # type: ignore[assignment]  # a mapping
    if case.has:
        holder.setdefault(case.has[-1], "mock")
    return message


def stands_in_list(operation: Operation[Any], format: Format) -> bool:
    """Say whether a failure stands inside the list, in place of records."""
    verdict = operation.verdict
    return (
        verdict is not None
        and verdict.in_list
        and operation.reply.shape == "list"
        and format not in verdict.formats
    )


def in_pieces(verdict: Verdict, refusal: Refusal, repeat: int = 1) -> list[WireTree]:
    """Write a failure into a list: one element with the text, the next with the code."""
    pair: list[WireTree] = []
    if verdict.message:
        pair.append({verdict.message: refusal.text})
    if verdict.code:
        pair.append({verdict.code: refusal.code})
    return [dict(item) for _ in range(repeat) for item in pair]


def credential_code(verdict: Verdict | None) -> str | None:
    """Return the service's own code for a bad credential, where one is known."""
    if verdict is None:
        return None
    rules = [*verdict.errors.items()]
    for case in verdict.cases:
        if case.meaning is not None:
            rules += [(code, case.meaning) for code in case.when.get(verdict.code, ())]
    return next((code for code, rule in rules if rule.error is AuthenticationError), None)


def _fields_of(verdict: Verdict) -> list[str]:
    """Return the fields of a verdict, in the document's order where that is known."""
    if verdict.fields:
        known = [verdict.code, verdict.message, verdict.kind, *verdict.success]
        return list(dict.fromkeys([*verdict.fields, *(wire for wire in known if wire)]))
    named = [verdict.code, verdict.message, verdict.kind, *verdict.success]
    return list(dict.fromkeys(wire for wire in named if wire))


def _nest(verdict: Verdict, fields: WireTree) -> WireTree:
    for step in reversed(verdict.under):
        fields = {step: fields}
    return fields


def _verdict_holder(verdict: Verdict, payload: object) -> Mapping[str, object]:
    holder = payload
    for step in verdict.under:
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    return holder if isinstance(holder, Mapping) else {}


def _kind_of(verdict: Verdict, refusal: Refusal) -> str:
    """Return the kind of failure that a refusal is."""
    wanted = error_of(refusal)
    kinds = verdict.kinds.items()
    exact = next((wire for wire, known in kinds if known.error is wanted), None)
    if exact is not None:
        return exact
    otherwise = next((wire for wire, known in kinds if known.error is RejectedError), None)
    if otherwise is not None:
        return otherwise
    first = next(iter(verdict.kinds), "")
    return first or _other_than(verdict.success.get(verdict.kind, ()))


def _other_than(values: tuple[str, ...]) -> str:
    """Return a value of failure for a field whose values of success are known."""
    for value in values:
        other = _OPPOSITES.get(value.lower(), "")
        if other and other not in values:
            return other.upper() if value.isupper() else other
    return next(other for other in ("N", "mock-failure", "mock-no") if other not in values)


def _typed(operation: Operation[Any], wire: str, text: str) -> object:
    """Return a value of a verdict as its field has it: JSON has numbers and booleans, too."""
    verdict, reply = operation.verdict, operation.reply
    if verdict is None or text == "":
        return text
    if not reply.payload and not verdict.under and reply.model is not None:
        for info in msgspec.structs.fields(reply.model):
            if info.encode_name == wire:
                return as_kind(kind_of(info)[0], text)
    if reply.check_message is None:
        return text
    kinds: tuple[type, ...] = (str, int, bool)
    for kind in kinds:
        value = as_kind(kind, text)
        if type(value) is not kind:
            continue
        message = _nest(verdict, {wire: value})
        problems = reply.check_message(message, "")
        if not any(p.wire == wire and p.rule in _OF_TYPES for p in problems):
            return value
    return text


def as_kind(kind: Any, text: str) -> object:
    """Return a text as a kind of value, where it is one; else the text."""
    if wanted := getattr(kind, "json", ""):
        return as_json_kind(text, wanted)
    if kind is bool:
        return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)
    if kind is int:
        return int(text) if text.lstrip("-").isdigit() else text
    return text


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_OF_TYPES = ("not-text", "not-number", "wrong-type")
_OPPOSITES = {
    "y": "n",
    "yes": "no",
    "true": "false",
    "t": "f",
    "1": "0",
    "0": "1",
    "00": "99",
    "ok": "error",
    "success": "failure",
}
