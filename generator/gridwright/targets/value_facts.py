"""Describe what values may be beside their type, for readers and for JSON Schema."""

from typing import Any

from gridwright.ir import Field, ListType, NumberRange, Sizes, TextType, TypeRef

__all__ = ["as_json_kind", "facts_said", "has_value_facts", "is_in_bytes", "json_facts"]

# An encoding has no more bytes for a character; a text of so many bytes has at least a part of it.
_MOST_BYTES = 4


def facts_said(field: Field) -> list[str]:
    """Say what the values of a field may be, beside their type."""
    found: list[str] = []
    item = field.item_type
    each = "each " if isinstance(field.type, ListType) else ""
    if field.count is not None:
        found.append(f"{_range(*field.count)} items")
    if field.length:
        encoding = item.encoding if isinstance(item, TextType) else None
        unit = "characters" if encoding is None else f"bytes of {encoding}"
        found.append(f"{each}{' or '.join(_range(*one) for one in field.length)} {unit}")
    if field.range is not None:
        found.append(f"{each}{_numbers(field.range)}")
    if field.matches:
        found.append(f"{each}matches {field.matches}")
    if field.json:
        found.append(f"{each}in JSON a {field.json}")
    return found


def as_json_kind(text: str, kind: str) -> Any:
    """Return a text as the kind of value that JSON has in its place."""
    match kind:
        case "number":
            return int(text)
        case "boolean":
            return text == "true"
        case _:
            return text


def has_value_facts(field: Field) -> bool:
    """Say whether a field says more of its values than their type does."""
    return bool(field.length or field.matches or field.range or field.count)


def _range(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return f"exactly {least}" if least == most else f"{least} to {most}"


def _numbers(numbers: NumberRange) -> str:
    least, most, step = numbers.least, numbers.most, numbers.step
    if least is not None and most is not None:
        found = [f"from {least:f} to {most:f}"]
    elif least is not None:
        found = [f"at least {least:f}"]
    else:
        found = [] if most is None else [f"at most {most:f}"]
    return ", ".join([*found, *([] if step is None else [f"a multiple of {step:f}"])])


# --- JSON Schema ------------------------------------------------------------------------------


def json_facts(field: Field) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a schema of a value of a field says more, and what one of its list says more.

    Texts and numbers are told apart by the words themselves: each says nothing of the other, so a
    number that is written as a text is bounded by no schema.
    """
    item = field.item_type
    value: dict[str, Any] = {}
    if isinstance(item, TextType) and field.length:
        value |= _lengths(field.length, is_in_bytes(item))
    if field.matches:
        value["pattern"] = f"^({field.matches})$"
    if field.range is not None:
        words = ("minimum", "maximum", "multipleOf")
        numbers = (field.range.least, field.range.most, field.range.step)
        value |= {
            word: int(number) if number == int(number) else float(number)
            for word, number in zip(words, numbers, strict=True)
            if number is not None
        }
    count: dict[str, Any] = {}
    if field.count is not None:
        least, most = field.count
        count = {"minItems": least} | ({} if most is None else {"maxItems": most})
    return value, count


def _lengths(length: Sizes, in_bytes: bool) -> dict[str, Any]:
    forms = []
    for least, most in length:
        least = -(-least // _MOST_BYTES) if in_bytes else least
        forms.append({"minLength": least} | ({} if most is None else {"maxLength": most}))
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def is_in_bytes(type_: TypeRef) -> bool:
    """Say whether a text is counted in the bytes of an encoding."""
    return isinstance(type_, TextType) and type_.encoding is not None
