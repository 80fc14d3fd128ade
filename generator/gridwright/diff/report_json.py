"""A report for machines, as `report.schema.json` describes it."""

import json

from gridwright.diff.changelog import changelog_entry
from gridwright.diff.report import Report, review
from gridwright.diff.verdicts import Change, ChangeSide

__all__ = ["json_report"]


def json_report(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(_data(report), ensure_ascii=False, indent=1) + "\n"


def _data(report: Report) -> dict[str, object]:
    return {
        "version": 1,
        "old": report.old,
        "new": report.new,
        "level": report.worst.value,
        "suggested_bump": report.bump.value,
        "unchanged_systems": list(report.same),
        "changes": [_change(change, report) for change in report.changes],
        "void_acceptances": [
            {
                "change": acceptance.fingerprint,
                "rule": acceptance.rule,
                "place": acceptance.place,
                "reason": acceptance.reason,
                "file": acceptance.span.file,
                "line": acceptance.span.line,
            }
            for acceptance in report.void
        ],
        "changelog": "\n".join(changelog_entry(report.changes)),
    }


def _change(change: Change, report: Report) -> dict[str, object]:
    verdicts = change.verdicts
    acceptance = report.accepted.get(change.fingerprint)
    return {
        "fingerprint": change.fingerprint,
        "rule": change.rule,
        "system": change.system,
        "place": change.place,
        "what": change.what,
        "level": change.level.value,
        "old": _end(change.old),
        "new": _end(change.new),
        "verdicts": {
            "document": {"reading": verdicts.reading.value, "level": verdicts.document.value},
            "wire": {
                "old_client_new_server": verdicts.wire.old_client.value,
                "new_client_old_server": verdicts.wire.new_client.value,
            },
            "python": verdicts.python.value,
        },
        "amendments": list(change.amendments),
        "withdrawn": list(change.withdrawn),
        "note": change.note,
        "review": review(change),
        "callers": change.callers,
        "accepted": acceptance.reason if acceptance else None,
    }


def _end(end: ChangeSide | None) -> dict[str, object] | None:
    if end is None:
        return None
    return {
        "file": end.span.file,
        "line": end.span.line,
        "column": end.span.column,
        "document": end.document,
        "document_lines": end.lines,
        "text": end.text,
    }
