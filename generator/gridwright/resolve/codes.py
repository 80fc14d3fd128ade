"""Resolve code lists."""

from gridwright.ir import (
    Code,
    CodeList,
)
from gridwright.resolve.context import (
    Context,
    cite,
)
from gridwright.source import Entry
from gridwright.spec_names import is_reserved

__all__ = ["resolve_codes"]


def resolve_codes(entry: Entry, context: Context) -> CodeList:
    """Resolve a code list, and report names that cannot be given."""
    citation = cite(entry.value, context, f"code list {entry.key!r}")
    names: dict[str, Entry] = {}
    for value in entry.value.children("values"):
        name = value.value.string("name")
        if name in names:
            context.report(
                value.key_span,
                "name-collision",
                f"two codes are called {name!r}",
                f"first declared at {names[name].key_span}",
            )
        if is_reserved(name):
            context.report(
                value.key_span,
                "reserved-name",
                f"{name!r} is a word of Python",
                "choose another `name:`",
            )
        names.setdefault(name, value)
    return CodeList(
        name=entry.key,
        en=entry.value.string("en"),
        values=tuple(
            Code(
                value=e.key,
                name=e.value.string("name"),
                label=e.value.string("label"),
                en=e.value.string("en") or e.value.string("name").replace("_", " "),
                cite=cite(e.value, context, f"code {e.key!r}", citation),
            )
            for e in entry.value.children("values")
        ),
        cite=citation,
        span=entry.key_span,
    )
