"""Group the fields of a record by the containers in which they stand, for schemas."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gridwright.ir import Field
from gridwright.targets.python import model_fields

__all__ = ["Container", "container_of", "json_key"]

TEXT = "."


@dataclass(frozen=True, slots=True)
class Container:
    """What stands in one element or object.

    Attributes:
        fields: wire name, field and label of each; series are unfolded.
        inner: the containers within, by wire name.
    """

    fields: list[tuple[str, Field, str]] = field(default_factory=list)
    inner: dict[str, "Container"] = field(default_factory=dict)

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
        return own and all(container.is_optional for container in self.inner.values())


def container_of(fields: Iterable[Field]) -> Container:
    """Group the fields of a record; headers of a reply stand in no message."""
    root = Container()
    for one in fields:
        if one.in_header:
            continue
        container = root
        for step in one.under:
            container = container.inner.setdefault(step, Container())
        container.fields.extend(
            (wire, known, label) for _, wire, known, label in model_fields((one,))
        )
    _own_texts(root)
    return root


def json_key(wire: str) -> str:
    """Return the key in JSON of what is an attribute in XML."""
    return wire.removeprefix("@")


def _own_texts(container: Container) -> None:
    """Move a field that has the name of a container into it: it is its text."""
    for name, inner in container.inner.items():
        for item in container.fields:
            if item[0] == name:
                inner.fields.insert(0, (TEXT, replace(item[1], wire=TEXT), item[2]))
                container.fields.remove(item)
                break
        _own_texts(inner)
