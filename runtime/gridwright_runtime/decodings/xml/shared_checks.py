"""What is checked of the elements of any XML message."""

from collections.abc import Mapping
from typing import Any

from ...codecs.body import MalformedBody
from ...interface import Operation
from ...problems import Problem
from ...redact import printable
from ..decoded_body import problem_at
from ..verdicts import places_of, wire_names

__all__ = ["refuse_repeats", "renamed"]


def refuse_repeats(operation: Operation[Any], tree: Mapping[str, object]) -> None:
    """Refuse a message that has its verdict more than once.

    Raises:
        MalformedBody: it has.
    """
    verdict = operation.verdict
    # What says nothing of success is read wherever it stands.
    if verdict is None or not verdict.success or verdict.root:
        return
    found = places_of(verdict, tree)
    if len(found) > 1:
        raise MalformedBody(f"the XML body has {verdict.under[-1]} more than once")
    for _name, fields in found:
        for name in wire_names(verdict):
            if isinstance(fields.get(name), list):
                raise MalformedBody(f"the XML body has {name} more than once")


def renamed(path: str, name: str) -> Problem:
    """Say that an element has another name than in the document."""
    return problem_at(path, "renamed-field", f"is called {printable(name, 60)!r} on the wire")
