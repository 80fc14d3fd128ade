"""Facts of the spec that OpenAPI has no word for, as they stand in ``x-gridwright``."""

from typing import Any

from gridwright.analysis.type_words import describe_type
from gridwright.ir import Citation, DecimalType, Field, IntegerType, RecordType, TypeRef
from gridwright.targets.value_facts import facts_said

__all__ = ["Json", "drop_empty", "field_facts", "provenance"]

Json = dict[str, Any]


def field_facts(field: Field) -> Json:
    """Return what is known of a field."""
    return drop_empty(
        name=field.name,
        label=field.label,
        type=_type(field.type),
        unit=field.unit or "",
        personal=field.personal,
        secret=field.secret,
        provisional=field.provisional,
        also=[other.name for other in field.also],
        echoes=list(field.echoes),
        missing=list(field.missing),
        says=facts_said(field),
        **provenance(field.cite, field.cite.amended),
    )


def _type(type_: TypeRef) -> str:
    match type_:
        case DecimalType(precision=int(precision), scale=scale):
            return f"decimal({precision},{scale})" if scale is not None else f"decimal({precision})"
        case IntegerType(digits=int(digits)):
            return f"integer({digits})"
        case RecordType(record=record):
            return f"record {record}"
        case _:
            return describe_type(type_)


def provenance(cite: Citation, amended: tuple[str, ...]) -> Json:
    """Return where a fact stands, and how strong it is where it is not printed."""
    return {
        "at": str(cite),
        "basis": "" if cite.basis.value == "document" else cite.basis.value,
        "reason": cite.reason,
        "amended": list(amended),
    }


def drop_empty(**values: object) -> Json:
    """Keep what says something: an absent key, a no and an empty list say the same."""
    return {key: value for key, value in values.items() if value not in (None, "", False, [], {})}
