"""List what an import could not say in the words of a spec, and what a person has to decide."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Left", "Unsaid", "counts", "short", "unsaid_text"]

_LONGEST = 120


@dataclass(frozen=True, slots=True, order=True)
class Left:
    """One thing that was left out.

    Attributes:
        place: in the file.
        what: the word of OpenAPI, or a few words of ours.
        value: what stands there, as far as it fits.
        operation: the operation that lacks it; "" where several share it.
    """

    place: str
    what: str
    value: str = ""
    operation: str = ""

    def __str__(self) -> str:
        said = "" if self.place.endswith(f"/{self.what}") else f": {self.what}"
        return f"{self.place}{said}" + (f": {self.value}" if self.value else "")


@dataclass(slots=True)
class Unsaid:
    """A list that grows while a file is read: what was left out, and what is to be decided."""

    left: dict[Left, None] = field(default_factory=dict)
    decisions: dict[str, dict[str, None]] = field(default_factory=dict)
    operation: str = ""

    def leave(self, place: str, what: str, value: object = None, *, own: bool = False) -> None:
        """Note something that is left out; ``own`` where it concerns the operation alone."""
        said = "" if value is None else short(value)
        self.left[Left(place, what, said, self.operation if own else "")] = None

    def decide(self, what: str) -> None:
        """Note what a person has to decide about the operation that is being read."""
        self.decisions.setdefault(self.operation or "all", {})[what] = None


def short(value: object) -> str:
    """Return a value as one line; what is too long ends in a digest, so that changes show."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) <= _LONGEST:
        return line
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{line[:_LONGEST]}… ({digest})"


def unsaid_text(left: Iterable[Left], decisions: Mapping[str, Iterable[str]], file: str) -> str:
    """Return the list as YAML."""
    head = [
        f"# What `gridwright import` left out of {file}, and what a person has to decide.",
        "# The next import and `gridwright diff` compare it; reviews go into interface.yaml.",
    ]
    rows = [*head, "decide:" if decisions else "decide: {}"]
    for name in decisions:
        rows += [f"  {name}:", *(f"    - {_quoted(line)}" for line in decisions[name])]
    listed = list(left)
    rows.append("left_out:" if listed else "left_out: []")
    for one in listed:
        parts = {"operation": one.operation, "place": one.place, "what": one.what}
        parts["value"] = one.value
        said = ", ".join(f"{key}: {_quoted(text)}" for key, text in parts.items() if text)
        rows.append(f"  - {{{said}}}")
    return "\n".join(rows) + "\n"


def counts(left: Iterable[Left]) -> list[tuple[str, int]]:
    """Return how often each word was left out, the most frequent first."""
    return Counter(one.what for one in left).most_common()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
