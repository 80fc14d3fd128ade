"""Redocly's diff judges ours, ``python -m judges.changes``: what it finds, ours must find too.

The pairs are those by which the tests show each rule of `gridwright diff`. Both sides are exported
as OpenAPI; where the exports differ, Redocly rates each change by the version that it asks for:
major, minor or patch. Ours must be no milder, but for the pairs of `MILDER`, each with its reason.
"""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.diff.support import base, patched, seen_of
from tests.diff.test_rules import CASES, case_of

from gridwright.diff.compare import compare
from gridwright.diff.index import Index
from gridwright.diff.verdicts import Level
from gridwright.targets import as_exported
from gridwright.targets.openapi.document import openapi_document
from judges.outcome import exit_status, printed
from judges.tools import node_tool, run_tool
from judges.verdict import Verdict, failed, passed

__all__ = ["MILDER", "redocly_diff"]

_TOLERANT = "a reply that departs is read, and the departure listed: no call fails by it"
_GROWS = "what was sent so far is still taken; Redocly rates any change of a pattern as major"
_EITHER = "refusal and success are two forms of one reply; Redocly takes the form for the record"
MILDER = {
    "amendment-patch-changed": _GROWS,
    "case-removed": "a refusal that the document no longer describes is an error by its status",
    "failure-in-list-expected": _EITHER,
    "failure-text-read-elsewhere": _EITHER,
    "failures-beside-expected": _EITHER,
    "failures-beside-not-expected": _EITHER,
    "failures-listed-otherwise": _EITHER,
    "gateways-changed": _EITHER,
    "identity-changed": "both pairs are sent before and after; the client alone reads the identity",
    "login-step-renamed": "the name of a login step is ours: nothing on the wire has it",
    "missing-text-said": "the longer text was sent before, too; it is None now",
    "record-opened": "clients take further items of a reply anyway, and list them",
    "reply-code-added": _TOLERANT,
    "reply-code-became-text": _TOLERANT,
    "reply-codes-swapped": _TOLERANT,
    "reply-decimals-grown": _TOLERANT,
    "reply-decimals-shrunk": _TOLERANT,
    "reply-digits-grown": _TOLERANT,
    "reply-digits-shrunk": _TOLERANT,
    "reply-field-became-optional": _TOLERANT,
    "reply-field-marked-otherwise": _TOLERANT,
    "reply-field-wire-names-swapped": "both names are read before and after",
    "reply-json-kind-changed": _TOLERANT,
    "reply-size-grown": _TOLERANT,
    "reply-text-became-code": _TOLERANT,
    "reply-value-narrowed": _TOLERANT,
    "reply-value-widened": _TOLERANT,
    "request-code-became-text": "each code is a text: what was sent so far is still taken",
    "request-decimals-grown": _GROWS,
    "request-digits-grown": _GROWS,
    "request-value-widened": "what was sent so far is still taken, in one form or the other",
    "status-covered-otherwise": "a range of statuses that says the same covers the one",
    "variant-added": "a form extends the record that was read so far",
}
# A side whose body lacks what its envelope fills cannot be generated, and has no export.
_NO_EXPORT = {"body-record-swapped"}
# How bad a change must be at least, by the version that Redocly asks for.
_AT_LEAST = {"major": Level.BREAKING, "minor": Level.SAFE, "patch": Level.NONE}


def redocly_diff() -> Verdict:
    """Compare all pairs whose exports differ."""
    tool = [str(node_tool("redocly")), "diff"]
    compared, said, needed = 0, [], set()
    for path in CASES:
        case = case_of(path)
        both = case.get("both", {})
        old, new = (
            seen_of(patched(base(), both | case.get(side, {})), case.get(f"{side}_amendments"))
            for side in ("old", "new")
        )
        if path.stem in _NO_EXPORT or (sides := (_export(old), _export(new)))[0] == sides[1]:
            continue
        compared += 1
        impacts = _impacts(tool, *sides)
        ours = max((change.level for change in compare(old, new)), default=None)
        for impact, messages in impacts.items():
            if ours is not None and ours >= _AT_LEAST[impact]:
                continue
            if path.stem in MILDER:
                needed.add(path.stem)
            else:
                said.append(f"{path.stem}: {impact}, ours {ours}: {messages[0]}")
    said += [f"{name}: a reason that is needed no more" for name in MILDER.keys() - needed]
    return failed("; ".join(said)[:2000]) if said else passed(f"{compared} pairs of specs")


def _impacts(tool: list[str], old: Any, new: Any) -> dict[str, list[str]]:
    with TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("old.json", "new.json")]
        for file, document in zip(files, (old, new), strict=True):
            file.write_text(json.dumps(document), encoding="utf-8")
        options = ["--format", "json", "--fail-on", "none"]
        _, text = run_tool([*tool, *map(str, files), *options])
    found: dict[str, list[str]] = {}
    for change in json.loads(text[text.index('{\n  "reportVersion"') : text.rindex("}") + 1])[
        "changes"
    ]:
        for verdict in change["verdicts"]:
            found.setdefault(verdict["impact"], []).append(verdict["message"])
    return found


def _export(seen: Index) -> Any:
    """Return the OpenAPI form of a side in the words of OpenAPI alone, without extensions."""
    http = tuple(o for o in seen.interface.operations if o.protocol == "http")
    return _plain(openapi_document(as_exported(replace(seen.interface, operations=http))))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if not key.startswith("x-")}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def main() -> int:
    """Print the verdict; 0 where nothing was found, or where the judge may be missing."""
    return exit_status([printed("redocly diff against gridwright diff", redocly_diff)])


if __name__ == "__main__":
    raise SystemExit(main())
