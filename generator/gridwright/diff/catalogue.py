"""Every rule, by id and by chapter, and the page that lists them."""

from collections.abc import Mapping
from types import MappingProxyType

from gridwright.diff import attributes
from gridwright.diff.rule import ChangeRule
from gridwright.diff.rules import (
    access,
    allowed,
    amendments,
    codes,
    documents,
    elements,
    envelopes,
    fields,
    harvests,
    helpers,
    limits,
    namespaces,
    operations,
    readings,
    recorded,
    records,
    requirements,
    soap,
    statuses,
    types,
    units,
    unsaid,
)
from gridwright.diff.verdicts import Level

__all__ = ["CATALOGUE", "CHAPTERS", "catalogue_page"]

CHAPTERS: tuple[tuple[str, tuple[ChangeRule, ...]], ...] = (
    ("The document and the whole system", documents.RULES),
    ("Amendments and sources", amendments.RULES),
    ("Operations", operations.RULES),
    ("Containers of a message", elements.RULES),
    ("Records", records.RULES),
    ("Fields", fields.RULES),
    ("Types of fields", types.RULES),
    ("What values may be", allowed.RULES),
    ("Series and readings", readings.RULES),
    ("Code lists", codes.RULES),
    ("Units that a spec declares", units.RULES),
    ("Namespaces that a spec declares", namespaces.RULES),
    ("Rules across fields", requirements.RULES),
    ("Paging and reconciling", helpers.RULES),
    ("Harvests", harvests.RULES),
    ("Envelopes and errors", envelopes.RULES),
    ("Servers, credentials, logins", access.RULES),
    ("Statuses", statuses.RULES),
    ("SOAP", soap.RULES),
    ("Limits", limits.RULES),
    ("What an import left out", unsaid.RULES),
    ("What shapes no interface", recorded.RULES),
    ("What no rule judges yet", attributes.RULES),
)

CATALOGUE: Mapping[str, ChangeRule] = MappingProxyType(
    {rule.id: rule for _, rules in CHAPTERS for rule in rules}
)
"""Every rule by its id."""

_INTRODUCTION = """\
<!-- Rendered from generator/gridwright/diff/ by `make golden`. -->
# Rules of `gridwright diff`

What `gridwright diff` finds, {count} rules in all, and what it says about each. \
[diff.md](diff.md) tells how to read and use it. Each rule has a pair of specs that shows it, and \
one that does not, in `tests/diff/rules/`.

The columns:

- **Document**: how much of what a reader of the document knew has changed.
- **Old → new**: whether a client of the old package still works with the new server, or the new \
mock.
- **New → old**: whether a client of the new package works with the old server, or the old mock.
- **Python**: whether calling code still type-checks and runs as it did.

What is judged is calls that both packages can express. A caller who uses what is new against a \
service that is old may always be refused.
"""


def catalogue_page() -> str:
    """Return docs/diff-rules.md."""
    parts = [_INTRODUCTION.format(count=len(CATALOGUE))]
    for chapter, rules in CHAPTERS:
        rows = "".join(
            f"| `{rule.id}` | {rule.title} | {_cell(rule.document)} "
            f"| {_cell(rule.wire.old_client)} | {_cell(rule.wire.new_client)} "
            f"| {_cell(rule.python)} |\n"
            for rule in rules
        )
        parts.append(
            f"\n## {chapter}\n\n| Rule | What happened | Document | Old → new | New → old | Python "
            f"|\n|---|---|---|---|---|---|\n{rows}"
        )
    return "".join(parts)


def _cell(level: Level) -> str:
    return f"**{level}**" if level is Level.BREAKING else str(level)
