"""Draw numbers that depend on a seed and a name alone.

What is drawn for one name does not depend on what was drawn before, so a mock may be asked in any
order; and not on the machine or the version of Python either, so that replies can be compared.
"""

from hashlib import blake2b, shake_128

__all__ = ["draw", "draw_many"]


def draw(low: int, high: int, *name: object) -> int:
    """Return a number from ``low`` to ``high``, both included, that belongs to this name."""
    digest = blake2b(_text(name), digest_size=8).digest()
    return low + int.from_bytes(digest, "big") % (high - low + 1)


def draw_many(count: int, low: int, high: int, *name: object) -> list[int]:
    """Return ``count`` numbers from ``low`` to ``high``, both included; high - low < 65536."""
    digest = shake_128(_text(name)).digest(2 * count)
    span = high - low + 1
    return [low + (digest[i] << 8 | digest[i + 1]) % span for i in range(0, 2 * count, 2)]


def _text(name: tuple[object, ...]) -> bytes:
    return "\x1f".join(map(str, name)).encode()
