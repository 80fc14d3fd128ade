"""Tell whether a kept result came of the password at hand, without keeping the password.

What is kept would take long to guess the password from: a salted scrypt hash. Never compares texts
in a time that depends on them.
"""

import hmac
import os
from hashlib import scrypt

__all__ = ["fits", "prove"]


def prove(password: str, *, cost: int) -> str:
    """Return a proof of a password: a cost, a salt and a hash, which differs from time to time.

    Args:
        password: what is to be proved.
        cost: scrypt's n, a power of two; each guess takes as long, and a kibibyte as many times.
    """
    salt = os.urandom(16)
    return f"{cost}:{salt.hex()}:{_hash(password, salt, cost)}"


def fits(proof: str, password: str) -> bool:
    """Say whether a proof was made of this password; False for what is no proof."""
    cost, _, rest = proof.partition(":")
    salt, _, hashed = rest.partition(":")
    try:
        found = _hash(password, bytes.fromhex(salt), int(cost))
    except (ValueError, TypeError, OverflowError):
        return False
    return hmac.compare_digest(found.encode(), hashed.encode())


def _hash(password: str, salt: bytes, cost: int) -> str:
    # HMAC fills short keys up with zeros: without a last byte of ours "a" would fit "a\0".
    key = password.encode("utf-8", "surrogatepass") + b"\1"
    return scrypt(key, salt=salt, n=cost, r=8, p=1, dklen=32).hex()
