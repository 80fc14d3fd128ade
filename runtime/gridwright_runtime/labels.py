"""Labels of the intervals of a day, such as 0015 … 2400."""

__all__ = ["day_labels", "label_minutes", "position_labels"]


def day_labels(first: str, last: str, step_minutes: int) -> tuple[str, ...]:
    """Return the hhmm labels from ``first`` to ``last``, both included."""
    minutes = range(label_minutes(first), label_minutes(last) + 1, step_minutes)
    return tuple(f"{m // 60:02}{m % 60:02}" for m in minutes)


def position_labels(first: str, last: str) -> tuple[str, ...]:
    """Return the numbers from ``first`` to ``last``, both included, as wide as the first."""
    return tuple(str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def label_minutes(label: str) -> int:
    """Return the minutes from midnight that a label names: 2400 is 1440, the next midnight."""
    return int(label[:2]) * 60 + int(label[2:])
