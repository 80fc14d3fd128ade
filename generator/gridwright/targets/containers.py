"""Group the fields of a record by the containers in which they stand, for schemas."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gridwright.ir import Field
from gridwright.targets.python import model_fields

__all__ = ["Level", "json_key", "level_of"]

TEXT = "."


@dataclass(frozen=True, slots=True)
class Level:
    """What stands in one element or object.

    Attributes:
        fields: wire name, field and label of each; series are unfolded.
        inner: the containers within, by wire name.
    """

    fields: list[tuple[str, Field, str]] = field(default_factory=list)
    inner: dict[str, "Level"] = field(default_factory=dict)

    @property
    def attributes(self) -> list[tuple[str, Field, str]]:
        """The fields that are attributes in XML."""
        return [item for item in self.fields if item[0].startswith("@")]

    @property
    def text(self) -> Field | None:
        """The field that is the text of the element itself; None: it has none."""
        return next((one for wire, one, _ in self.fields if wire == TEXT), None)

    @property
    def elements(self) -> list[tuple[str, Field, str]]:
        """The fields that are elements of their own in XML."""
        return [item for item in self.fields if item[0] != TEXT and item[0][:1] != "@"]

    @property
    def is_optional(self) -> bool:
        """Whether nothing of it must be there."""
        own = all(one.optional and not one.required for _, one, _ in self.fields)
        return own and all(level.is_optional for level in self.inner.values())


def level_of(fields: Iterable[Field]) -> Level:
    """Group the fields of a record; headers of a reply stand in no message."""
    root = Level()
    for one in fields:
        if one.in_header:
            continue
        level = root
        for step in one.under:
            level = level.inner.setdefault(step, Level())
        level.fields.extend((wire, known, label) for _, wire, known, label in model_fields((one,)))
    _own_texts(root)
    return root


def json_key(wire: str) -> str:
    """Return the key in JSON of what is an attribute in XML."""
    return wire.removeprefix("@")


def _own_texts(level: Level) -> None:
    """Move a field that has the name of a container into it: it is its text."""
    for name, inner in level.inner.items():
        for item in level.fields:
            if item[0] == name:
                inner.fields.insert(0, (TEXT, replace(item[1], wire=TEXT), item[2]))
                level.fields.remove(item)
                break
        _own_texts(inner)
