"""The Markdown of a pull request with ten changes of several kinds, as its reviewer reads it."""

import pytest

from gridwright.diff.report import Report
from gridwright.diff.report_markdown import markdown_report

from .support import HERE, Tree, changes_between, tree_of

FOLDER = HERE / "pull_request"


def test_a_pull_request_with_ten_mixed_changes(update_golden: bool) -> None:
    case: Tree = tree_of((FOLDER / "changes.yaml").read_bytes())
    changes = changes_between(
        {},
        case["new"],
        old_amendments=case["old_amendments"],
        new_amendments=case["new_amendments"],
    )
    report = Report(
        old="origin/main", new="HEAD", changes=changes, accepted={}, void=(), same=("other",)
    )
    golden, actual = FOLDER / "expected.md", markdown_report(report)
    expected = golden.read_text(encoding="utf-8") if golden.is_file() else ""
    if update_golden and actual != expected:
        golden.write_text(actual, encoding="utf-8")
        pytest.fail("rewrote expected.md: read the diff, then run without the flag")
    assert actual == expected
