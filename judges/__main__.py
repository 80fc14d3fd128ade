"""Run the judges: ``python -m judges [--only NAME] [--system SYSTEM] [--json FILE]``."""

import argparse
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from judges import clients, documents, messages, postman, schemathesis, soap, web_page
from judges.mocks import running
from judges.outcome import exit_status
from judges.tools import ROOT, ToolMissing
from judges.verdict import Exchange, Judge, Mock, Verdict

JUDGES: Sequence[Judge] = (
    *documents.JUDGES,
    *postman.JUDGES,
    *clients.JUDGES,
    *schemathesis.JUDGES,
    *soap.JUDGES,
    *messages.JUDGES,
    *web_page.JUDGES,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix; 0 where every judge that ran found nothing."""
    known = sorted(path.parent.name for path in (ROOT / "specs").glob("*/interface.yaml"))
    names = [judge.name for judge in JUDGES]
    parser = argparse.ArgumentParser(prog="python -m judges", description=__doc__)
    parser.add_argument("--only", action="append", choices=names, default=[])
    parser.add_argument("--system", action="append", choices=known, default=[])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the matrix there as well")
    options = parser.parse_args(arguments)
    systems = [name for name in known if name in options.system or not options.system]
    judges = [judge for judge in JUDGES if judge.name in options.only or not options.only]
    matrix: dict[str, dict[str, Verdict]] = {judge.name: {} for judge in judges}
    for system in systems:
        exchanges: list[Exchange] = []
        for judge in judges:
            with running(system, exchanges) as mock:  # a new one: what was saved is forgotten
                matrix[judge.name][system] = _asked(judge, mock)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(_table(judges, systems, matrix))
    if options.json:
        rows = {name: {s: [v.word, v.note] for s, v in row.items()} for name, row in matrix.items()}
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return exit_status(verdict for row in matrix.values() for verdict in row.values())


def _asked(judge: Judge, mock: Mock) -> Verdict:
    mock.judge = judge.name
    try:
        return judge.run(mock)
    except ToolMissing as missing:
        return Verdict("not run", str(missing))
    except Exception as error:  # one judge's accident must not silence the others
        traceback.print_exc()
        return Verdict("failed", f"{type(error).__name__}: {error}"[:500])


def _table(
    judges: Sequence[Judge], systems: Sequence[str], matrix: dict[str, dict[str, Verdict]]
) -> str:
    lines = [f"| judge | {' | '.join(systems)} |", f"|---|{'---|' * len(systems)}"]
    notes = []
    for judge in judges:
        row = matrix[judge.name]
        lines.append(f"| {judge.name} | {' | '.join(row[s].word for s in systems)} |")
        notes += [
            f"{judge.name}, {s}: {row[s].word}: {row[s].note}"
            for s in systems
            if row[s].word in ("failed", "not run")
        ]
    return "\n".join([*lines, "", *notes])


if __name__ == "__main__":
    raise SystemExit(main())
