"""Describe in words what fills a value that is sent."""

from typing import assert_never

from gridwright.ir import (
    Argument,
    Basic,
    Filled,
    FormatWord,
    Hole,
    Source,
    Text,
    UsernameToken,
    referred,
)

__all__ = ["describe_filled", "source_words"]


def source_words(source: Source) -> str:
    """Say what fills a value."""
    match source:
        case Text(constant=str() as constant):
            return f"always {constant!r}"
        case Text(pieces=(Hole() as hole,)):
            return _hole(hole)
        case Text(pieces=pieces):
            texts = [p if isinstance(p, str) else f"{{{_hole(p)}}}" for p in pieces]
            return f"the text {''.join(texts)!r}"
        case Basic():
            names = " and ".join(f"{kind} {name}" for kind, name in referred(source))
            return f"HTTP Basic authentication: {names}"
        case UsernameToken(is_digest=is_digest):
            names = " and ".join(f"{kind} {name}" for kind, name in referred(source))
            return f"the {'digest' if is_digest else 'text'} of WS-Security: {names}"
        case FormatWord(words=words):
            return "the format: " + ", ".join(f"{word} for {name}" for name, word in words)
        case Filled():
            return describe_filled(source)
        case Argument():
            return "the caller"
        case _:
            assert_never(source)


def _hole(hole: Hole) -> str:
    return f"{hole.kind} {hole.name}{f'.{hole.part}' if hole.part else ''}"


def describe_filled(source: Filled) -> str:
    """Say what the runtime fills in."""
    match source.with_:
        case "uuid":
            return "a new identifier for each call"
        case "serial":
            return "a number that only grows"
        case "now":
            return "the time at which the request leaves"
        case "service":
            return "the wire name of the operation"
        case "option":
            return f"option {source.name} of the client"
        case _:
            assert_never(source.with_)
