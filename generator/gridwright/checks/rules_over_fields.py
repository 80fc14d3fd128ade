"""A rule over several fields says what its kind needs, and can be kept."""

from collections.abc import Iterator, Mapping

from gridwright.analysis.naming import fields_on, request_record
from gridwright.diagnostics import Diagnostic
from gridwright.ir import (
    Interface,
    Operation,
    Rule,
)
from gridwright.ir.words import RuleKind

__all__ = ["check"]

# Fewest and most fields of a rule, and the key that it needs beside them.
_NEEDS: Mapping[RuleKind, tuple[int, int, str]] = {
    "required_if": (1, 1, "when"),
    "forbidden": (1, 1, "values"),
    "one_of": (2, 99, ""),
    "exactly_one": (2, 99, ""),
    "at_most_one": (2, 99, ""),
    "together": (2, 99, ""),
    "needs": (2, 99, ""),
    "not_after": (2, 2, ""),
    "longest_period": (2, 2, "at_most"),
    "most_items": (1, 1, "values"),
}
_EXAMPLES = {"when": "{FIELD: [VALUE]}", "values": "[VALUE]", "at_most": "P31D"}


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report rules that lack a key, have one too many, or that no request could keep."""
    for operation in interface.operations:
        for rule in () if operation.known_by_example else operation.rules:
            yield from _keys(rule)
            yield from _exclusive(interface, operation, rule)


def _keys(rule: Rule) -> Iterator[Diagnostic]:
    fewest, most, needed = _NEEDS[rule.kind]
    if not fewest <= len(rule.fields) <= most:
        message = f"rule {rule.kind!r} is about {len(rule.fields)} fields"
        wanted = "one rule for each field" if most == 1 else "the fields that it compares"
        yield Diagnostic(rule.span, "wrong-field", message, f"write {wanted}")
    given = {
        "when": bool(rule.when),
        "values": bool(rule.values),
        # A length that cannot be read is given all the same, and reported where it stands.
        "at_most": rule.at_most is not None,
    }
    for key, is_given in given.items():
        if is_given != (key == needed):
            said = "means nothing in" if is_given else "is missing in"
            yield Diagnostic(
                rule.span,
                "misplaced-key" if is_given else "missing-key",
                f"{key!r} {said} rule {rule.kind!r}",
                f"remove `{key}:`" if is_given else f"add `{key}: {_EXAMPLES[key]}`",
            )


def _exclusive(interface: Interface, operation: Operation, rule: Rule) -> Iterator[Diagnostic]:
    """Report a rule that lets one field alone be given, and names one that always is."""
    if rule.kind not in ("exactly_one", "at_most_one"):
        return
    found = (fields_on(interface, request_record(operation), path) for path in rule.fields)
    needed = [fields[-1].wire for fields in found if fields and fields[-1].required]
    if needed:
        yield Diagnostic(
            rule.span,
            "wrong-field",
            f"rule {rule.kind!r} names {needed[0]!r}, which is required: no other could be given",
            "leave the required field out of the rule, or forbid the others",
        )
