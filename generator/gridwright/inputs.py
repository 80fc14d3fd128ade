"""Digest of all that a system's files are made from: specs, templates, generator, tools."""

import hashlib
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["input_digest", "tool_digest"]

# What shapes the bytes of the output; its version is part of the input.
_TOOLS = ("black", "datamodel-code-generator", "isort", "jinja2", "lxml")


def input_digest(tools: str, files: Sequence[Path], package: str, carry_spec: bool = False) -> str:
    """Return the digest of a system's spec files, seen with these tools."""
    total = hashlib.sha256(f"{tools}\n{package}\n{carry_spec}\n".encode())
    for path in files:
        _add(total, path.name, path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def tool_digest(templates: Path) -> str:
    """Return the digest of the generator, its templates and the tools that it uses."""
    total = hashlib.sha256()
    generator = Path(__file__).resolve().parent
    for root in (generator, templates):
        for path in _sources(root):
            _add(total, path.relative_to(root).as_posix(), path.read_bytes())
    for tool in _TOOLS:
        try:
            _add(total, tool, version(tool).encode())
        except PackageNotFoundError:
            _add(total, tool, b"")
    return total.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    wanted = {".py", ".json", ".j2", ".jinja2"}
    yield from sorted(
        p for p in root.rglob("*") if p.suffix in wanted and "__pycache__" not in p.parts
    )


def _add(total: "hashlib._Hash", name: str, data: bytes) -> None:
    total.update(f"{len(name)} {name} {len(data)}\n".encode())
    total.update(data)
