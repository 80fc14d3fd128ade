"""`gridwright find`: look a word up in the published interfaces of all systems, offline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from .packages import PackageLocation, facts_of, list_systems
from .usage_error import UsageError

__all__ = ["FoundName", "entries", "find", "nothing_found"]


class FoundName(Struct, frozen=True):
    """Something that has a name: an operation, an argument, a field or a code."""

    system: str
    kind: str
    """``operation``, ``argument``, ``field`` or ``code``."""
    name: str
    """Ours, with what it belongs to: ``get_bill.month``, ``Bill.amount_krw``, ``yes_no.yes``."""
    wire: str
    label: str
    """The document's own words."""
    en: str
    unit: str
    lines: tuple[tuple[int, int], ...]

    @property
    def words(self) -> str:
        """All that is looked in."""
        return folded(f"{self.name} {self.wire} {self.label} {self.en} {self.unit}")

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        return {
            "system": self.system,
            "kind": self.kind,
            "name": self.name,
            "wire": self.wire,
            "label": self.label,
            "en": self.en,
            "unit": self.unit,
            "lines": [list(span) for span in self.lines],
        }

    def __str__(self) -> str:
        labels = ", ".join(text for text in (self.label, self.en) if text)
        unit = f" [{self.unit}]" if self.unit else ""
        wire = f", wire {self.wire}" if self.wire else ""
        return (
            f"{self.system}  {self.kind:<9}  {self.name}{unit}  {labels}{wire}{_cited(self.lines)}"
        )


def find(
    words: Sequence[str], *, place: PackageLocation, systems: Sequence[str], line: int | None
) -> list[FoundName]:
    """Return all that has every one of the words in a name, label or meaning.

    Args:
        words: parts of words, in English or in the documents' language; case does not matter.
        place: where generated packages are looked for.
        systems: those to look in; (): all.
        line: only what cites this line of its document; None: whatever it cites.

    Raises:
        UsageError: nothing is looked for, or a system has no published interface.
    """
    if not words and line is None:
        raise UsageError("say what to look for, such as `gridwright find meter`, or a --line")
    wanted = [folded(word) for word in words]
    found: list[FoundName] = []
    for system in systems or list_systems(place):
        facts = facts_of(place, system)
        if facts is None:
            raise UsageError(
                f"there is no interface.json of {system}: it lies in the folder schemas beside the "
                "generated package (--generated)"
            )
        for entry in entries(system, facts):
            is_there = line is None or any(first <= line <= last for first, last in entry.lines)
            if is_there and all(word in entry.words for word in wanted):
                found.append(entry)
    return found


def nothing_found(words: Sequence[str], systems: Sequence[str]) -> str:
    """Say that nothing has all of the words, and what to do."""
    named = [word for word in words if word in systems]
    if named:
        return (
            f"gridwright: nothing has all of these words; to look in one system alone: "
            f"--only {named[0]}"
        )
    return (
        "gridwright: nothing has all of these words: try one of them, or a part of it, in English "
        f"or in the document's language; systems: {', '.join(systems) or 'none'}"
    )


def entries(system: str, facts: Mapping[str, Any]) -> Iterator[FoundName]:
    """Yield all that has a name in an interface."""

    def entry(
        kind: str, name: str, about: Mapping[str, Any], wire: str, unit: str = ""
    ) -> FoundName:
        lines = tuple((first, last) for first, last in about["cite"].get("lines", ()))
        label = about.get("label", "")
        return FoundName(system, kind, name, wire, label, about.get("en", ""), unit, lines)

    for operation in facts["operations"]:
        name = operation["name"]
        yield entry("operation", name, operation, operation.get("wire_name", ""))
        for parameter in operation.get("parameters", ()):
            yield from _fields("argument", name, [parameter["field"]], entry)
    for record in facts["records"]:
        yield from _fields("field", record["name"], record.get("fields", ()), entry)
    for code_list in facts["codes"]:
        for code in code_list.get("values", ()):
            yield entry("code", f"{code_list['name']}.{code['name']}", code, code.get("value", ""))


def folded(text: str) -> str:
    """Return a text as it is compared: width, case and accents of letters do not matter."""
    return "".join(one for one in normalize("NFKD", text.casefold()) if not "̀" <= one <= "ͯ")


def _fields(
    kind: str, holder: str, fields: Sequence[Mapping[str, Any]], entry: Callable[..., FoundName]
) -> Iterator[FoundName]:
    for field in fields:
        unit = field.get("unit") or ""
        text = unit if isinstance(unit, str) else str(unit.get("symbol") or unit.get("text") or "")
        yield entry(kind, f"{holder}.{field['name']}", field, field.get("wire", ""), text)


def _cited(lines: Sequence[tuple[int, int]]) -> str:
    if not lines:
        return ""
    spans = [str(first) if first == last else f"{first}-{last}" for first, last in lines]
    return f", line{'s' if len(spans) > 1 or '-' in spans[0] else ''} {', '.join(spans)}"
