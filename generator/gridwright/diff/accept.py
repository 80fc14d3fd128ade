"""Acceptances: changes that somebody has agreed to, with the reason, in a committed file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.diff.verdicts import Change
from gridwright.source import Node, read_yaml

__all__ = ["Acceptance", "applied", "read_acceptances"]

_KEYS = ("change", "rule", "place", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One change that is agreed to.

    Attributes:
        fingerprint: that of the change.
        rule: its rule, for readers and as a check.
        place: its place, for readers and as a check.
    """

    fingerprint: str
    rule: str
    place: str
    reason: str
    span: Span


def read_acceptances(data: bytes, file: str) -> tuple[tuple[Acceptance, ...], list[Diagnostic]]:
    """Read the file; whatever is wrong in it is reported, and nothing of it is accepted."""
    root, problems = read_yaml(data, file)
    if root is None:
        return (), problems
    if root.items is None:
        message = "the file of acceptances is no list"
        help_text = "write `- {change: …, rule: …, place: …, reason: …}` for each"
        return (), [*problems, Diagnostic(root.span, "wrong-shape", message, help_text)]
    found: dict[str, Acceptance] = {}
    for item in root.items:
        wrong = list(_wrong(item))
        problems += wrong
        if wrong:
            continue
        acceptance = Acceptance(
            fingerprint=item.string("change"),
            rule=item.string("rule"),
            place=item.string("place"),
            reason=item.string("reason").strip(),
            span=item.span,
        )
        first = found.setdefault(acceptance.fingerprint, acceptance)
        if first is not acceptance:
            message = f"change {acceptance.fingerprint!r} is accepted twice"
            problems.append(
                Diagnostic(item.span, "duplicate-key", message, f"first at {first.span}")
            )
    return (() if problems else tuple(found.values())), problems


def applied(
    changes: Iterable[Change], acceptances: Iterable[Acceptance]
) -> tuple[Mapping[str, Acceptance], tuple[Acceptance, ...]]:
    """Match acceptances with changes.

    Returns:
        The acceptances that hold, by fingerprint, and those that match nothing any more.
    """
    known = {(c.fingerprint, c.rule, c.place) for c in changes}
    held: dict[str, Acceptance] = {}
    void: list[Acceptance] = []
    for acceptance in acceptances:
        if (acceptance.fingerprint, acceptance.rule, acceptance.place) in known:
            held[acceptance.fingerprint] = acceptance
        else:
            void.append(acceptance)
    return held, tuple(void)


def _wrong(item: Node) -> Iterable[Diagnostic]:
    if item.entries is None:
        message = "an acceptance is no mapping"
        yield Diagnostic(item.span, "wrong-shape", message, f"write {', '.join(_KEYS)}")
        return
    for entry in item.entries:
        if entry.key not in _KEYS:
            message = f"an acceptance has an unknown key {entry.key!r}"
            yield Diagnostic(entry.key_span, "unknown-key", message, nearest(entry.key, _KEYS))
    for key in _KEYS:
        if item.get(key) is None:
            message = f"an acceptance lacks the key {key!r}"
            yield Diagnostic(item.span, "missing-key", message, f"add `{key}:`")
        elif not item.string(key).strip():
            message = f"{key!r} of an acceptance is empty"
            yield Diagnostic(item.span, "empty-value", message, f"say the {key}")
