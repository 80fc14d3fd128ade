"""What scripts in other environments say of each operation that they called."""

from judges.verdict import Mock, Verdict, failed, passed

__all__ = ["judged_calls"]


def judged_calls(mock: Mock, text: str) -> Verdict:
    """Judge a script that prints, for each operation, its name and ``ok`` or what was wrong."""
    said = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    names = [o["name"] for o in mock.interface["operations"] if not o.get("known_by_example")]
    if lacking := [name for name in names if name not in said]:
        return failed(f"not called: {', '.join(lacking)}: {text[-500:]}")
    wrong = [f"{name}: {said[name]}" for name in names if not said[name].startswith("ok ")]
    return failed("; ".join(wrong)[:900]) if wrong else passed(f"{len(names)} operations")
