"""Write lengths of time as ISO 8601 does."""

from datetime import timedelta

__all__ = ["iso"]


def iso(value: timedelta) -> str:
    """Write a length of time as ISO 8601 does: PT15M, P31D."""
    days, seconds = value.days, value.seconds
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n]
    text = f"P{f'{days}D' if days else ''}{'T' + ''.join(parts) if parts else ''}"
    return text if text != "P" else "PT0S"
